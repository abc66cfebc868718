/** The measures of distribution over a time, from what is kept: changes of owner, the steps that made them, what the owners promised. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { StoreTx } from '../store/port.ts';
import type { OwnerChange } from '../store/queries/assignments.ts';
import type { NodeOutput } from '../store/queries/runs.ts';
import { localAt } from '../time/written.ts';
import { contains } from '../unit/find.ts';
import type { RecordRow } from '../unit/rows.ts';
import { type Aim, type Figures, type Given, type Grouping, grouped, measure, missedAims, passedOn } from './measures.ts';

/** What an owner has to do about a record by a moment. Whoever asks says which entity that is: the engine knows no tasks. */
export interface PromiseEntity {
  entity: string;
  /** Fields: the record that it is about, when it is due, when it was done. */
  record: string;
  due: string;
  at: string;
  /** What it contains when it is done, and as long as it is open. */
  done: JsonObject;
  open: JsonObject;
}

export interface AssignmentQuery {
  entity: string;
  /** Milliseconds since the epoch; `until` does not belong to the time. */
  from: number;
  until: number;
  by: Grouping;
  /** IANA zone in which days are meant. */
  zone: string;
  promise: PromiseEntity;
}

export interface AssignmentReport {
  total: Figures & { missed: Aim[] };
  /** `key`: the strategy, the team or list, the id of a person, or the day. */
  groups: (Figures & { key: string | null; missed: Aim[] })[];
}

const DAY = 86_400_000;
/** A quarter of a year. */
const MOST_DAYS = 92;
/** Changes of owner that are read: their steps keep up to 50 candidates each. */
const MOST_CHANGES = 50_000;
const PAGE = 500;
/** Promises about one record that are looked at, the oldest. */
const MOST_PROMISES = 50;

/** Can the query be answered? Asked before, so that a wrong one fails nobody but who asks. Throws MEASURES_SPAN, ENTITY_UNKNOWN, TIMEZONE_UNKNOWN. */
export function checkAssignmentQuery({ entity, from, until, zone }: AssignmentQuery, entities: EntityRegistry): void {
  entities.require(entity);
  localAt(from, zone);
  if (!(from < until && until - from <= MOST_DAYS * DAY)) throw new TaktError('MEASURES_SPAN');
}

/**
 * Reads in pages, so that what is in memory at once is bounded.
 * @param query that has been checked
 * @param now milliseconds; a promise that is due later is not broken yet
 * @returns null where there are more than 50,000 changes of owner
 */
export async function reportAssignments(
  store: StoreTx,
  entities: EntityRegistry,
  query: AssignmentQuery,
  now: number,
): Promise<AssignmentReport | null> {
  const stages = new Map((entities.require(query.entity).definition.stages ?? []).map(({ id, kind = 'open' }) => [id, kind]));
  const given: Given[] = [];
  let read = 0;
  for (let after: OwnerChange | undefined; ; ) {
    const page = await store.ownerChanges(query, after, PAGE);
    read += page.length;
    if (read > MOST_CHANGES) return null;
    given.push(...(await givenIn(store, page, { query, stages, now })));
    after = page.at(-1);
    if (page.length < PAGE) break;
  }
  return reportOf(given, query);
}

/** @param given of the time that is measured, in order */
export function reportOf(given: readonly Given[], { by, zone }: Pick<AssignmentQuery, 'by' | 'zone'>): AssignmentReport {
  const passed = passedOn(given);
  const judged = (list: readonly Given[]): Figures & { missed: Aim[] } => {
    const figures = measure(list, passed, zone);
    return { ...figures, missed: missedAims(figures) };
  };
  return { total: judged(given), groups: grouped(given, by, zone).map(([key, list]) => ({ key, ...judged(list) })) };
}

interface Surroundings {
  query: AssignmentQuery;
  stages: ReadonlyMap<string, Given['outcome']>;
  now: number;
}

