import type { JsonObject } from '../../schemas/json.ts';
import { aggregateKey, type ResolvedAggregate } from '../node/aggregate.ts';
import { type FindQuery, MOST_FOUND } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { StoreTx } from '../store/port.ts';
import type { StoredFind } from '../store/queries/records.ts';
import { behind, nothing, together } from '../store/together.ts';
import { findKey, isUuid } from './find.ts';
import { loadFacts } from './load-facts.ts';
import type { Hear, Request } from './request.ts';
import type { EventRow, RecordRow } from './rows.ts';
import type { Workspace } from './workspace.ts';

type Of<K extends Request['kind']> = Extract<Request, { kind: K }>;

/** Loads what the requests want into the workspace: one statement a kind. */
export async function load(tx: StoreTx, workspace: Workspace, requests: readonly Request[]): Promise<void> {
  const asked = requests.filter((request): request is Hear => request.kind === 'hear');
  const ids = asked.flatMap((request) => request.ids);
  const types = asked.flatMap((request) => request.types);
  const [, heard] = await together([
    read(tx, workspace, requests, new Set(ids)),
    asked.length > 0 ? readHeard(tx, { kind: 'hear', ids, types }, workspace.held !== undefined) : nothing,
  ]);
  if (heard) addHeard(workspace, heard);
}

/** @param shares records that are read with their locks */
async function read(tx: StoreTx, workspace: Workspace, requests: readonly Request[], shares: ReadonlySet<string>): Promise<void> {
  const of = <K extends Request['kind']>(kind: K): Of<K>[] => requests.filter((request): request is Of<K> => request.kind === kind);
  const locks = new Set(of('lock').flatMap((request) => request.ids.filter(isUuid)));
  const reads = new Set(of('records').flatMap((request) => request.ids.filter((id) => isUuid(id) && !locks.has(id) && !shares.has(id))));
  if (workspace.held) workspace.addHeld(await lockFree(tx, workspace, [...locks]));
  else await loadRecords(tx, workspace, [...locks], 'wait');
  await loadRecords(tx, workspace, [...reads], 'none');
  await loadFinds(tx, workspace, [...of('find').map((request) => request.query), ...of('finds').flatMap((request) => request.queries)]);
  await loadAggregates(
    tx,
    workspace,
    of('aggregate').map((request) => request.aggregate),
  );
  await loadPointers(
    tx,
    workspace,
    of('pointer').map((request) => request.key),
  );
  await loadEvents(
    tx,
    workspace,
    of('event').map((request) => request.id),
  );
  await claimKeys(
    tx,
    workspace,
    of('claim').map((request) => request.event),
  );
  for (const { id } of of('merge')) workspace.addMerge(id, isUuid(id) ? await tx.mergeById(id, true) : undefined);
  await loadMarks(
    tx,
    workspace,
    of('marks').flatMap((request) => request.keys),
  );
  for (const { types, correlations } of of('waits')) workspace.addWaits(correlations, await tx.waitsFor(types, correlations));
  await loadFacts(tx, workspace, requests);
}

/** What telling of events begins with, as the database has it. */
export interface Heard {
  request: Hear;
  /** Those that are shared now. */
  rows: readonly RecordRow[];
  /** Those that other transactions hold. */
  held: readonly RecordRow[];
  /** Types of events that anybody waits for. */
  waited: readonly string[];
}

/**
 * Who waits for what is asked behind the records' locks, and not before: see `recordsByIds` of the store.
 * @param free whether records that others hold are left out instead of waited for
 */
export async function readHeard(tx: StoreTx, request: Hear, free: boolean): Promise<Heard> {
  const ids = [...new Set(request.ids)].sort();
  const [rows, waited] = await together([
    ids.length > 0 ? tx.recordsByIds(ids, free ? 'shareFree' : 'share') : nothing,
    request.types.length > 0 ? behind(() => tx.waitedTypes(request.types)) : nothing,
  ]);
  const shared = new Set((rows ?? []).map((row) => row.id));
  const rest = ids.filter((id) => !shared.has(id));
  const held = free && rest.length > 0 ? await tx.recordsByIds(rest, 'none') : [];
  return { request, rows: rows ?? [], held, waited: waited ?? [] };
}

export function addHeard(workspace: Workspace, { request: { ids, types }, rows, held, waited }: Heard): void {
  const others = new Set(held.map((row) => row.id));
  workspace.addRecords(ids, [...rows, ...held], false);
  workspace.addHeld(others);
  // Not those that others hold: whoever needs them later must hear of it.
  workspace.addShared(ids.filter((id) => !others.has(id)));
  workspace.addWaitedTypes(types, waited);
}

/**
 * Locks records without waiting. One that another transaction holds is being written: whoever wants it comes again, and nobody deadlocks.
 * @returns ids of those that are held; the others are locked now, or do not exist
 */
