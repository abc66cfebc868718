/** How one of those who can take a record is chosen: each strategy narrows them down, until one is left. */
import type { DataRequest, StepContext } from '../../engine/sdk.ts';
import { takeTurn } from './ledger.ts';
import { loadsOf } from './loads.ts';
import type { Load, Strategy } from './params.ts';
import type { People, Person } from './pool.ts';
import { isAble } from './pool.ts';

/** Weight of a person who has none: new-comers may have less, part-timers too. */
const USUAL_WEIGHT = 1;
/** No turn falls on who weighs nothing. */
const LEAST_WEIGHT = 0.001;

/** The method by which somebody was chosen. */
export interface Choice {
  person: Person;
  method: string;
}

/** Narrows the people of a pool down by the strategies; where several are left at the end, they take turns. */
export function* choose(ctx: StepContext, pool: People, strategies: readonly Strategy[]): Generator<DataRequest, Choice | undefined, void> {
  let left = pool.people.filter(isAble);
  for (const strategy of strategies) {
    if (left.length === 0) return undefined;
    if (strategy === 'random') return { person: atRandom(ctx, left), method: 'random' };
    if (strategy === 'round_robin') return turn(ctx, pool, left);
    if (typeof strategy === 'string') continue;
    const [only, ...others] = 'least' in strategy ? yield* least(ctx, pool, left, strategy.least) : best(left, strategy.best);
    if (only && others.length === 0) return { person: only, method: 'least' in strategy ? 'least' : 'best' };
    left = only ? [only, ...others] : [];
  }
  const narrowed = strategies.some((strategy) => typeof strategy !== 'string');
  return narrowed && left.length > 0 ? turn(ctx, pool, left) : undefined;
}

function turn(ctx: StepContext, { pointer }: People, able: readonly Person[]): Choice | undefined {
  const id = takeTurn(
    ctx,
    pointer,
    able.map(({ id, user }) => ({ id, weight: Math.max(LEAST_WEIGHT, typeof user?.weight === 'number' ? user.weight : USUAL_WEIGHT) })),
  );
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

function* least(ctx: StepContext, pool: People, able: readonly Person[], load: Load): Generator<DataRequest, Person[], void> {
  const users = pool.people.flatMap(({ user }) => user ?? []);
  const loads = yield* loadsOf(ctx, load, users, pool.team);
  const of = ({ id }: Person): number => loads.get(id) ?? 0;
  const lowest = Math.min(...able.map(of));
  for (const person of able)
    person.reason = of(person) === lowest ? { code: 'least', load: Math.round(lowest * 100) / 100 } : { code: 'others_less' };
  return keepAble(able.filter((person) => of(person) === lowest));
}

function best(able: readonly Person[], numbers: Readonly<Record<string, number>>): Person[] {
  const of = ({ id }: Person): number =>
    Object.hasOwn(numbers, id) ? (numbers[id] ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const highest = Math.max(...able.map(of));
  // Of nobody is anything known: it does not decide.
  if (highest === Number.NEGATIVE_INFINITY) return [...able];
  for (const person of able) person.reason = of(person) === highest ? { code: 'best', value: highest } : { code: 'others_better' };
  return keepAble(able.filter((person) => of(person) === highest));
}

/** Several are left: that they were equal is not yet why one of them is chosen. */
function keepAble(left: Person[]): Person[] {
  if (left.length > 1) for (const person of left) person.reason = { code: 'able' };
  return left;
}
