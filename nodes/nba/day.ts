/** The day's list of people: the best set of their recommendations for the minutes that they have left. */
import {
  CHOICES,
  type DataRequest,
  findRecords,
  loadRecord,
  type PersonDay,
  planDay,
  type ReadingContext,
  type RecordView,
} from '../../engine/sdk.ts';
import type { Json } from '../../schemas/json.ts';
import { list, part } from '../support/summary.ts';
import { type FreeTime, freeTimeOf } from './free-time.ts';
import { isExpired, isSnoozed, MOST_A_DAY, MOST_KEPT, toldOn } from './kept.ts';

type Choice = (typeof CHOICES)[number];
/** Why a recommendation waits. */
type Waiting = Exclude<Choice, 'chosen'> | 'snoozed' | 'other_currency' | 'told_enough';

/** One way to do what is recommended. */
interface Way {
  action: string;
  title: string;
  minutes: number;
  gain: number;
  value: number;
  probability: number;
  lossPerHour: number | null;
  reason: string | null;
  /** What it competes by for a place in the day: its gain, or where it was drawn to be tried, that of the best one. */
  weight: number;
}

export interface Listed extends Way {
  recommendation: RecordView;
  record: RecordView;
  /** Another action than the one that was recommended, because that has no place in the day. */
  instead: boolean;
}

export interface PlannedDay extends FreeTime {
  person: RecordView;
  /** What comes first first. */
  items: Listed[];
  waiting: { recommendation: RecordView; record: RecordView; why: Waiting }[];
  /** Recommendations whose time, or whose record, is over. */
  over: RecordView[];
  /** How many different ones the person has been told today. */
  toldToday: number;
  currency: string | null;
}

/** What is tried where doing nothing is best comes last, and only where minutes are left. */
const LEAST_WEIGHT = 1e-6;

/** A recommendation that may be done today. */
interface Open {
  recommendation: RecordView;
  record: RecordView;
  ways: readonly Way[];
}

/**
 * Plans the day of each of these people from what is open for them: the best set for the minutes that are left beside meetings, of at most
 * `most` actions. What a person was told today counts as told, also where it is done or has been replaced: never more than so many a day.
 * Asked again when something has happened, it plans again. Amounts are compared in the currency of most of a person's recommendations.
 */
export function* planDays(
  ctx: ReadingContext,
  people: readonly RecordView[],
  now: number,
  most = MOST_A_DAY,
): Generator<DataRequest, PlannedDay[], void> {
  const planned: PlannedDay[] = [];
  for (const person of people) {
    const free = yield* freeTimeOf(ctx, person, now);
    const told = yield* toldOn(ctx, person.id, free.day);
    const open = yield* openOf(ctx, person, now);
    const over = open.filter(({ recommendation, record }) => isExpired(recommendation, now) || record.deleted);
    const alive = open.filter((one) => !over.includes(one));
    planned.push({ ...free, person, ...planOne(alive, free, told, most, now), over: over.map(({ recommendation }) => recommendation) });
  }
  return planned;
}

function* openOf(ctx: ReadingContext, { id }: RecordView, now: number): Generator<DataRequest, Open[], void> {
  const found = yield* findRecords(ctx, { entity: 'recommendation', match: { owner: id, stage: 'open' }, limit: MOST_KEPT });
  const about = found.map(({ record }) => part(record).id);
  yield { kind: 'records', ids: about.filter((one) => typeof one === 'string') };
  const open: Open[] = [];
  for (const recommendation of found) {
    const { id: recordId } = part(recommendation.record);
    const record = typeof recordId === 'string' ? yield* loadRecord(ctx, recordId) : undefined;
    if (record) open.push({ recommendation, record, ways: isSnoozed(recommendation, now) ? [] : waysOf(recommendation) });
  }
  return open;
}

/** The recommended one first, then those that gain less; what was drawn to be tried is tried. */
function waysOf(recommendation: RecordView): Way[] {
  const own = wayOf(recommendation);
  if (!own) return [];
  const others = list(recommendation.candidates).flatMap((one) => wayOf(part(one)) ?? []);
  const [best] = others;
  // What has taken the place of another one for lack of time has no chance of its own any more: that one may come back.
  const isTried = best !== undefined && best.action !== own.action && typeof recommendation.chance === 'number';
  // By its own gain what is tried would never have a place, and nothing would be learned of it.
  if (isTried) return [{ ...own, weight: Math.max(own.gain, best.gain, LEAST_WEIGHT) }];
  return [own, ...others.filter(({ action, gain }) => action !== own.action && gain > 0)];
}

