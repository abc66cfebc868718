import { TaktError } from '../../errors/index.ts';
import type { TemplateEnvironment } from '../output.ts';

export interface HelperCall {
  readonly args: readonly unknown[];
  readonly environment: TemplateEnvironment;
  readonly line: number;
  /** Pays for work that grows with the values. */
  readonly charge: (steps: number) => void;
}

/** A helper that makes a value. `least` and `most` bound its arguments; a lenient one takes variables that are missing. */
export interface Helper {
  readonly least: number;
  readonly most: number;
  readonly lenient: boolean;
  /** Throws TaktError TEMPLATE_RUNTIME. */
  readonly call: (call: HelperCall) => unknown;
}

export type Helpers = Readonly<Record<string, Helper>>;

export function refuse(message: string, line: number, hint: string): never {
  throw new TaktError('TEMPLATE_RUNTIME', { message, line, hint });
}

/** A value as it is told in an error. */
export function show(value: unknown): string {
  return (typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? 'an object' : String(value)).slice(0, 100);
}

/** What is written as nothing. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** A number, or a text that is one; undefined for a blank. */
export function numeric(name: string, value: unknown, line: number): number | undefined {
  if (isBlank(value)) return undefined;
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^-?\d{1,30}(\.\d{1,30})?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : refuse(`The helper ${name} cannot read ${show(value)}`, line, 'Give a number.');
}

/** The text of a text, a number or yes and no; nothing for a blank. */
export function textual(name: string, value: unknown, line: number): string {
  if (isBlank(value)) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return refuse(`The helper ${name} cannot read ${show(value)}`, line, 'Give a text.');
}

/** A whole number between two bounds, given as a setting of the helper. */
export function setting(value: unknown, [low, high]: readonly [number, number], what: string, line: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  return refuse(`${what} cannot be ${show(value)}`, line, `Give a whole number from ${low} to ${high}.`);
}
