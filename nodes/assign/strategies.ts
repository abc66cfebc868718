/** How one of those who can take a record is chosen: each strategy narrows them down, until one is left. */
import type { DataRequest, RecordView, StepContext } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { fits } from './fitting.ts';
import { takeTurn } from './ledger.ts';
import { type Load, loadsOf } from './loads.ts';
import type { Params, Strategy } from './params.ts';
import type { People, Person } from './pool.ts';
import { isAble } from './pool.ts';
import type { Reason } from './words.ts';

/** Weight of a person who has none: new-comers may have less, part-timers too. */
const USUAL_WEIGHT = 1;
/** No turn falls on who weighs nothing. */
const LEAST_WEIGHT = 0.001;

/** The method by which somebody was chosen. */
export interface Choice {
  person: Person;
  method: string;
}

/** In which proportion turns fall on a person. */
export const weightOf = (user: RecordView | undefined): number =>
  Math.max(LEAST_WEIGHT, typeof user?.weight === 'number' ? user.weight : USUAL_WEIGHT);

/** Narrows the people of a pool down by the strategies; where several are left at the end, they take turns. */
export function* choose(
  ctx: StepContext,
  pool: People,
  { strategy, after_absence }: Params,
): Generator<DataRequest, Choice | undefined, void> {
  let left = pool.people.filter(isAble);
  for (const one of strategy) {
    if (left.length === 0) return undefined;
    if (one === 'random') return { person: atRandom(ctx, left), method: 'random' };
    if (one === 'round_robin') return turn(ctx, pool, left, after_absence);
    if (typeof one === 'string') continue;
    const [first, ...others] = yield* narrowed(ctx, pool, left, one);
    if (first && others.length === 0) return { person: first, method: methodOf(one) };
    left = first ? [first, ...others] : [];
  }
  const narrows = strategy.some((one) => typeof one !== 'string');
  return narrows && left.length > 0 ? turn(ctx, pool, left, after_absence) : undefined;
}

type Narrowing = Exclude<Strategy, string>;

const methodOf = (strategy: Narrowing): string => Object.keys(strategy)[0] ?? '';

function* narrowed(ctx: StepContext, pool: People, able: readonly Person[], strategy: Narrowing): Generator<DataRequest, Person[], void> {
  if ('least' in strategy) return yield* least(ctx, pool, able, strategy);
  return 'best' in strategy ? best(able, strategy.best) : preferred(able, strategy.prefer);
}

function turn(ctx: StepContext, { pointer }: People, able: readonly Person[], absent: Params['after_absence']): Choice | undefined {
  const places = able.map(({ id, user }) => ({ id, weight: weightOf(user) }));
  const id = takeTurn(ctx, pointer, places, absent ?? 'hold');
  const person = able.find((one) => one.id === id);
  if (!person) return undefined;
  person.reason = { code: 'turn', of: able.length };
  return { person, method: 'round_robin' };
}

function atRandom(ctx: StepContext, able: readonly Person[]): Person {
  const person = able[Math.floor(ctx.random() * able.length)] ?? able[0];
  if (!person) throw new RangeError('There is nobody to choose from.');
  person.reason = { code: 'random' };
  return person;
}

const OTHERS_LESS: Reason = { code: 'others_less' };
const ABLE: Reason = { code: 'able' };

function* least(
  ctx: StepContext,
  pool: People,
  able: readonly Person[],
  { least: load, within = 0 }: { least: Load; within?: number },
): Generator<DataRequest, Person[], void> {
  const loadOf = yield* loadsOf(ctx, load, pool);
  const loads = able.map(({ id }) => loadOf(id));
  const most = loads.reduce((lowest, has) => Math.min(lowest, has), Number.POSITIVE_INFINITY) + within;
  const left = able.filter((person, i) => {
    const has = loads[i] ?? 0;
    person.reason = has <= most ? { code: 'least', load: Math.round(has * 100) / 100 } : OTHERS_LESS;
    return has <= most;
  });
  return keepAble(left);
}

/** Those who fit the first of the wishes that anybody fits. */
function preferred(able: readonly Person[], wishes: readonly JsonObject[]): Person[] {
  const fitting = (wish: JsonObject): Person[] => able.filter(({ user }) => user && fits(user, wish));
  // A wish for what an expression has not found is none.
  const real = wishes.filter((wish) => Object.values(wish).some((value) => value !== null));
  const found = real.map(fitting).find((people) => people.length > 0);
  if (!found) return [...able];
  const chosen = new Set(found);
  for (const person of able) person.reason = chosen.has(person) ? { code: 'prefer' } : { code: 'others_fit' };
  return keepAble(found);
}

function best(able: readonly Person[], numbers: Readonly<Record<string, number>>): Person[] {
  const of = ({ id }: Person): number =>
    Object.hasOwn(numbers, id) ? (numbers[id] ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const highest = able.reduce((most, person) => Math.max(most, of(person)), Number.NEGATIVE_INFINITY);
  // Of nobody is anything known: it does not decide.
  if (highest === Number.NEGATIVE_INFINITY) return [...able];
  for (const person of able) person.reason = of(person) === highest ? { code: 'best', value: highest } : { code: 'others_better' };
  return keepAble(able.filter((person) => of(person) === highest));
}

/** Several are left: that they were equal is not yet why one of them is chosen. */
function keepAble(left: Person[]): Person[] {
  if (left.length > 1) for (const person of left) person.reason = ABLE;
  return left;
}
