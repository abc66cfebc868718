import type { Json } from '../../schemas/json.ts';
import { shown } from './problems.ts';
import { kindOf, refuse, type Site } from './site.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DOTTED_DATE = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;
const LONGEST = 40;

/** Milliseconds of the instant; undefined where the calendar has no such day. `Date.UTC` alone takes years below 100 for 19xx. */
function instant(year: number, month: number, day: number, ms: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real = year >= 1 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.getTime() + ms : undefined;
}

/** A day of the calendar as YYYY-MM-DD, years 0001 to 9999. Also reads DD.MM.YYYY, which has one meaning only. */
export function date(value: Json, site: Site): string | undefined {
  if (typeof value !== 'string') return refuse(site, `A date is expected, not ${kindOf(value)}.`);
  const written = value.length <= LONGEST ? value.trim() : '';
  const dotted = DOTTED_DATE.exec(written);
  const [, year = '', month = '', day = ''] = dotted === null ? (DATE.exec(written) ?? []) : [dotted[0], dotted[3], dotted[2], dotted[1]];
  if (year === '') return refuse(site, `${shown(value)} is not a date.`, 'Write it as 2026-01-31.');
  if (instant(Number(year), Number(month), Number(day), 0) === undefined) {
    return refuse(site, `${shown(value)} is not a day of the calendar.`, 'Correct the day, the month or the year.');
  }
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** An instant as UTC with milliseconds: 2026-01-31T09:00:00.000Z. Finer fractions are cut off: nothing here counts below a millisecond. */
export function dateTime(value: Json, site: Site): string | undefined {
  if (typeof value !== 'string') return refuse(site, `A date with time is expected, not ${kindOf(value)}.`);
  const found = value.length <= LONGEST ? DATE_TIME.exec(value.trim()) : null;
  if (found === null) {
    return refuse(
      site,
      `${shown(value)} is not a date with time and offset.`,
      'Write it as 2026-01-31T09:00:00+03:00, or with Z for UTC; without an offset the instant is unknown.',
    );
  }
  const [, year, month, day, hour, minute, second = '0', fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] = found;
  const inRange = [hour, offsetHour].every((n) => Number(n) < 24) && [minute, second, offsetMinute].every((n) => Number(n) < 60);
  const ofDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const ms = inRange ? instant(Number(year), Number(month), Number(day), ofDay - offset) : undefined;
  if (ms === undefined) return refuse(site, `${shown(value)} is not a time of the calendar.`, 'Correct the day or the time of day.');
  const stored = new Date(ms).toISOString();
  if (stored.length !== 24 || stored.startsWith('0000')) return refuse(site, `${shown(value)} lies outside the years 0001 to 9999.`);
  return stored;
}
