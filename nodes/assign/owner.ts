import { Type } from 'typebox';
import {
  type DataRequest,
  defineNode,
  type NodeResult,
  noPersonInWords,
  policyOf,
  readMark,
  release,
  type StepContext,
  TaktError,
} from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { brief, list, part } from '../support/summary.ts';
import { capacitiesOf, sift } from './eligibility.ts';
import { lockLedger, noteGiven } from './ledger.ts';
import { askLoads, type Load } from './loads.ts';
import { Params } from './params.ts';
import { isAble, type People, type Person, peopleAmong, peopleOf, personOf } from './pool.ts';
import { type Hold, holdOf, waitAsFirst, waitInLine } from './queue.ts';
import { type Choice, choose } from './strategies.ts';
import { type Reason, wordsIn } from './words.ts';

/** Candidates that an explanation keeps; of a larger pool the chosen one and the first others. */
const MOST_EXPLAINED = 50;
/** A line of deputies that is longer goes in a circle, or nowhere. */
const MOST_DEPUTIES = 10;

const CandidateOut = Type.Object({
  id: Type.String(),
  name: Type.String(),
  eligible: Type.Boolean({ description: 'Could this person take it?' }),
  reason: Type.String({ description: 'Why this one, or why not, as a code: `chosen by turn`, `away`, `off_hours`, `full` …' }),
  why: Type.String({ description: 'The same as a sentence in the language of the workflow.' }),
});

export const ownerNode = defineNode({
  type: 'assign.owner',
  version: 1,
  title: 'Assign an owner',
  description:
    'Gives the record to a person – of a pool those who can take it, of them the one whom the strategies choose – and keeps why this one, and for each other candidate why not. An owner that it has already is kept. Where the policy of its priority wants no person, it goes out by `automatic`, or by `nobody` where nothing leaves that port. Turns and limits are exact, whatever runs at the same time: of equal people nobody is more than one ahead, and whoever cannot take it for a while keeps their position.',
  params: Params,
  example: {
    pool: { team: 'sales' },
    eligibility: { working: true, before_break: 'PT10M', capacity: { load: 'open', max: 50, back: 45 } },
    strategy: [{ least: 'given_day' }, 'round_robin'],
    fallback: { queue: 'duty' },
  },
  summary: (params) =>
    `${list(params.strategy)
      .map((one) => (typeof one === 'string' ? one.replaceAll('_', ' ') : (Object.keys(part(one))[0] ?? '')))
      .join(', ')}: ${whom(params)}`,
  ports: ['assigned', 'nobody', 'automatic'],
  output: Type.Object({
    owner: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], { description: 'Id of the owner; null when nobody could take it.' }),
    kept: Type.Boolean({ description: 'Was there an owner before, who stays?' }),
    method: Type.Union([Type.String(), Type.Null()], { description: 'The strategy that chose.' }),
    pool: Type.Union([Type.String(), Type.Null()], { description: 'The team or list that was chosen from.' }),
    queue: Type.Union([Type.String(), Type.Null()], { description: 'The fallback queue, when nobody could take it.' }),
    free_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description:
        'When the first of those who do not work now, have a break soon or are on leave works again; null where somebody took it, or nobody knows.',
    }),
    why: Type.Union([Type.String(), Type.Null()], {
      description: 'Why no person takes it, as a sentence in the language of the workflow, where the policy of its priority wants none.',
    }),
    candidates: Type.Array(CandidateOut, { description: 'At most 50 of those that were looked at.' }),
  }),
  *run(ctx, params) {
    const hold = holdOf(ctx, params.fallback);
    if (!hold) return yield* attempt(ctx, params, undefined);
    // While others wait, nobody goes past them.
    const queue = yield* readMark(ctx, hold.key);
    if (queue !== null && !isKept(ctx, params) && !isForNobody(ctx)) return yield* waitInLine(ctx, hold);
    return yield* attempt(ctx, params, hold);
  },
  *resume(ctx, _wake, memo, params) {
    const resolved = params();
    const hold = holdOf(ctx, resolved.fallback, memo);
    return yield* attempt(ctx, resolved, hold);
  },
});

const whom = ({ pool, user, known }: JsonObject): string =>
  pool === undefined
    ? brief(user ?? known)
    : (Array.isArray(pool) ? pool : [pool])
        .map(part)
        .map(({ team, users, where }) => (team === undefined ? brief(users ?? where) : `team ${brief(team)}`))
        .join(', else ');

