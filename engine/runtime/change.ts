/** Writes from outside: people, the API, imports, webhooks. They take the same way as the writes of steps. */
import type { JsonObject } from '../../schemas/json.ts';
import { type MergeRecord, mergeRecords, type Unmerged, undoMerge } from '../duplicates/index.ts';
import { TaktError } from '../errors/index.ts';
import type { RecordView } from '../node/context.ts';
import { checkJsonShape } from '../schema/json.ts';
import type { Author } from '../store/schema.ts';
import type { Request } from '../unit/request.ts';
import type { EventRow } from '../unit/rows.ts';
import { WriteUnit } from '../unit/step-unit.ts';
import type { Workspace } from '../unit/workspace.ts';

export type Change =
  /** `onExisting`: what to do where a record of this entity with `data.key` exists. */
  | { kind: 'create'; entity: string; data: JsonObject; onExisting: 'error' | 'update' | 'skip' }
  /** @param version the version that the change was made on; absent: any */
  | { kind: 'update'; id: string; data: JsonObject; version?: number }
  | { kind: 'delete'; id: string; version?: number }
  | { kind: 'restore'; id: string }
  /** Makes one record of two: `id` stays, `loser` goes. */
  | { kind: 'merge'; id: string; loser: string }
  /** Takes a merge back. @param id of the merge */
  | { kind: 'unmerge'; id: string }
  /** `key`: the idempotency key; a second event with it is not written. */
  | { kind: 'event'; type: string; topic: string; data: JsonObject; recordId?: string; key?: string };

export type Written =
  | { kind: 'record'; op: 'created' | 'updated' | 'deleted' | 'restored' | 'unchanged'; record: RecordView }
  | { kind: 'event'; id: string; duplicate: boolean }
  | { kind: 'merged'; merge: MergeRecord }
  | { kind: 'unmerged'; undone: Unmerged };

/** As committed: with the runs that an event has started. */
export type Changed = Exclude<Written, { kind: 'event' }> | (Extract<Written, { kind: 'event' }> & { runs: string[] });

const NAME = /^[a-z][a-z0-9_.-]{0,99}$/;

/** What an event may be called. */
export const isEventType = (type: string): boolean => NAME.test(type);

/** Carries one change out in the workspace. Throws RECORD_*, REFERENCE_*, ENTITY_UNKNOWN, EVENT_INVALID, MERGE_*. */
export function* applyChange(workspace: Workspace, change: Change, author: Author): Generator<Request, Written, void> {
  if ('data' in change) checkJsonShape(change.data);
  if (change.kind === 'event') return yield* applyEvent(workspace, change);
  if (change.kind === 'merge' || change.kind === 'unmerge') return yield* applyMerge(workspace, change, author);
  for (;;) {
    const unit = new WriteUnit(workspace, { author, chain: [] });
    const done = yield* writeRecord(unit, change);
    yield* checkReferences(unit);
    if (!unit.isFresh()) continue;
    const version = workspace.row(done.id)?.version;
    unit.merge();
    const row = workspace.row(done.id);
    if (!row) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${done.id}.` });
    return { kind: 'record', op: row.version === version ? 'unchanged' : done.op, record: workspace.view(row) };
  }
}

function* checkReferences(unit: WriteUnit): Generator<Request, void, void> {
  const references = unit.referencedIds();
  if (references.length === 0) return;
  yield { kind: 'records', ids: references };
  unit.checkReferences();
}

type MergeChange = Extract<Change, { kind: 'merge' | 'unmerge' }>;
type RecordChange = Exclude<Change, { kind: 'event' } | MergeChange>;
type Done = { id: string; op: 'created' | 'updated' | 'deleted' | 'restored' };

function* writeRecord(unit: WriteUnit, change: RecordChange): Generator<Request, Done, void> {
  if (change.kind === 'create') return yield* create(unit, change);
  yield { kind: 'lock', ids: [change.id] };
  const row = unit.row(change.id);
  if (!row) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${change.id}.` });
  if (change.kind !== 'restore' && change.version !== undefined && change.version !== row.version) {
    throw new TaktError('RECORD_VERSION_STALE', {
      message: `The record has version ${row.version} now; the change was made on version ${change.version}.`,
    });
  }
  if (change.kind === 'update') unit.update(change.id, change.data);
  else if (change.kind === 'delete') unit.remove(change.id);
  else unit.restore(change.id);
  return { id: change.id, op: change.kind === 'update' ? 'updated' : change.kind === 'delete' ? 'deleted' : 'restored' };
}

