/** One record out of two: what they become, what refers to them, and how to take it back. Pure: asks and writes by its unit of work. */
import { isDeepStrictEqual } from 'node:util';
import type { DuplicateRules, FieldDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { RecordView, StepContext } from '../node/context.ts';
import type { DataRequest } from '../node/definition.ts';
import { stricterPriority } from '../policies/policy.ts';
import type { Entity } from '../records/index.ts';
import { rulesOf } from './find.ts';
import { type FieldChange, type LinkChange, linksTo } from './links.ts';

/** What a merge has done, as it is kept to be taken back. */
export interface MergeRecord {
  readonly id: string;
  readonly entity: string;
  readonly winner: string;
  readonly loser: string;
  readonly changes: MergeChanges;
}

export interface MergeChanges {
  /** Of the winner: field → [before, after]. */
  fields: Record<string, FieldChange>;
  /** Of what referred to the loser. */
  links: LinkChange[];
}

/** What a merge needs of a unit of work. */
export type MergeContext = Pick<
  StepContext,
  'entities' | 'read' | 'stored' | 'found' | 'update' | 'remove' | 'emit' | 'newId' | 'noteMerge'
>;

/** Where a record went that was merged; entities without the field do without. */
export const MERGED_INTO = 'merged_into';
/** Values of a list. */
const MOST_VALUES = 200;

/**
 * Makes one record of two of an entity: `winner` keeps what it has and gets what it lacks, lists are joined, of consents and of priorities the stricter counts;
 * what referred to `loser` refers to the winner; the loser is deleted, and its open runs go on with the winner. The external key stays with the
 * loser. Histories stay with the records that they are of.
 * Throws MERGE_INVALID, MERGE_TOO_MANY, DUPLICATES_UNDEFINED, RECORD_NOT_FOUND, RECORD_DELETED.
 */
export function* mergeRecords(ctx: MergeContext, winnerId: string, loserId: string): Generator<DataRequest, MergeRecord, void> {
  yield { kind: 'records', ids: [winnerId, loserId] };
  const [winner, loser] = [living(ctx, winnerId), living(ctx, loserId)];
  if (winner.id === loser.id) throw new TaktError('MERGE_INVALID', { message: 'A record cannot be merged with itself.' });
  if (winner.entity !== loser.entity) {
    throw new TaktError('MERGE_INVALID', { message: `A ${loser.entity} cannot be merged into a ${winner.entity}.` });
  }
  const entity = ctx.entities.require(winner.entity);
  const rules = rulesOf(ctx.entities, entity.name);
  const links = yield* linksTo(ctx, loser, winner);
  const before = ctx.stored(winner.id) ?? {};
  const wanted = joined(entity, rules, { id: winner.id, data: before }, { id: loser.id, data: ctx.stored(loser.id) ?? {} });
  const patch = yield* withoutDead(ctx, entity, wanted);
  if (Object.keys(patch).length > 0) ctx.update(winner.id, patch);
  const after = ctx.stored(winner.id) ?? {};
  const fields = Object.fromEntries(
    Object.keys(patch).map((field): [string, FieldChange] => [field, [before[field] ?? null, after[field] ?? null]]),
  );
  for (const { id, field, change } of links) ctx.update(id, { [field]: change[1] });
  if (entity.field(MERGED_INTO)) ctx.update(loser.id, { [MERGED_INTO]: winner.id });
  ctx.remove(loser.id);
  const merge: MergeRecord = { id: ctx.newId(), entity: entity.name, winner: winner.id, loser: loser.id, changes: { fields, links } };
  ctx.noteMerge(merge);
  ctx.emit('record.merged', entity.name, { merge: merge.id, winner: winner.id, loser: loser.id }, winner.id);
  return merge;
}

function living(ctx: MergeContext, id: string): RecordView {
  const record = ctx.read(id);
  if (!record) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${id.slice(0, 40)}.` });
  if (record.deleted) throw new TaktError('RECORD_DELETED', { message: `The ${record.entity} ${record.id} is deleted.` });
  return record;
}

interface Stored {
  id: string;
  data: JsonObject;
}

/** What the winner gets; only what is another value. */
function joined(entity: Entity, { stricter = {} }: DuplicateRules, winner: Stored, loser: Stored): JsonObject {
  const patch: JsonObject = {};
  const { priorities } = entity.definition;
  for (const name of entity.fieldNames) {
    const field = entity.field(name);
    if (!field || field.type === 'formula' || field.readonly === true || name === MERGED_INTO) continue;
    const [own, other] = [winner.data[name] ?? null, loser.data[name] ?? null];
    const value = Object.hasOwn(stricter, name) ? strictest(own, other, stricter[name] === true) : joinedValue(field, own, other);
    const kept = name === priorities?.field ? stricterPriority(priorities, own, other) : withoutSelf(value, winner.id, loser.id);
    if (!isDeepStrictEqual(kept, own)) patch[name] = kept;
  }
  if (winner.data.owner === undefined && typeof loser.data.owner === 'string') patch.owner = loser.data.owner;
  return patch;
}

const strictest = (own: Json, other: Json, strict: boolean): Json => (own === strict || other === strict ? strict : (own ?? other));

function joinedValue(field: FieldDefinition, own: Json, other: Json): Json {
  if (own === null) return other;
  const isList = field.type === 'multi_select' || ('many' in field && field.many === true);
  if (!isList || !Array.isArray(own) || !Array.isArray(other)) return own;
  return [...own, ...other.filter((one) => !own.some((value) => isDeepStrictEqual(value, one)))].slice(0, MOST_VALUES);
}

/** One record refers to the other no more: they are one. */
function withoutSelf(value: Json, winner: string, loser: string): Json {
  const isSelf = (one: Json): boolean => {
    const id = typeof one === 'object' && one !== null && !Array.isArray(one) ? one.id : one;
    return id === winner || id === loser;
  };
  if (!Array.isArray(value)) return isSelf(value) ? null : value;
  return value.some(isSelf) ? value.filter((one) => !isSelf(one)) : value;
}

/** Without references to records that are gone: nothing can be made to refer to them. */
function* withoutDead(ctx: MergeContext, entity: Entity, patch: JsonObject): Generator<DataRequest, JsonObject, void> {
  const isReference = (name: string): boolean => entity.field(name)?.type === 'reference';
  const idOf = (value: Json): string[] => {
    const id = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.id : value;
    return typeof id === 'string' ? [id] : [];
  };
  const names = Object.keys(patch).filter(isReference);
  const ids = names.flatMap((name) => [patch[name] ?? null].flat().flatMap(idOf));
  if (ids.length === 0) return patch;
  yield { kind: 'records', ids };
  const isThere = (value: Json): boolean => idOf(value).every((id) => ctx.read(id)?.deleted === false);
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(patch)) {
    if (!names.includes(name) || value === null) kept[name] = value;
    else if (Array.isArray(value)) kept[name] = value.filter(isThere);
    else if (isThere(value)) kept[name] = value;
  }
  return kept;
}