const isKept = ({ record }: StepContext, { overwrite }: Params): boolean => typeof record?.owner === 'string' && overwrite !== true;

const isForNobody = ({ entities, record }: StepContext): boolean => record !== undefined && policyOf(entities, record)?.person === false;

const NOTHING: JsonObject = { owner: null, kept: false, method: null, pool: null, queue: null, free_at: null, why: null, candidates: [] };

/** Looks for somebody. @param hold where the record waits if there is nobody */
function* attempt(ctx: StepContext, params: Params, hold: Hold | undefined): Generator<DataRequest, NodeResult, void> {
  const { record } = ctx;
  if (!record) throw new TaktError('RUN_NO_RECORD');
  // While it waited somebody may have taken it by hand: that counts, whatever it was to be taken from.
  if (isKept(ctx, params) || (hold && typeof record.owner === 'string' && record.owner !== hold.owner)) {
    if (hold) yield* release(ctx, hold.key);
    return { kind: 'next', port: 'assigned', output: { ...NOTHING, owner: record.owner ?? null, kept: true } };
  }
  const policy = policyOf(ctx.entities, record);
  if (policy?.person === false) {
    if (hold) yield* release(ctx, hold.key);
    const output = { ...NOTHING, owner: record.owner ?? null, why: noPersonInWords(policy, ctx.settings.locale) };
    return { kind: 'next', port: 'automatic', or: 'nobody', output };
  }
  const pools = params.pool === undefined ? [] : Array.isArray(params.pool) ? params.pool : [params.pool];
  const people = yield* peopleOf(ctx, pools);
  const seen = new Map<string, Person>(people.flatMap((pool) => pool.people.map((one) => [one.id, one])));
  const choice = yield* decide(ctx, params, people, seen);
  if (!choice && hold && hold.until > ctx.now) return yield* waitAsFirst(ctx, hold, { people: [...seen.keys()], freeAt: freeAt(seen) });
  if (hold) yield* release(ctx, hold.key);
  const pool = choice?.pool ?? people[0];
  const explained: JsonObject = { ...NOTHING, pool: pool?.name ?? null, candidates: explanation(ctx, seen, choice?.person.id) };
  if (!choice) {
    const output = { ...explained, queue: params.fallback?.queue ?? null, free_at: freeAt(seen) };
    return { kind: 'next', port: 'nobody', output };
  }
  ctx.update(record.id, { owner: choice.person.id });
  return { kind: 'next', port: 'assigned', output: { ...explained, owner: choice.person.id, method: choice.method } };
}

/** Somebody of a pool, or whom the workflow names. */
type Decision = Choice & { pool?: People };

/** @param seen gets whoever is looked at beside the pools */
function* decide(
  ctx: StepContext,
  params: Params,
  pools: readonly People[],
  seen: Map<string, Person>,
): Generator<DataRequest, Decision | undefined, void> {
  const named = yield* namedOnes(ctx, params, seen);
  const pooled = new Set(pools.flatMap(({ people }) => people));
  const others = [...seen.values()].filter((person) => !pooled.has(person));
  const beside = peopleAmong(
    others.filter((person) => person !== named.duty?.person),
    { pointer: '', name: '', team: undefined },
  );
  yield* lockLedger(
    [...pools.flatMap(({ users }) => users), ...others.flatMap(({ user }) => user?.id ?? [])],
    pools.map(({ pointer }) => pointer),
  );
  // Before anything of it is looked at: of a batch, those who have looked before another one wrote would have to begin again.
  for (const load of loadsWanted(params)) for (const pool of [...pools, beside]) yield* askLoads(ctx, load, pool);
  if (params.eligibility) yield* sift(ctx, beside, params.eligibility);
  const choice = (yield* firstOf(ctx, params, pools, named)) ?? onDuty(named);
  if (choice) {
    noteGiven(ctx, choice.person.id);
    passOver(seen, pools, choice);
  }
  return choice;
}

const loadsWanted = ({ eligibility = {}, strategy }: Params): Load[] => [
  ...capacitiesOf(eligibility).map(({ load }) => load),
  ...strategy.flatMap((one) => (typeof one === 'object' && 'least' in one ? [one.least] : [])),
];