function* applyMerge(workspace: Workspace, change: MergeChange, author: Author): Generator<Request, Written, void> {
  for (;;) {
    const unit = new WriteUnit(workspace, { author, chain: [] });
    const written = change.kind === 'merge' ? yield* merge(unit, change) : yield* unmerge(unit, workspace, change.id);
    yield* checkReferences(unit);
    if (!unit.isFresh()) continue;
    unit.merge();
    return written;
  }
}

function* merge(unit: WriteUnit, { id, loser }: Extract<Change, { kind: 'merge' }>): Generator<Request, Written, void> {
  yield { kind: 'lock', ids: [id, loser] };
  return { kind: 'merged', merge: yield* mergeRecords(unit, id, loser) };
}

function* unmerge(unit: WriteUnit, workspace: Workspace, id: string): Generator<Request, Written, void> {
  yield { kind: 'merge', id };
  const kept = workspace.merge(id);
  if (!kept) throw new TaktError('MERGE_NOT_FOUND', { message: `There is no merge ${id.slice(0, 40)}.` });
  yield { kind: 'lock', ids: [kept.winner, kept.loser] };
  return { kind: 'unmerged', undone: yield* undoMerge(unit, kept) };
}

function* create(unit: WriteUnit, change: Extract<Change, { kind: 'create' }>): Generator<Request, Done, void> {
  const { entity, data, onExisting } = change;
  unit.entities.require(entity);
  const key = data.key;
  if (typeof key === 'string' && key !== '') {
    const query = { entity, match: { key }, limit: 1 };
    yield { kind: 'find', query };
    const existing = unit.found(query)[0];
    if (existing && onExisting === 'error') {
      throw new TaktError('RECORD_KEY_TAKEN', {
        pointer: '/key',
        field: 'key',
        message: `The ${entity} ${existing.id} has the key "${key}" already.`,
      });
    }
    if (existing && onExisting === 'skip') return { id: existing.id, op: 'updated' };
    if (existing) {
      yield { kind: 'lock', ids: [existing.id] };
      unit.update(existing.id, data);
      return { id: existing.id, op: 'updated' };
    }
  }
  return { id: unit.create({ entity, data }), op: 'created' };
}

function* applyEvent(workspace: Workspace, change: Extract<Change, { kind: 'event' }>): Generator<Request, Written, void> {
  const { type, topic, data, recordId, key } = change;
  if (!isEventType(type)) {
    throw new TaktError('EVENT_INVALID', {
      pointer: '/type',
      message: `"${type.slice(0, 50)}" is not an event type.`,
      hint: 'Lower-case letters, digits, dots: mail.opened.',
    });
  }
  if (key !== undefined && (key === '' || key.length > 300))
    throw new TaktError('EVENT_INVALID', { pointer: '/key', message: 'An idempotency key has 1 to 300 characters.' });
  if (recordId !== undefined) {
    yield { kind: 'records', ids: [recordId] };
    const row = workspace.row(recordId);
    if (!row) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${recordId}.` });
    if (row.deletedAt !== null)
      throw new TaktError('RECORD_DELETED', { message: `The ${row.entity} "${row.name}" (${row.id}) is deleted.` });
  }
  const { now, newId } = workspace.surroundings;
  const event: EventRow = { id: newId(), type, topic, recordId: recordId ?? null, at: now, data, key: key ?? null, chain: [] };
  if (key === undefined) {
    workspace.writeEvent(event);
    return { kind: 'event', id: event.id, duplicate: false };
  }
  yield { kind: 'claim', event };
  const owner = workspace.ownerOfClaim(event.id) ?? event.id;
  if (owner !== event.id) return { kind: 'event', id: owner, duplicate: true };
  workspace.matchEvent(event);
  return { kind: 'event', id: event.id, duplicate: false };
}
