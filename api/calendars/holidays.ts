/** The public holidays of a country, by the data of `date-holidays`: computed, without the network. */
import { TaktError } from '../../engine/index.ts';
import type { Holiday } from './merge.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Its data take 90 ms to load, which no other command shall pay. */
const library = async () => (await import('date-holidays')).default;

export interface HolidayPlace {
  /** Two letters, ISO 3166. */
  country: string;
  /** A part of it, `by` or `by-a`: the code of a state, and of a region of that. */
  region?: string | undefined;
  /** Of the names; that of the country without it. */
  language?: string | undefined;
}

export interface FoundHolidays {
  /** The names of country and region, in English. */
  place: string;
  /** By date; of several that fall on one day the first. */
  days: Holiday[];
}

/** @param years the first and how many. Throws TaktError HOLIDAYS_PLACE, HOLIDAYS_LANGUAGE. */
export async function publicHolidays(
  { country, region, language }: HolidayPlace,
  [first, count]: readonly [first: number, count: number],
): Promise<FoundHolidays> {
  const Library = await library();
  const calendar = new Library();
  const [state = '', part = ''] = (region ?? '').split('-');
  const land = one(calendar.getCountries('en'), country, 'country');
  const inside = state === '' ? undefined : one(calendar.getStates(land.code, 'en') ?? {}, state, `region of ${land.code}`);
  const within =
    inside && part !== ''
      ? one(calendar.getRegions(land.code, inside.code, 'en') ?? {}, part, `region of ${land.code}-${inside.code}`)
      : undefined;
  calendar.init(land.code, inside?.code ?? '', within?.code ?? '', { types: ['public'] });
  const languages = calendar.getLanguages();
  if (language !== undefined && !languages.includes(language))
    throw new TaktError('HOLIDAYS_LANGUAGE', {
      message: `The holidays of ${land.code} have no names in "${language.slice(0, 20)}".`,
      hint: `There are: ${languages.join(', ')}.`,
    });
  const days = new Map<string, string>();
  for (let year = first; year < first + count; year++) {
    for (const { date, start, end, name } of calendar.getHolidays(year, language)) {
      for (const day of daysFrom(date.slice(0, 10), end.getTime() - start.getTime())) if (!days.has(day)) days.set(day, name);
    }
  }
  return {
    place: [land, inside, within].flatMap((place) => place?.name ?? []).join(', '),
    days: [...days].map(([date, name]) => ({ date, name })).sort((a, b) => (a.date < b.date ? -1 : 1)),
  };
}

/** Whole days: a feast that begins with the evening before has its eve beside them, and a night in which clocks are moved lacks an hour. */
function daysFrom(first: string, ms: number): string[] {
  const count = Math.max(1, Math.floor((ms + 2 * HOUR) / DAY));
  return Array.from({ length: count }, (_, i) => new Date(Date.parse(first) + i * DAY).toISOString().slice(0, 10));
}

/** A code is written in any case. */
function one(names: Readonly<Record<string, string>>, wanted: string, what: string): { code: string; name: string } {
  const found = Object.entries(names).find(([code]) => code.toLowerCase() === wanted.toLowerCase());
  if (found) return { code: found[0], name: found[1] };
  const known = Object.keys(names);
  throw new TaktError('HOLIDAYS_PLACE', {
    message: `There is no ${what} "${wanted.slice(0, 20)}".`,
    hint: known.length === 0 ? 'Leave the region out.' : `There are: ${known.join(', ')}.`,
  });
}
