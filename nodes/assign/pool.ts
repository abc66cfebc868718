/** Who may be given a record: the people of a pool, and why some of them cannot. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { type DataRequest, findRecords, isoOf, loadRecord, type RecordView, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import { isId } from '../support/record.ts';
import type { Reason } from './words.ts';

const MOST_USERS = 1_000;

export const Pool = Type.Union(
  [
    Type.Object(
      {
        users: Value(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: MOST_USERS }), {
          description: 'Ids or keys of users, in the order in which they take turns.',
        }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        team: Value(Type.String({ minLength: 1, maxLength: 200 }), {
          description: 'Key, id or name of a team; its members take turns in their order.',
        }),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'Whom to choose from: `{ "team": "sales" }` or `{ "users": [...] }`.' },
);
export type Pool = Static<typeof Pool>;

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
const ABLE: ReadonlySet<Reason['code']> = new Set(['able', 'others_less', 'others_better']);

export interface People {
  /** Names the pool's own turns. */
  readonly pointer: string;
  /** How the pool is called in the explanation. */
  readonly name: string;
  /** Whose calendar counts where a person has none. */
  readonly team: RecordView | undefined;
  readonly people: readonly Person[];
}

/** Throws TaktError ASSIGN_TEAM_UNKNOWN, ASSIGN_TEAM_AMBIGUOUS. */
export function* peopleOf(ctx: StepContext, pool: Pool): Generator<DataRequest, People, void> {
  if ('users' in pool) {
    const pointer = `users:${ctx.run.workflowId}/${ctx.node.id}`;
    return { pointer, name: 'users', team: undefined, people: yield* persons(ctx, yield* userIds(ctx, pool.users)) };
  }
  const team = yield* findTeam(ctx, pool.team);
  const members = Array.isArray(team.members) ? team.members.filter((id) => typeof id === 'string') : [];
  return {
    pointer: `team:${team.id}`,
    name: String(team.name ?? pool.team),
    team,
    people: yield* persons(ctx, members.slice(0, MOST_USERS)),
  };
}

/** The user with this id or key. */
export function* personOf(ctx: StepContext, user: string): Generator<DataRequest, Person, void> {
  const [person] = yield* persons(ctx, yield* userIds(ctx, [user]));
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

function* persons(ctx: StepContext, ids: readonly string[]): Generator<DataRequest, Person[], void> {
  const unique = [...new Set(ids)];
  const real = unique.filter(isId);
  if (real.length > 0) yield { kind: 'records', ids: real };
  return unique.map((id) => person(id, isId(id) ? ctx.read(id) : undefined, ctx.now));
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