/** Whose pool had no turn, and who would have stood in: nobody has asked whether they could take it, so nobody says that they could. */
function passOver(seen: ReadonlyMap<string, Person>, pools: readonly People[], { pool, person }: Decision): void {
  if (pool && pools.length === 1 && pool.people.length === seen.size) return;
  const asked = new Set(pools.slice(0, pool ? pools.indexOf(pool) + 1 : pools.length).flatMap(({ people }) => people));
  for (const one of seen.values()) if (one !== person && !asked.has(one) && isAble(one)) one.reason = { code: 'not_asked' };
}

/** The pools one after the other, until somebody of one can take it. */
function* firstOf(
  ctx: StepContext,
  params: Params,
  pools: readonly People[],
  named: Named,
): Generator<DataRequest, Decision | undefined, void> {
  for (const pool of pools) {
    if (params.eligibility) yield* sift(ctx, pool, params.eligibility);
    const choice = firstNamed(params, named) ?? (yield* choose(ctx, pool, params));
    if (choice) return { ...choice, pool };
  }
  return pools.length === 0 ? firstNamed(params, named) : undefined;
}

interface NamedOne {
  person: Person;
  /** Why it would be this one. */
  reason: Reason;
  /** Could they take it, before anything was asked about the hour and their work? */
  stands: boolean;
}
type Named = { [K in 'fixed' | 'known' | 'duty']?: NamedOne };

/** Those whom the workflow names, or who stand in for them. */
function* namedOnes(ctx: StepContext, params: Params, seen: Map<string, Person>): Generator<DataRequest, Named, void> {
  const named: Named = {};
  const wanted = { fixed: params.user, known: params.known, duty: params.fallback?.duty };
  for (const kind of ['fixed', 'known', 'duty'] as const) {
    const user = wanted[kind];
    if (typeof user === 'string') named[kind] = yield* standIn(ctx, user, { code: kind }, params.deputies !== false, seen);
  }
  return named;
}

/** The person, or, where they are away, the deputy, or theirs. A circle of deputies leads to nobody. */
function* standIn(
  ctx: StepContext,
  user: string,
  reason: Reason,
  deputies: boolean,
  seen: Map<string, Person>,
): Generator<DataRequest, NamedOne, void> {
  const line: Person[] = [];
  for (let next = user; line.length < MOST_DEPUTIES; ) {
    const found = yield* personOf(ctx, next);
    const person = seen.get(found.id) ?? found;
    if (line.includes(person)) break;
    seen.set(person.id, person);
    line.push(person);
    const deputy = person.user?.deputy;
    if (!deputies || person.reason.code !== 'away' || typeof deputy !== 'string') break;
    next = deputy;
  }
  const [first] = line;
  const last = line.at(-1);
  if (!first || !last) throw new RangeError('Nobody was looked for.');
  return { person: last, reason: last === first ? reason : { code: 'deputy', of: first.name }, stands: isAble(last) };
}

/** The first of the strategies that name a person whose person can take it. */
function firstNamed({ strategy }: Params, named: Named): Choice | undefined {
  for (const method of strategy) {
    const one = method === 'fixed' || method === 'known' ? named[method] : undefined;
    if (one && isAble(one.person)) return chosen(one, String(method));
    // What stands before it in the list has its turn first.
    if (typeof method !== 'string' || method === 'round_robin' || method === 'random') return undefined;
  }
  return undefined;
}

const onDuty = ({ duty }: Named): Choice | undefined => (duty?.stands ? chosen(duty, 'duty') : undefined);

function chosen({ person, reason }: NamedOne, method: string): Choice {
  person.reason = reason;
  return { person, method };
}

/** The earliest moment at which one of those who are not there is back. */
function freeAt(seen: ReadonlyMap<string, Person>): string | null {
  const moments = [...seen.values()].flatMap(({ reason }) => ('until' in reason ? (reason.until ?? []) : [])).sort();
  return moments[0] ?? null;
}

function explanation(ctx: StepContext, seen: ReadonlyMap<string, Person>, chosen?: string): JsonObject[] {
  const all = [...seen.values()];
  const first = all.filter((one) => one.id === chosen);
  const inWords = wordsIn(ctx.settings.locale, ctx.settings.timezone);
  return [...first, ...all.filter((one) => one.id !== chosen)].slice(0, MOST_EXPLAINED).map((person) => ({
    id: person.id,
    name: person.name,
    eligible: person.id === chosen || isAble(person),
    reason: person.reason.code,
    why: inWords(person.reason),
  }));
}
