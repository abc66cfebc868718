/** Who may be given a record: the people of a pool, and why some of them cannot. */
import { type DataRequest, findRecords, isoOf, loadRecord, type RecordView, type StepContext, TaktError } from '../../engine/sdk.ts';
import { isId } from '../support/record.ts';
import { fits } from './fitting.ts';
import { MOST_USERS, type Pool } from './pool-params.ts';
import type { Reason } from './words.ts';

/** A find gives no more. */
const MOST_FOUND = 100;

/** One of those that are looked at. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Undefined where there is no such user. */
  readonly user: RecordView | undefined;
  /** Why this one cannot take it, or was passed over, or was chosen. */
  reason: Reason;
}

/** Can this person take it? */
export const isAble = (person: Person): boolean => ABLE.has(person.reason.code);
const ABLE: ReadonlySet<Reason['code']> = new Set(['able', 'others_less', 'others_better', 'others_fit']);

export interface People {
  /** Names the pool's own turns. */
  readonly pointer: string;
  /** How the pool is called in the explanation. */
  readonly name: string;
  /** Whose calendar counts where a person has none. */
  readonly team: RecordView | undefined;
  readonly people: readonly Person[];
  /** Ids of those who are users. One list, so that all questions about them are known to be the same. */
  readonly users: readonly string[];
}

/** @param team whose calendar counts where a person has none */
export const peopleAmong = (people: readonly Person[], about: Omit<People, 'people' | 'users'>): People => ({
  ...about,
  people,
  users: people.flatMap(({ user }) => user?.id ?? []),
});

/**
 * The people of each pool that counts, in order. Who is in several is one person.
 * @throws TaktError ASSIGN_TEAM_UNKNOWN, ASSIGN_TEAM_AMBIGUOUS
 */
export function* peopleOf(ctx: StepContext, pools: readonly Pool[]): Generator<DataRequest, People[], void> {
  const known = new Map<string, Person>();
  const found: People[] = [];
  for (const [i, pool] of pools.entries()) {
    if (pool.when === false || pool.when === null) continue;
    const { ids, ...about } = yield* membersOf(ctx, pool, i);
    const all = yield* persons(ctx, ids, known);
    const { where } = pool;
    found.push(peopleAmong(where ? all.filter(({ user }) => user && fits(user, where)) : all, about));
  }
  return found;
}

type Members = Omit<People, 'people' | 'users'> & { ids: readonly string[] };

function* membersOf(ctx: StepContext, pool: Pool, index: number): Generator<DataRequest, Members, void> {
  // Lists that are written into a workflow have turns of their own.
  const own = `${ctx.run.workflowId}/${ctx.node.id}${index === 0 ? '' : `/${index}`}`;
  if (pool.team !== undefined) {
    const team = yield* findTeam(ctx, pool.team);
    const members = Array.isArray(team.members) ? team.members.filter((id) => typeof id === 'string') : [];
    // Those of a team who are filtered take turns among themselves.
    const pointer = pool.where ? `team:${team.id}:${own}` : `team:${team.id}`;
    return { pointer, name: String(team.name ?? pool.team), team, ids: members.slice(0, MOST_USERS) };
  }
  if (pool.users !== undefined) return { pointer: `users:${own}`, name: 'users', team: undefined, ids: yield* userIds(ctx, pool.users) };
  const users = yield* findRecords(ctx, { entity: 'user', match: pool.where ?? {}, limit: MOST_FOUND });
  return { pointer: `users:${own}`, name: 'users', team: undefined, ids: users.map(({ id }) => id) };
}

/** The user with this id or key. */
export function* personOf(ctx: StepContext, user: string): Generator<DataRequest, Person, void> {
  const [person] = yield* persons(ctx, yield* userIds(ctx, [user]), new Map());
  return person ?? missing(user);
}

function* findTeam(ctx: StepContext, team: string): Generator<DataRequest, RecordView, void> {
  const byId = isId(team) ? yield* loadRecord(ctx, team) : undefined;
  if (byId?.entity === 'team' && !byId.deleted) return byId;
  const byKey = yield* findRecords(ctx, { entity: 'team', match: { key: team }, limit: 1 });
  if (byKey[0]) return byKey[0];
  const byName = yield* findRecords(ctx, { entity: 'team', match: { name: team }, limit: 2 });
  const shown = JSON.stringify(team.slice(0, 60));
  const pointer = '/params/pool/team';
  if (byName.length > 1) throw new TaktError('ASSIGN_TEAM_AMBIGUOUS', { message: `Several teams are named ${shown}.`, pointer });
  if (byName[0]) return byName[0];
  throw new TaktError('ASSIGN_TEAM_UNKNOWN', { message: `There is no team ${shown}.`, pointer });
}

function* userIds(ctx: StepContext, users: readonly string[]): Generator<DataRequest, string[], void> {
  const ids: string[] = [];
  for (const user of users) {
    if (isId(user)) ids.push(user);
    else ids.push((yield* findRecords(ctx, { entity: 'user', match: { key: user }, limit: 1 }))[0]?.id ?? user);
  }
  return ids;
}

/** @param known gets those that are new */
function* persons(ctx: StepContext, ids: readonly string[], known: Map<string, Person>): Generator<DataRequest, Person[], void> {
  const unique = [...new Set(ids)];
  // What is no id is no record, and is not asked for.
  yield { kind: 'records', ids: unique };
  return unique.map((id) => {
    const one = known.get(id) ?? person(id, ctx.read(id), ctx.now);
    known.set(id, one);
    return one;
  });
}

function person(id: string, user: RecordView | undefined, now: number): Person {
  if (user?.entity !== 'user') return missing(id);
  return { id, name: typeof user.name === 'string' ? user.name : id, user, reason: standing(user, now) };
}

const missing = (id: string): Person => ({ id, name: id, user: undefined, reason: { code: 'missing' } });

/** Who is deleted, inactive or on leave takes nothing, whatever the rules. */
function standing(user: RecordView, now: number): Reason {
  if (user.deleted) return { code: 'deleted' };
  if (user.active === false) return { code: 'inactive' };
  const [from, until] = [momentIn(user.away_from), momentIn(user.away_until)];
  const away = (from !== undefined || until !== undefined) && (from ?? now) <= now && now < (until ?? Number.POSITIVE_INFINITY);
  return away ? { code: 'away', until: until === undefined ? null : isoOf(until) } : { code: 'able' };
}

const momentIn = (value: unknown): number | undefined => (typeof value === 'string' ? Date.parse(value) : undefined);
