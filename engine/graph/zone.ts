import { TaktError } from '../errors/index.ts';

/** Adds a problem where the zone is not one that this Node's ICU knows. */
export function checkZone(zone: string | undefined, pointer: string, problems: TaktError[], node?: string): void {
  if (zone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (cause) {
    problems.push(new TaktError('TIMEZONE_UNKNOWN', { pointer, node, message: `"${zone.slice(0, 64)}" is not a time zone.`, cause }));
  }
}
