/** One manager's list of a morning, as Takt words it, in both languages. */
import { type GuidedMonth, guidedMonth, type SentList } from './guided.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The lists of the fourth day, a Thursday, are sent at eight on the clock of the shop. */
const WHEN = 3 * DAY + 8 * HOUR;

export interface MorningList {
  readonly person: string;
  /** ISO instant. */
  readonly at: string;
  readonly en: string;
  readonly ru: string;
}

/** Of whoever has most to do that morning. Throws RangeError where nobody has anything. */
export async function morningList(month: GuidedMonth): Promise<MorningList> {
  const at = month.from + WHEN;
  const stopAt = at + HOUR / 60;
  const lists = async (locale: 'en' | 'ru'): Promise<readonly SentList[]> => {
    const { lists: all } = await guidedMonth({ ...month, locale, stopAt });
    return all.filter((list) => list.at === at);
  };
  const english = await lists('en');
  const russian = await lists('ru');
  const [longest] = english.toSorted((a, b) => linesOf(b) - linesOf(a));
  const same = russian.find(({ person }) => person === longest?.person);
  if (!longest || !same) throw new RangeError('Nobody has a list that morning.');
  const name = month.shop.people.find(({ as }) => as === longest.person)?.name ?? longest.person;
  return { person: name, at: new Date(at).toISOString(), en: longest.text, ru: same.text };
}

const linesOf = ({ text }: SentList): number => text.split('\n').length;
