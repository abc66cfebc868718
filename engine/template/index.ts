export interface TemplateEnvironment {
  /** Epoch milliseconds. */
  now: number;
  locale?: 'en' | 'ru';
  /** IANA name; UTC without one. */
  timeZone?: string;
}

export interface Template {
  readonly source: string;
  /** Root paths that the template needs, e.g. ['record', 'name'], without repetition. */
  readonly paths: readonly (readonly string[])[];
  /** Root paths read only as the first argument of `default`: they may be absent. */
  readonly optionalPaths: readonly (readonly string[])[];
  /** Throws TaktError TEMPLATE_MISSING, TEMPLATE_RUNTIME, TEMPLATE_BUDGET. */
  render(scope: Record<string, unknown>, env: TemplateEnvironment): string;
}

/** Throws TaktError TEMPLATE_SYNTAX (with a line), TEMPLATE_TOO_LARGE. */
export function compileTemplate(_source: string, _format: 'text' | 'html'): Template {
  throw new Error('in the making');
}
