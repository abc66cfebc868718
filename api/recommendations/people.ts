/** What a person is to do today, and what is recommended for a record: planned anew whenever it is asked for. */
import { type Engine, TaktError } from '../../engine/index.ts';
import type { RecordView } from '../../engine/node/context.ts';
import { listOf, type PlannedDay, planDays, recommendationsOf } from '../../nodes/index.ts';

export type Locale = 'en' | 'ru';

/** Where a person has no calendar of their own, and none of team or company names a zone. */
const settings = (locale: Locale) => ({ timezone: 'UTC', locale });

export interface Queue extends ReturnType<typeof listOf> {
  day: string;
  zone: string;
  longest: number;
  meetings: number;
  told_today: number;
}

/**
 * The list of a person's day as it is now: what was answered is gone, what has come since is in it.
 * Throws TaktError RECORD_NOT_FOUND where there is no such user.
 */
export async function queueOf(engine: Engine, user: string, locale: Locale): Promise<Queue> {
  const now = engine.ports.clock.now();
  const person = await engine.records.get(user);
  if (person.entity !== 'user' || person.deleted) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no user ${user}.` });
  const [day] = await engine.reading.ask(settings(locale), (ctx) => planDays(ctx, [person], now));
  if (!day) throw new TaktError('INTERNAL');
  return { ...listOf(day, locale), ...factsOf(day) };
}

const factsOf = ({ day, zone, longest, meetings, toldToday }: PlannedDay) => ({ day, zone, longest, meetings, told_today: toldToday });

export interface Hint {
  record: string;
  /** What is open, the best first. */
  open: RecordView[];
  /** What was answered or is over, the latest first. */
  past: RecordView[];
}

const MOST_PAST = 20;

/** What is recommended for a record, and what was. Throws TaktError RECORD_NOT_FOUND. */
export async function hintFor(engine: Engine, record: string): Promise<Hint> {
  const about = await engine.records.get(record);
  const kept = await engine.reading.ask(settings('en'), (ctx) => recommendationsOf(ctx, about));
  const isOpen = ({ stage }: RecordView): boolean => stage === 'open' || stage === 'accepted';
  const gain = ({ gain: amount }: RecordView): number => (typeof amount === 'number' ? amount : 0);
  return {
    record: about.id,
    open: kept.filter(isOpen).sort((a, b) => gain(b) - gain(a)),
    // Who sees the record must not learn that it is held out: that would spoil the comparison.
    past: kept
      .filter((one) => !isOpen(one) && one.stage !== 'held_out')
      .toReversed()
      .slice(0, MOST_PAST),
  };
}
