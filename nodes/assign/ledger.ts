/**
 * What is known of people across assignments: how many they were given, whether they are full, how far they are behind in the turns of a
 * pool. It lies in marks, under their locks: who gives out work to the same people waits for the other's transaction, so that no turn is
 * given twice and no cap passed, with any number of workers.
 */
import type { DataRequest, StepContext } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { PERIODS, type Period, periodsOf } from './periods.ts';

export interface PersonEntry {
  /** How many the person was given in the present hour, day and week. */
  readonly given: Readonly<Record<Period, number>>;
  /** Names of the measures by which the person reached the most, and has not come below `back` since. */
  readonly full: readonly string[];
}

/** Made once: every step asks for the marks of all of its candidates, several times. */
const keys = new Map<string, string>();
const MOST_KEYS = 20_000;

function keyOf(user: string): string {
  let key = keys.get(user);
  if (key === undefined) {
    if (keys.size >= MOST_KEYS) keys.clear();
    key = `assign:user:${user}`;
    keys.set(user, key);
  }
  return key;
}
const turnsKey = (pool: string): string => `assign:turns:${pool}`;

/** Takes the locks of all of them. Yield before anything is read. */
export function* lockLedger(users: readonly string[], pools: readonly string[]): Generator<DataRequest, void, void> {
  const wanted = [...users.map(keyOf), ...pools.map(turnsKey)];
  if (wanted.length > 0) yield { kind: 'marks', keys: wanted };
}

/** Marks that have been read, with what they meant in which periods: the steps of a batch see the same ones, for each of their candidates. */
const read = new WeakMap<object, { now: Readonly<Record<Period, string>>; entry: PersonEntry }>();

export function entryOf(ctx: StepContext, user: string): PersonEntry {
  const stored = ctx.mark(keyOf(user));
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return NOTHING_GIVEN;
  const now = periodsOf(ctx);
  const known = read.get(stored);
  if (known?.now === now) return known.entry;
  const entry = entryIn(stored, now);
  read.set(stored, { now, entry });
  return entry;
}

const NOTHING_GIVEN: PersonEntry = { given: { hour: 0, day: 0, week: 0 }, full: [] };

function entryIn(stored: JsonObject, now: Readonly<Record<Period, string>>): PersonEntry {
  const counts = part(stored.given ?? null);
  const given = (period: Period): number => {
    const [begun, count] = Array.isArray(counts[period]) ? counts[period] : [];
    return begun === now[period] && typeof count === 'number' ? count : 0;
  };
  return { given: { hour: given('hour'), day: given('day'), week: given('week') }, full: textsIn(stored.full) };
}

/** One more was given to a person; with -1, one less: it shall not count. */
export function noteGiven(ctx: StepContext, user: string, more: 1 | -1 = 1): void {
  const { given, full } = entryOf(ctx, user);
  const count = (period: Period): number => Math.max(0, given[period] + more);
  write(ctx, user, { hour: count('hour'), day: count('day'), week: count('week') }, full);
}

/** @param measure its name */
export function noteFull(ctx: StepContext, user: string, measure: string, full: boolean): void {
  const entry = entryOf(ctx, user);
  if (entry.full.includes(measure) === full) return;
  const others = entry.full.filter((one) => one !== measure);
  write(ctx, user, entry.given, full ? [...others, measure] : others);
}

function write(ctx: StepContext, user: string, given: PersonEntry['given'], full: readonly string[]): void {
  const now = periodsOf(ctx);
  const counts = Object.fromEntries(PERIODS.map((period) => [period, [now[period], given[period]]]));
  ctx.setMark(keyOf(user), full.length > 0 ? { given: counts, full: [...full] } : { given: counts });
}

/**
 * Turns in proportion to weights, by stride scheduling (Waldspurger & Weihl 1995): everybody has a place on a line, whoever is furthest back has
 * the turn and goes 1 ÷ weight on. Of equal people nobody is more than one ahead, and whoever weighs twice as much comes twice as
 * often, evenly spread. Who cannot take it for a while keeps the distance to the others that they had when they left: the position is held, and
 * nothing is made up for; or keeps the place where they were, and catches up. New-comers begin where the others are.
 * @param able ids in the order of the pool, which decides between equals
 * @returns the one whose turn it is
 */
export function takeTurn(
  ctx: StepContext,
  pool: string,
  able: readonly { id: string; weight: number }[],
  absent: 'hold' | 'catch_up',
): string | undefined {
  const stored = part(ctx.mark(turnsKey(pool)));
  const [line, gone] = [part(stored.line ?? null), part(stored.gone ?? null)];
  const front = numberIn(stored.front);
  let first: { id: string; weight: number; at: number } | undefined;
  let missing = 0;
  for (const { id, weight } of able) {
    const known = line[id];
    if (typeof known !== 'number') missing++;
    const at = typeof known === 'number' ? known : front + numberIn(gone[id]);
    if (!first || at < first.at) first = { id, weight, at };
  }
  if (!first) return undefined;
  const stays = missing === 0 && Object.keys(line).length === able.length;
  const next = stays ? { line: { ...line }, gone } : regrouped({ line, gone, front }, able, absent);
  next.line[first.id] = first.at + 1 / first.weight;
  ctx.setMark(turnsKey(pool), { given: numberIn(stored.given) + 1, front: Math.max(front, first.at), ...next });
  return first.id;
}

/** The line where some have come or gone since the last turn. Put together anew: deleting from copies of 200 took half as long again. */
function regrouped(
  { line, gone, front }: { line: JsonObject; gone: JsonObject; front: number },
  able: readonly { id: string }[],
  absent: 'hold' | 'catch_up',
): { line: JsonObject; gone: JsonObject } {
  const here = new Set(able.map(({ id }) => id));
  const places = able.map(({ id }) => [id, typeof line[id] === 'number' ? line[id] : front + numberIn(gone[id])] as const);
  const others = Object.entries(line).filter(([id]) => !here.has(id));
  const left = absent === 'hold' ? others.map(([id, at]) => [id, numberIn(at) - front] as const) : [];
  const stillGone = Object.entries(gone).filter(([id]) => !here.has(id));
  return {
    line: Object.fromEntries([...(absent === 'catch_up' ? others : []), ...places]),
    gone: Object.fromEntries([...stillGone, ...left]),
  };
}

/**
 * A person has the turn back that was for nothing: they go as far back as it had brought them on.
 * @param weight as in `takeTurn`
 */
export function giveTurnBack(ctx: StepContext, pool: string, id: string, weight: number): void {
  const stored = part(ctx.mark(turnsKey(pool)));
  const back = (places: JsonObject): JsonObject => (typeof places[id] === 'number' ? { ...places, [id]: places[id] - 1 / weight } : places);
  ctx.setMark(turnsKey(pool), { ...stored, line: back(part(stored.line ?? null)), gone: back(part(stored.gone ?? null)) });
}

const textsIn = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const numberIn = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
const part = (value: Json): JsonObject => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {});
