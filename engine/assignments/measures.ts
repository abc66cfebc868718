/** How well records were distributed: measures of a list of assignments. Pure; moments are milliseconds since the epoch, shares are of 1. */
import { offsetAt } from '../time/stretches.ts';

const MINUTE = 60_000;

/** A record that was given to somebody. */
export interface Given {
  readonly recordId: string;
  readonly at: number;
  readonly to: string;
  /** Had nobody owned the record before? */
  readonly first: boolean;
  readonly createdAt: number;
  /** The strategy that chose; `by_hand`, or `workflow` where a workflow gave it without a strategy, or what its step kept is gone. */
  readonly method: string;
  /** The team or list that was chosen from. */
  readonly pool: string | null;
  /** Who could have taken it, as the step has kept; nobody where no strategy chose. */
  readonly able: readonly string[];
  /** Did the first owner keep the promise? Null where there was none, or its time has not come; only of the first. */
  readonly inTime: boolean | null;
  /** What the record has come to by now. */
  readonly outcome: 'won' | 'lost' | 'open';
}

export type Figures = {
  /** Assignments, later ones included. */
  given: number;
  /** Records that got their first owner; of these are all figures below but `people` and the variations. */
  records: number;
  /** Share that had an owner within a minute of being created; null where there are no records, as of all figures below. */
  withinMinute: number | null;
  /** From being created to the first owner, milliseconds. */
  medianMs: number | null;
  p95Ms: number | null;
  /** Who could have taken something that a strategy gave, or got it. */
  people: number;
  /** Of how many records strategies gave to each of them over the time; null for fewer than two people. */
  variation: number | null;
  /** The same of each day among who could take something then: the median of the days. */
  dayVariation: number | null;
  /** Share that went to somebody else within the time. */
  reassigned: number | null;
  /** Records whose first owner promised something by a moment that has come, or has been kept; and of them the share kept. */
  promised: number;
  inTime: number | null;
  won: number;
  lost: number;
  /** `won` of `records`. */
  conversion: number | null;
};

/** The aims of a good distribution. */
export const AIMS = { p95Ms: MINUTE, variation: 0.2, dayVariation: 0.2, reassigned: 0.1, inTime: 0.95 } as const;
export type Aim = keyof typeof AIMS;

const AIM_NAMES = ['p95Ms', 'variation', 'dayVariation', 'reassigned', 'inTime'] as const satisfies readonly Aim[];

/** The aims that figures miss; where there is no figure, none is missed. */
export const missedAims = (figures: Figures): Aim[] =>
  AIM_NAMES.filter((aim) => {
    const value = figures[aim];
    return value !== null && (aim === 'inTime' ? value < AIMS.inTime : value > AIMS[aim]);
  });

export const GROUPINGS = ['method', 'team', 'person', 'day'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Records that went from their first owner to somebody else. @param given of one time, in order */
export function passedOn(given: readonly Given[]): ReadonlySet<string> {
  const first = new Map(given.flatMap(({ recordId, to, first }) => (first ? [[recordId, to] as const] : [])));
  return new Set(given.flatMap(({ recordId, to }) => (first.has(recordId) && first.get(recordId) !== to ? [recordId] : [])));
}

/** @param passed as of `passedOn`, over all groups; @param zone in which days are meant */
export function measure(given: readonly Given[], passed: ReadonlySet<string>, zone: string): Figures {
  const firsts = given.filter(({ first }) => first);
  const waits = firsts.map(({ at, createdAt }) => at - createdAt).sort((a, b) => a - b);
  const promises = firsts.flatMap(({ inTime }) => inTime ?? []);
  const chosen = given.filter(({ able }) => able.length > 0);
  const counts = countsOf(chosen);
  const days = [...Map.groupBy(chosen, ({ at }) => dayOf(at, zone)).values()].flatMap((day) => variation(countsOf(day)) ?? []);
  const won = firsts.filter(({ outcome }) => outcome === 'won').length;
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    given: given.length,
    records: firsts.length,
    withinMinute: share(waits.filter((ms) => ms <= MINUTE).length, firsts.length),
    medianMs: quantile(waits, 0.5),
    p95Ms: quantile(waits, 0.95),
    people: counts.length,
    variation: variation(counts),
    dayVariation: quantile(
      days.sort((a, b) => a - b),
      0.5,
    ),
    reassigned: share(firsts.filter(({ recordId }) => passed.has(recordId)).length, firsts.length),
    promised: promises.length,
    inTime: share(promises.filter((kept) => kept).length, promises.length),
    won,
    lost: firsts.filter(({ outcome }) => outcome === 'lost').length,
    conversion: share(won, firsts.length),
  };
}

/** The given in groups: days in order, others with the most given first. The key is null for what came from no pool. */
export function grouped(given: readonly Given[], by: Grouping, zone: string): [key: string | null, given: readonly Given[]][] {
  const keys: Record<Grouping, (one: Given) => string | null> = {
    method: ({ method }) => method,
    team: ({ pool }) => pool,
    person: ({ to }) => to,
    day: ({ at }) => dayOf(at, zone),
  };
  const groups = [...Map.groupBy(given, keys[by])];
  // What has no key comes last.
  const inOrder = ([a]: (typeof groups)[number], [b]: (typeof groups)[number]): number => (b === null || (a !== null && a < b) ? -1 : 1);
  return groups.sort((a, b) => (by === 'day' ? inOrder(a, b) : b[1].length - a[1].length || inOrder(a, b)));
}

const dayOf = (at: number, zone: string): string => new Date(at + offsetAt(zone, at)).toISOString().slice(0, 10);

/** How many each got of those who could have taken one, or got one. */
function countsOf(given: readonly Given[]): number[] {
  const counts = new Map<string, number>(given.flatMap(({ able, to }) => [...able, to].map((id) => [id, 0] as const)));
  for (const { to } of given) counts.set(to, (counts.get(to) ?? 0) + 1);
  return [...counts.values()];
}

/** The coefficient of variation (K. Pearson, 1896): the standard deviation of all of them, not of a sample, beside their mean. */
function variation(counts: readonly number[]): number | null {
  const sum = counts.reduce((all, count) => all + count, 0);
  if (counts.length < 2 || sum === 0) return null;
  const mean = sum / counts.length;
  return Math.sqrt(counts.reduce((all, count) => all + (count - mean) ** 2, 0) / counts.length) / mean;
}

/** By nearest rank: the least of the values that such a part of them does not pass. @param sorted ascending */
const quantile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
