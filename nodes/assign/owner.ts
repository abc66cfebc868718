import { type Static, Type } from 'typebox';
import { type DataRequest, defineNode, type StepContext, TaktError, takePointer, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { RecordId } from '../support/params.ts';
import { brief, list, part } from '../support/summary.ts';
import { type Candidate, type People, Pool, peopleOf, personOf } from './pool.ts';

/** Candidates that an explanation keeps; of a larger pool the chosen one and the first others. */
const MOST_EXPLAINED = 50;

const Params = Type.Object(
  {
    strategy: Type.Array(Type.Enum(['fixed', 'round_robin']), {
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      description:
        'How to choose, each tried in turn until one gives somebody. `fixed`: the `user`. `round_robin`: one after the other from the pool.',
    }),
    pool: Type.Optional(Pool),
    user: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: 'For `fixed`: id or key of the user.' })),
    fallback: Type.Optional(
      Type.Object(
        { queue: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the queue.' }) },
        { additionalProperties: false, description: 'Where it belongs when nobody can take it; stands in the output, by port `nobody`.' },
      ),
    ),
    overwrite: Type.Optional(Type.Boolean({ default: false, description: 'Gives the record to somebody new even if it has an owner.' })),
  },
  {
    additionalProperties: false,
    allOf: [needs('round_robin', 'pool'), needs('fixed', 'user')],
  },
);

const CandidateOut = Type.Object({
  id: Type.String(),
  name: Type.String(),
  eligible: Type.Boolean({ description: 'Could this person take it?' }),
  why: Type.String({ description: 'Why this one, or why not.' }),
});

export const ownerNode = defineNode({
  type: 'assign.owner',
  version: 1,
  title: 'Assign an owner',
  description:
    'Gives the record to a person and keeps why this one, and for each other candidate why not. An owner that it has already is kept. Turns are exact: each position of a round-robin is given out once, whatever runs at the same time. The position counts over those who can take work at the moment, so when people come, go or become inactive, the turn can skip or repeat somebody once.',
  params: Params,
  example: { pool: { team: 'sales' }, strategy: ['round_robin'], fallback: { queue: 'duty' } },
  summary(params) {
    const { team, users } = part(params.pool);
    const whom = params.pool === undefined ? brief(params.user) : team === undefined ? `${brief(users)}` : `team ${brief(team)}`;
    return `${list(params.strategy).join(', ').replaceAll('_', ' ')}: ${whom}`;
  },
  ports: ['assigned', 'nobody'],
  output: Type.Object({
    owner: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], { description: 'Id of the owner; null when nobody could take it.' }),
    kept: Type.Boolean({ description: 'Was there an owner before, who stays?' }),
    method: Type.Union([Type.String(), Type.Null()], { description: 'The strategy that chose.' }),
    pool: Type.Union([Type.String(), Type.Null()], { description: 'The team or list that was chosen from.' }),
    queue: Type.Union([Type.String(), Type.Null()], { description: 'The fallback queue, when nobody could take it.' }),
    candidates: Type.Array(CandidateOut, { description: 'At most 50 of those that were looked at.' }),
  }),
  *run(ctx, params) {
    const { record } = ctx;
    if (!record) throw new TaktError('RUN_NO_RECORD');
    const nothing: JsonObject = { owner: null, kept: false, method: null, pool: null, queue: null, candidates: [] };
    if (typeof record.owner === 'string' && params.overwrite !== true)
      return { kind: 'next', port: 'assigned', output: { ...nothing, owner: record.owner, kept: true } };

    const people = params.pool ? yield* peopleOf(ctx, params.pool) : undefined;
    const seen = new Map<string, Candidate>(people?.candidates.map((one) => [one.id, one]));
    for (const method of params.strategy) {
      const chosen = method === 'fixed' ? yield* fixed(ctx, params, seen) : yield* roundRobin(ctx, people);
      if (!chosen) continue;
      seen.set(chosen.id, chosen);
      ctx.update(record.id, { owner: chosen.id });
      const output = { ...nothing, owner: chosen.id, method, pool: people?.name ?? null, candidates: explained(seen, chosen.id) };
      return { kind: 'next', port: 'assigned', output };
    }
    const output = { ...nothing, pool: people?.name ?? null, queue: params.fallback?.queue ?? null, candidates: explained(seen) };
    return { kind: 'next', port: 'nobody', output };
  },
});

/** The named user; told among the candidates also when they cannot take it. */
function* fixed(
  ctx: StepContext,
  params: Static<typeof Params>,
  seen: Map<string, Candidate>,
): Generator<DataRequest, Candidate | undefined, void> {
  if (typeof params.user !== 'string') return undefined;
  const person = yield* personOf(ctx, params.user);
  if (person.eligible) return { ...person, why: 'Chosen: the user that the workflow names.' };
  seen.set(person.id, person);
  return undefined;
}

function* roundRobin(ctx: StepContext, people: People | undefined): Generator<DataRequest, Candidate | undefined, void> {
  const able = people?.candidates.filter((one) => one.eligible) ?? [];
  if (!people || able.length === 0) return undefined;
  const position = yield* takePointer(ctx, people.pointer);
  const turn = position % able.length;
  const chosen = able[turn];
  return (
    chosen && {
      ...chosen,
      why: `Chosen: turn ${position + 1} of the round-robin falls on number ${turn + 1} of ${able.length} who can take it.`,
    }
  );
}

function explained(seen: ReadonlyMap<string, Candidate>, chosen?: string): JsonObject[] {
  const all = [...seen.values()];
  const first = all.filter((one) => one.id === chosen);
  return [...first, ...all.filter((one) => one.id !== chosen)].slice(0, MOST_EXPLAINED).map((one) => ({ ...one }));
}

/** A strategy that cannot work without the parameter. */
function needs(strategy: string, param: string) {
  return { anyOf: [{ properties: { strategy: { not: { contains: { const: strategy } } } } }, { required: [param] }] };
}
