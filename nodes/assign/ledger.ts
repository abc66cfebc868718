/**
 * What is known of people across assignments: how many they were given, whether they are full, how far they are behind in the turns of a
 * pool. It lies in marks, under their locks: who gives out work to the same people waits for the other's transaction, so that no turn is
 * given twice and no cap passed, with any number of workers.
 */
import { Temporal } from 'temporal-polyfill';
import type { DataRequest, StepContext } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

export type Period = 'hour' | 'day' | 'week';
const PERIODS: readonly Period[] = ['hour', 'day', 'week'];

export interface PersonEntry {
  /** How many the person was given in the present hour, day and week. */
  readonly given: Readonly<Record<Period, number>>;
  /** Reached the most, and has not come below `back` since. */
  readonly full: boolean;
}

const keyOf = (user: string): string => `assign:user:${user}`;
const turnsKey = (pool: string): string => `assign:turns:${pool}`;

/** Takes the locks of all of them. Yield before anything is read. */
export function* lockLedger(users: readonly string[], pool: string | undefined): Generator<DataRequest, void, void> {
  const keys = [...users.map(keyOf), ...(pool === undefined ? [] : [turnsKey(pool)])];
  if (keys.length > 0) yield { kind: 'marks', keys };
}

export function entryOf(ctx: StepContext, user: string): PersonEntry {
  const stored = part(ctx.mark(keyOf(user)));
  const now = periodsOf(ctx);
  const counts = part(stored.given ?? null);
  const given = (period: Period): number => {
    const [begun, count] = Array.isArray(counts[period]) ? counts[period] : [];
    return begun === now[period] && typeof count === 'number' ? count : 0;
  };
  return { given: { hour: given('hour'), day: given('day'), week: given('week') }, full: stored.full === true };
}

/** One more was given to a person. */
export function noteGiven(ctx: StepContext, user: string): void {
  const { given, full } = entryOf(ctx, user);
  write(ctx, user, { hour: given.hour + 1, day: given.day + 1, week: given.week + 1 }, full);
}

export function noteFull(ctx: StepContext, user: string, full: boolean): void {
  const entry = entryOf(ctx, user);
  if (entry.full !== full) write(ctx, user, entry.given, full);
}

function write(ctx: StepContext, user: string, given: PersonEntry['given'], full: boolean): void {
  const now = periodsOf(ctx);
  const counts = Object.fromEntries(PERIODS.map((period) => [period, [now[period], given[period]]]));
  ctx.setMark(keyOf(user), full ? { given: counts, full } : { given: counts });
}

/**
 * Turns in proportion to weights, by stride scheduling (Waldspurger & Weihl 1995): everybody has a place on a line, whoever is furthest back has
 * the turn and goes 1 ÷ weight on. Of equal people nobody is more than one ahead, and whoever weighs twice as much comes twice as
 * often, evenly spread. Who cannot take it for a while keeps the distance to the others that they had when they left: the position is held, and
 * nothing is made up for. New-comers begin where the others are.
 * @param able ids in the order of the pool, which decides between equals
 * @returns the one whose turn it is
 */
export function takeTurn(ctx: StepContext, pool: string, able: readonly { id: string; weight: number }[]): string | undefined {
  const stored = part(ctx.mark(turnsKey(pool)));
  const [line, gone] = [part(stored.line ?? null), part(stored.gone ?? null)];
  const front = numberIn(stored.front);
  const places = able.map(({ id, weight }) => ({ id, weight, at: typeof line[id] === 'number' ? line[id] : front + numberIn(gone[id]) }));
  const first = places.reduce<(typeof places)[number] | undefined>((last, one) => (last && last.at <= one.at ? last : one), undefined);
  if (!first) return undefined;
  const here = new Set(able.map(({ id }) => id));
  const left = Object.entries(line).flatMap(([id, at]) => (here.has(id) ? [] : [[id, numberIn(at) - front] as const]));
  const stillGone = Object.entries(gone).filter(([id]) => !here.has(id));
  ctx.setMark(turnsKey(pool), {
    given: numberIn(stored.given) + 1,
    front: first.at,
    line: Object.fromEntries(places.map(({ id, weight, at }) => [id, id === first.id ? at + 1 / weight : at])),
    gone: Object.fromEntries([...stillGone, ...left]),
  });
  return first.id;
}

type Periods = Readonly<Record<Period, string>>;
/** Of the last one that was asked: all of a batch have the same now, and ask for each of their candidates. Making it takes 30 µs. */
let latest: { now: number; timezone: string; periods: Periods } | undefined;

/** Today on the clock of the workflow, YYYY-MM-DD: the day whose assignments are counted. */
export const dayOf = (ctx: StepContext): string => periodsOf(ctx).day;

/** When the present hour, day and week began, on the clock of the workflow. */
function periodsOf({ now, settings: { timezone } }: StepContext): Periods {
  if (latest?.now !== now || latest.timezone !== timezone) latest = { now, timezone, periods: findPeriods(now, timezone) };
  return latest.periods;
}

function findPeriods(now: number, timezone: string): Periods {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDateTime();
  const day = local.toPlainDate();
  return {
    hour: `${day}T${String(local.hour).padStart(2, '0')}`,
    day: String(day),
    week: String(day.subtract({ days: day.dayOfWeek - 1 })),
  };
}

const numberIn = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
const part = (value: Json): JsonObject => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {});