function wayOf(one: Readonly<Record<string, Json | undefined>>): Way | undefined {
  const { action, title, minutes, gain, value, probability, loss_per_hour, reason } = one;
  if (typeof action !== 'string' || typeof minutes !== 'number' || typeof gain !== 'number') return undefined;
  return {
    action,
    title: String(title ?? action),
    minutes,
    gain,
    weight: gain,
    value: typeof value === 'number' ? value : gain,
    probability: typeof probability === 'number' ? probability : 0,
    lossPerHour: typeof loss_per_hour === 'number' ? loss_per_hour : null,
    reason: typeof reason === 'string' && reason !== '' ? reason : null,
  };
}

function planOne(
  open: readonly Open[],
  free: FreeTime,
  told: readonly RecordView[],
  most: number,
  now: number,
): Pick<PlannedDay, 'items' | 'waiting' | 'toldToday' | 'currency'> {
  const currency = commonCurrency(open);
  const able = open.filter(({ recommendation, ways }) => ways.length > 0 && (recommendation.currency ?? null) === currency);
  const known = new Set(told.map(({ id }) => id));
  const settled = told.filter(({ stage }) => stage !== 'open').length;
  const day: PersonDay = { minutes: free.minutes, longest: free.longest, most: Math.max(0, most - settled) };
  const first = choose(able, day);
  // New ones have the places that are left of the day; those of the best plan go first.
  const places = Math.max(0, most - known.size);
  const news = first.chosen.filter(({ recommendation }) => !known.has(recommendation.id)).slice(0, places);
  const within = able.filter(
    ({ recommendation }) => known.has(recommendation.id) || news.some((one) => one.recommendation === recommendation),
  );
  const { chosen, whyOf } = within.length === able.length ? first : choose(within, day);
  const whyWaits = (one: Open): Waiting => {
    if (isSnoozed(one.recommendation, now)) return 'snoozed';
    if (!able.includes(one)) return 'other_currency';
    return within.includes(one)
      ? whyOf(one)
      : first.chosen.some((item) => item.recommendation === one.recommendation)
        ? 'told_enough'
        : first.whyOf(one);
  };
  return {
    items: chosen,
    waiting: open
      .filter(({ recommendation }) => !chosen.some((item) => item.recommendation === recommendation))
      .map((one) => ({ recommendation: one.recommendation, record: one.record, why: whyWaits(one) })),
    toldToday: known.size,
    currency,
  };
}

function commonCurrency(open: readonly Open[]): string | null {
  const counts = Map.groupBy(open, ({ recommendation }) => (typeof recommendation.currency === 'string' ? recommendation.currency : null));
  return [...counts].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
}

function choose(open: readonly Open[], day: PersonDay): { chosen: Listed[]; whyOf: (one: Open) => Exclude<Choice, 'chosen'> } {
  const rows = open.flatMap((one, place) => one.ways.map((way, i) => ({ ...one, way, place, instead: i > 0 })));
  const numbers = (of: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, of);
  const { queues, choices } = planDay(
    {
      record: Int32Array.from(rows, ({ place }) => place),
      person: new Int32Array(rows.length),
      minutes: numbers(({ way }) => way.minutes),
      gain: numbers(({ way }) => way.weight),
      perHour: numbers(({ way }) => way.lossPerHour ?? 0),
    },
    [day],
  );
  const chosen = [...(queues[0] ?? [])].flatMap((i) => {
    const row = rows[i];
    return row ? [{ ...row.way, recommendation: row.recommendation, record: row.record, instead: row.instead }] : [];
  });
  const reasons = new Map<RecordView, Choice>();
  for (const [i, row] of rows.entries()) if (!row.instead) reasons.set(row.recommendation, CHOICES[choices[i] ?? 0] ?? 'no_minutes');
  return {
    chosen,
    whyOf({ recommendation }) {
      const why = reasons.get(recommendation);
      return why === undefined || why === 'chosen' ? 'no_minutes' : why;
    },
  };
}