async function lockFree(tx: StoreTx, workspace: Workspace, ids: readonly string[]): Promise<string[]> {
  return ids.length === 0 ? [] : addLocked(tx, workspace, ids, await tx.recordsByIds(ids, 'skip'));
}

/** As `lockFree`, where those that could be locked have been read already. */
export async function addLocked(
  tx: StoreTx,
  workspace: Workspace,
  ids: readonly string[],
  locked: readonly RecordRow[],
): Promise<string[]> {
  workspace.addRecords([], locked, true);
  const free = new Set(locked.map((row) => row.id));
  const rest = ids.filter((id) => !free.has(id));
  if (rest.length === 0) return [];
  const held = new Set((await tx.recordsByIds(rest, 'none')).map((row) => row.id));
  workspace.addRecords(
    rest.filter((id) => !held.has(id)),
    [],
    false,
  );
  return [...held];
}

async function loadMarks(tx: StoreTx, workspace: Workspace, keys: readonly string[]): Promise<void> {
  const distinct = [...new Set(keys)].filter((key) => !workspace.has({ kind: 'marks', keys: [key] })).sort();
  if (distinct.length === 0) return;
  for (const { key, value } of await tx.lockMarks(distinct)) workspace.addMark(key, value);
}

async function loadRecords(tx: StoreTx, workspace: Workspace, ids: readonly string[], lock: 'none' | 'wait'): Promise<void> {
  if (ids.length === 0) return;
  workspace.addRecords(ids, await tx.recordsByIds(ids, lock), lock === 'wait');
}

async function loadFinds(tx: StoreTx, workspace: Workspace, queries: readonly FindQuery[]): Promise<void> {
  const distinct = [...new Map(queries.map((query) => [findKey(query), query])).values()];
  if (distinct.length === 0) return;
  const ids = await tx.findRecordIds(distinct.map((query) => storedFind(query, workspace.surroundings.entities)));
  const missing = [...new Set(ids.flat())].filter((id) => workspace.row(id) === undefined);
  await loadRecords(tx, workspace, missing, 'none');
  for (const [i, query] of distinct.entries()) workspace.addFound(query, ids[i] ?? []);
}

/** Each has a form of its own, so each is a statement of its own. */
async function loadAggregates(tx: StoreTx, workspace: Workspace, aggregates: readonly ResolvedAggregate[]): Promise<void> {
  for (const aggregate of new Map(aggregates.map((one) => [aggregateKey(one), one])).values()) {
    const { hot, contains } = storedFind(aggregate, workspace.surroundings.entities);
    workspace.addAggregate(aggregate, await tx.aggregateRecords(aggregate, { hot, contains }));
  }
}

async function loadPointers(tx: StoreTx, workspace: Workspace, keys: readonly string[]): Promise<void> {
  const distinct = [...new Set(keys)].sort();
  if (distinct.length === 0) return;
  for (const { key, value } of await tx.lockPointers(distinct)) workspace.addPointer(key, value);
}

async function loadEvents(tx: StoreTx, workspace: Workspace, ids: readonly string[]): Promise<void> {
  const distinct = [...new Set(ids)];
  if (distinct.length > 0) workspace.addEvents(await tx.eventsByIds(distinct));
}

async function claimKeys(tx: StoreTx, workspace: Workspace, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  const fresh = await tx.insertEvents(events);
  const rest = events.filter((event) => !fresh.has(event.id));
  const keys = [...new Set(rest.flatMap((event) => event.key ?? []))];
  const owners = keys.length > 0 ? new Map((await tx.eventsByKeys(keys)).map((event) => [event.key, event.id])) : new Map<string, string>();
  for (const event of events) workspace.addClaim(event.id, fresh.has(event.id) ? event.id : (owners.get(event.key ?? '') ?? event.id));
}

const HOT = ['key', 'owner', 'stage', 'name'] as const;

/** Which fields are lists the entity knows: of those the value is asked as an element. */
function storedFind(query: FindQuery, entities: EntityRegistry): StoredFind {
  const entity = entities.require(query.entity);
  const hot: StoredFind['hot'] = {};
  const contains: JsonObject = {};
  for (const [field, value] of Object.entries(query.match)) {
    const column = HOT.find((name) => name === field);
    // An entity may have a field of its own that is called like a hot column (`name`): the hot column serves both.
    if (column) hot[column] = String(value);
    else contains[field] = isList(entity.field(field)) && !Array.isArray(value) ? [value] : value;
  }
  const { between } = query;
  return { entity: query.entity, hot, contains, ...(between ? { between } : {}), limit: Math.min(MOST_FOUND, Math.max(1, query.limit)) };
}

function isList(field: object | undefined): boolean {
  return field !== undefined && (Reflect.get(field, 'many') === true || Reflect.get(field, 'type') === 'multi_select');
}
