import { TaktError } from '../errors/index.ts';

/** What a template may know of the world while it renders. */
export interface TemplateEnvironment {
  /** Epoch milliseconds: `{{date "now"}}`. */
  now: number;
  /** Default 'en'. */
  locale?: 'en' | 'ru';
  /** IANA name; UTC without one. */
  timeZone?: string;
}

const MAX_LENGTH = 1_000_000;
/** Parts written and items visited: some 30 ms at most. */
const MAX_STEPS = 500_000;

/** The text of one rendering, with its bounds. */
export class Output {
  readonly environment: TemplateEnvironment;
  private readonly pieces: string[] = [];
  private length = 0;
  private steps = 0;

  constructor(environment: TemplateEnvironment) {
    this.environment = environment;
  }

  write(text: string): void {
    this.length += text.length;
    if (this.length > MAX_LENGTH) throw new TaktError('TEMPLATE_BUDGET', { message: `The text has more than ${MAX_LENGTH} characters` });
    this.pieces.push(text);
  }

  /** Pays for work before it is done. */
  charge(steps: number): void {
    this.steps += steps;
    if (this.steps > MAX_STEPS) throw new TaktError('TEMPLATE_BUDGET', { message: `The template takes more than ${MAX_STEPS} steps` });
  }

  toString(): string {
    return this.pieces.join('');
  }
}
