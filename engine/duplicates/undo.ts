/** Taking a merge back: two records again, as far as nobody has touched since what the merge has written. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { RecordView, StepContext } from '../node/context.ts';
import type { DataRequest } from '../node/definition.ts';
import type { FieldChange } from './links.ts';
import { MERGED_INTO, type MergeRecord } from './merge.ts';

/** How long a merge can be taken back. */
const UNDO_MS = 30 * 86_400_000;

export interface Unmerged {
  readonly merge: string;
  readonly winner: string;
  readonly loser: string;
  /** Fields of the winner that have their old value again. */
  readonly restored: string[];
  /** What somebody has changed since and stays as it is: fields of the winner, and `<entity> <id>.<field>` of others. */
  readonly left: string[];
  /** Records that refer to the loser again. */
  readonly links: number;
}

/** A merge as it is kept; moments in milliseconds since the epoch. */
export type KeptMerge = MergeRecord & { readonly at: number; readonly undoneAt: number | null };

/** What it needs of a unit of work. */
export interface UndoContext extends Pick<StepContext, 'entities' | 'now' | 'read' | 'stored' | 'found' | 'update' | 'emit'> {
  restore(id: string): void;
  noteUndone(merge: KeptMerge): void;
}

/**
 * Throws MERGE_UNDONE, MERGE_TOO_OLD, RECORD_DELETED where the winner is gone, RECORD_KEY_TAKEN where another record has the loser's key.
 */
export function* undoMerge(ctx: UndoContext, merge: KeptMerge): Generator<DataRequest, Unmerged, void> {
  if (merge.undoneAt !== null) throw new TaktError('MERGE_UNDONE', { message: `The merge ${merge.id} was taken back already.` });
  if (ctx.now - merge.at > UNDO_MS) throw new TaktError('MERGE_TOO_OLD', { message: `The merge ${merge.id} is older than 30 days.` });
  const { winner: winnerId, loser: loserId, changes } = merge;
  yield { kind: 'records', ids: [...new Set([winnerId, loserId, ...changes.links.map(({ id }) => id)])] };
  const [winner, loser] = [ctx.read(winnerId), ctx.read(loserId)];
  if (!winner || winner.deleted || !loser) {
    throw new TaktError('RECORD_DELETED', {
      message: `The ${merge.entity} ${winnerId}, of which two are to become, is gone.`,
      hint: 'Restore it first, or take back the merge by which it went.',
    });
  }
  yield* keyIsFree(ctx, loser);
  bringBack(ctx, loser, winnerId);
  const { patch, left } = takenBack(ctx.stored(winnerId) ?? {}, changes.fields);
  if (Object.keys(patch).length > 0) ctx.update(winnerId, patch);
  let links = 0;
  for (const { id, entity, field, change } of changes.links) {
    const record = ctx.read(id);
    if (record && !record.deleted && isDeepStrictEqual(record[field] ?? null, change[1])) {
      ctx.update(id, { [field]: change[0] });
      links++;
    } else left.push(`${entity} ${id}.${field}`);
  }
  ctx.noteUndone(merge);
  ctx.emit('record.unmerged', merge.entity, { merge: merge.id, winner: winnerId, loser: loserId }, winnerId);
  return { merge: merge.id, winner: winnerId, loser: loserId, restored: Object.keys(patch), left, links };
}

function* keyIsFree(ctx: UndoContext, loser: RecordView): Generator<DataRequest, void, void> {
  if (!loser.deleted || typeof loser.key !== 'string') return;
  const query = { entity: loser.entity, match: { key: loser.key }, limit: 1 };
  yield { kind: 'find', query };
  const [other] = ctx.found(query);
  if (other) throw new TaktError('RECORD_KEY_TAKEN', { message: `The ${other.entity} ${other.id} has the key "${loser.key}" meanwhile.` });
}

function bringBack(ctx: UndoContext, loser: RecordView, winnerId: string): void {
  if (loser.deleted) ctx.restore(loser.id);
  if (loser[MERGED_INTO] === winnerId) ctx.update(loser.id, { [MERGED_INTO]: null });
}

function takenBack(winner: JsonObject, fields: Readonly<Record<string, FieldChange>>): { patch: JsonObject; left: string[] } {
  const patch: JsonObject = {};
  const left: string[] = [];
  for (const [field, [before, after]] of Object.entries(fields)) {
    if (isDeepStrictEqual(winner[field] ?? null, after)) patch[field] = before;
    else left.push(field);
  }
  return { patch, left };
}
