import { TaktError } from '../errors/index.ts';

const FORM = /^P(?=[0-9T])(?:([0-9]{1,5})W)?(?:([0-9]{1,5})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?$/;
const UNITS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/**
 * An ISO 8601 duration of weeks, days, hours, minutes and seconds as milliseconds. A day counts 24 hours: for local days
 * use a calendar. Throws TaktError INPUT_INVALID.
 */
export function parseDuration(text: string): number {
  const parts = FORM.exec(text);
  if (!parts) {
    throw new TaktError('INPUT_INVALID', {
      message: `"${text.slice(0, 40)}" is not a duration.`,
      hint: 'Write an ISO 8601 duration such as PT30M or P2D.',
    });
  }
  return UNITS.reduce((sum, unit, i) => sum + unit * Number(parts[i + 1] ?? 0), 0);
}
