import { TaktError } from '../errors/index.ts';

const FORM = /^(-)?P(?=[0-9T])(?:([0-9]{1,5})W)?(?:([0-9]{1,5})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?$/;
const DAY_MS = 86_400_000;

/**
 * An ISO 8601 duration of weeks, days, hours, minutes and seconds as milliseconds. A day counts 24 hours: for local days
 * use a calendar. Throws TaktError INPUT_INVALID.
 */
export function parseDuration(text: string): number {
  const { days, ms } = parts(text, 'Write an ISO 8601 duration such as PT30M or P2D.');
  if (text.startsWith('-')) throw notADuration(text, 'Leave out the sign: a length of time is never negative.');
  return days * DAY_MS + ms;
}

/** How far from a date, forwards or back: days of the calendar, then exact time. */
export interface SignedDuration {
  /** Weeks and days, in days. */
  days: number;
  /** Hours, minutes and seconds, in milliseconds. */
  ms: number;
}

/**
 * An ISO 8601 duration with an optional minus in front, which turns all of it: `-P30D`, `P1DT2H`, `-PT2H`.
 * Throws TaktError INPUT_INVALID.
 */
export function parseSignedDuration(text: string): SignedDuration {
  return parts(text, 'Write an ISO 8601 duration such as P1D, or -P30D for before.');
}

function parts(text: string, hint: string): SignedDuration {
  const found = FORM.exec(text);
  if (!found) throw notADuration(text, hint);
  const [, minus, ...numbers] = found;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.map((number) => Number(number ?? 0));
  const sign = minus === undefined ? 1 : -1;
  // `+ 0`: nothing, turned round, is nothing and not -0.
  return { days: sign * (7 * weeks + days) + 0, ms: sign * ((hours * 60 + minutes) * 60 + seconds) * 1_000 + 0 };
}

const notADuration = (text: string, hint: string): TaktError =>
  new TaktError('INPUT_INVALID', { message: `"${text.slice(0, 40)}" is not a duration.`, hint });
