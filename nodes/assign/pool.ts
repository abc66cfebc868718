/** Who may be given a record: the people of a pool, and why some of them cannot. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { type DataRequest, findRecords, loadRecord, type RecordView, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import { isId } from '../support/record.ts';

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

/** One of those that were looked at. `why` says, while nobody is chosen yet, why not this one. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly eligible: boolean;
  readonly why: string;
}

export interface People {
  /** Names the pool's own round-robin position. */
  readonly pointer: string;
  /** How the pool is called in the explanation. */
  readonly name: string;
  readonly candidates: readonly Candidate[];
}

/** Throws TaktError ASSIGN_TEAM_UNKNOWN, ASSIGN_TEAM_AMBIGUOUS. */
export function* peopleOf(ctx: StepContext, pool: Pool): Generator<DataRequest, People, void> {
  if ('users' in pool) {
    const pointer = `users:${ctx.run.workflowId}/${ctx.node.id}`;
    return { pointer, name: 'users', candidates: yield* candidates(ctx, yield* userIds(ctx, pool.users)) };
  }
  const team = yield* findTeam(ctx, pool.team);
  const members = Array.isArray(team.members) ? team.members.filter((id) => typeof id === 'string') : [];
  return {
    pointer: `team:${team.id}`,
    name: String(team.name ?? pool.team),
    candidates: yield* candidates(ctx, members.slice(0, MOST_USERS)),
  };
}

/** The user with this id or key as a candidate. */
export function* personOf(ctx: StepContext, user: string): Generator<DataRequest, Candidate, void> {
  const [candidate] = yield* candidates(ctx, yield* userIds(ctx, [user]));
  return candidate ?? missing(user);
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

function* candidates(ctx: StepContext, ids: readonly string[]): Generator<DataRequest, Candidate[], void> {
  const unique = [...new Set(ids)];
  const real = unique.filter(isId);
  if (real.length > 0) yield { kind: 'records', ids: real };
  return unique.map((id) => candidate(id, isId(id) ? ctx.read(id) : undefined));
}

function candidate(id: string, user: RecordView | undefined): Candidate {
  if (user?.entity !== 'user') return missing(id);
  const name = typeof user.name === 'string' ? user.name : id;
  if (user.deleted) return { id, name, eligible: false, why: 'Deleted.' };
  if (user.active === false) return { id, name, eligible: false, why: 'Not active.' };
  return { id, name, eligible: true, why: 'Able to take it, but not chosen.' };
}

const missing = (id: string): Candidate => ({ id, name: id, eligible: false, why: 'There is no such user.' });
