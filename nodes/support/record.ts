import { type DataRequest, loadRecord, type RecordView, type StepContext, TaktError } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => UUID.test(text);

/**
 * The record that a node works on: the one that its parameter names, else the run's own.
 * Throws TaktError RUN_NO_RECORD, NODE_RECORD_ID.
 */
export function targetId(ctx: StepContext, given: string | null | undefined, param = 'record'): string {
  if (given === undefined) {
    if (ctx.record) return ctx.record.id;
    throw new TaktError('RUN_NO_RECORD');
  }
  if (given !== null && isId(given)) return given;
  throw new TaktError('NODE_RECORD_ID', {
    message: given === null ? `The expression for "${param}" found nothing.` : `${JSON.stringify(given.slice(0, 60))} is not an id.`,
    pointer: `/params/${param}`,
  });
}

/** As `targetId`, loaded. Throws also NODE_RECORD_ID where no record has the id. */
export function* targetRecord(ctx: StepContext, given: string | null | undefined): Generator<DataRequest, RecordView, void> {
  const id = targetId(ctx, given);
  const record = yield* loadRecord(ctx, id);
  if (record) return record;
  throw new TaktError('NODE_RECORD_ID', { message: `There is no record ${id}.`, pointer: '/params/record' });
}

/** Writes the fields; gives the names of those that have another value now. */
export function updateFields(ctx: StepContext, before: RecordView, patch: JsonObject): string[] {
  ctx.update(before.id, patch);
  const after = ctx.read(before.id);
  return Object.keys(patch).filter((name) => !sameJson(before[name], after?.[name]));
}

const sameJson = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