async function givenIn(store: StoreTx, page: readonly OwnerChange[], { query, stages, now }: Surroundings): Promise<Given[]> {
  const changes = page.flatMap((change) => (change.to === null ? [] : [{ ...change, to: change.to }]));
  const outputs = await outputsBehind(store, changes);
  const firsts = changes.filter(({ first }) => first);
  const promises = await promisesAbout(store, query.promise, firsts);
  const kept = new Map(firsts.map(({ recordId }, i) => [recordId, isKept(promises[i] ?? [], query.promise, now)]));
  return changes.map((change) => {
    const output = outputBehind(change, outputs)?.output;
    const step = isObject(output) ? output : {};
    const method = typeof step.method === 'string' ? step.method : change.author.kind === 'run' ? 'workflow' : 'by_hand';
    return {
      recordId: change.recordId,
      at: change.at,
      to: change.to,
      first: change.first,
      createdAt: change.createdAt,
      method,
      pool: typeof step.pool === 'string' ? step.pool : null,
      able: ableIn(step.candidates),
      inTime: change.first ? (kept.get(change.recordId) ?? null) : null,
      outcome: (change.stage === null ? undefined : stages.get(change.stage)) ?? 'open',
    };
  });
}

/** What the nodes have given that made the changes. */
export async function outputsBehind(store: StoreTx, changes: readonly Pick<OwnerChange, 'author'>[]): Promise<NodeOutput[]> {
  const places = changes.flatMap(({ author }) => (author.kind === 'run' ? [author] : []));
  if (places.length === 0) return [];
  return store.outputsOfNodes([...new Set(places.map(({ id }) => id))], [...new Set(places.map(({ node }) => node))]);
}

/** Of these the one that says of the owner whom the change has brought; a node may have been entered several times. */
export function outputBehind({ author, to }: Pick<OwnerChange, 'author' | 'to'>, outputs: readonly NodeOutput[]): NodeOutput | undefined {
  if (author.kind !== 'run') return undefined;
  return outputs.findLast(
    ({ runId, node, output }) => runId === author.id && node === author.node && isObject(output) && output.owner === to,
  );
}

function ableIn(candidates: Json | undefined): string[] {
  if (!Array.isArray(candidates)) return [];
  return candidates.flatMap((one) => (isObject(one) && one.eligible === true && typeof one.id === 'string' ? [one.id] : []));
}

/** Those of the owners whom the changes have brought, in the order of the changes, the oldest promise first. */
async function promisesAbout(
  store: StoreTx,
  { entity, record }: PromiseEntity,
  changes: readonly { recordId: string; to: string }[],
): Promise<RecordRow[][]> {
  if (changes.length === 0) return [];
  // Whose they are is asked here: with the owner in the find the planner joins a second index to it, 0.23 ms a record instead of 0.02.
  const ids = await store.findRecordIds(
    changes.map(({ recordId }) => ({ entity, contains: { [record]: { id: recordId } }, hot: {}, limit: MOST_PROMISES })),
  );
  const rows = new Map((await store.recordsByIds([...new Set(ids.flat())], 'none')).map((row) => [row.id, row]));
  return ids.map((list, i) => list.flatMap((id) => rows.get(id) ?? []).filter(({ owner }) => owner === changes[i]?.to));
}

/**
 * The first that was done counts: it was kept where that was by the moment at which it was due. Where none is done, it is broken as soon as
 * one that is open is due.
 */
function isKept(promises: readonly RecordRow[], { due, at, done, open }: PromiseEntity, now: number): boolean | null {
  const moments = (fits: JsonObject): { due: number; at: number }[] =>
    promises.filter(({ data }) => contains(data, fits)).map(({ data }) => ({ due: momentIn(data[due]), at: momentIn(data[at]) }));
  const [first] = moments(done)
    .filter((one) => !Number.isNaN(one.at))
    .sort((a, b) => a.at - b.at);
  if (first) return Number.isNaN(first.due) ? null : first.at <= first.due;
  return moments(open).some((one) => one.due < now) ? false : null;
}

const momentIn = (value: Json | undefined): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
