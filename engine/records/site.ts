import type { ErrorCode } from '../errors/index.ts';
import type { CountryCode } from '../text/phones.ts';
import type { Problems } from './problems.ts';

/** Where a value stands while it is checked, and what the check may know. */
export interface Site {
  readonly problems: Problems;
  readonly pointer: string;
  /** Country of phone numbers that are written without one. */
  readonly country: CountryCode;
}

/** Notes a problem with the value; `undefined` is what a check of a value gives for "refused". */
export function refuse(site: Site, message: string, hint?: string, code: ErrorCode = 'FIELD_INVALID'): undefined {
  site.problems.add(code, site.pointer, message, hint);
  return undefined;
}

/** What a value is, in the words of JSON. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}
