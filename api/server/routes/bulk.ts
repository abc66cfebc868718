/** Many records in one request, as a JSON array or as NDJSON: one JSON object a line. */
import { type Static, Type } from 'typebox';
import { asTaktError, TaktError } from '../../../engine/index.ts';
import type { Json, JsonObject } from '../../../schemas/json.ts';
import { readJson, textOf } from '../json.ts';
import { type ItemOutcome, outcomesOf } from '../outcomes.ts';
import { ErrorItem, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { entityParams, OnExisting } from './records.ts';

const MAX_ITEMS = 1_000;
const MAX_BYTES = 10_000_000;

/** A line that cannot be read fails by itself, like a record that does not fit. */
type Item = { value: Json } | { error: TaktError };

const Outcome = Type.Object({
  index: Type.Integer({ description: 'Place in the list that was sent, from 0.' }),
  op: Type.Optional(Type.Enum(['created', 'updated', 'unchanged'])),
  id: Type.Optional(Uuid),
  version: Type.Optional(Type.Integer()),
  error: Type.Optional(ErrorItem),
});
const Counts = { created: Type.Integer(), updated: Type.Integer(), unchanged: Type.Integer(), failed: Type.Integer() };

export const bulkRoutes: Routes =
  ({ engine: { intake } }) =>
  async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      ['application/x-ndjson', 'application/ndjson'],
      { parseAs: 'buffer' },
      async (_request: unknown, bytes: Buffer) => linesOf(textOf(bytes)),
    );
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) =>
      itemsOf(readJson(textOf(bytes))),
    );

    app.post(
      '/records/:entity/bulk',
      {
        config: { scope: 'records:write' },
        bodyLimit: MAX_BYTES,
        schema: {
          tags: ['records'],
          summary: 'Create or update up to 1,000 records; each succeeds or fails by itself',
          consumes: ['application/json', 'application/x-ndjson'],
          params: entityParams,
          querystring: Type.Object({ onExisting: OnExisting }),
          body: Type.Unsafe<Item[]>({ type: 'array', items: { type: 'object', additionalProperties: true } }),
          response: { 200: Type.Object({ items: Type.Array(Outcome), ...Counts }) },
        },
      },
      async (request) => {
        const { entity } = request.params;
        const onExisting = request.query.onExisting ?? 'error';
        const outcomes = await outcomesOf(
          intake,
          request.body,
          (item) => ({ kind: 'create', entity, data: objectOf(item), onExisting }),
          authorOf(request),
        );
        return summed(outcomes.map(told));
      },
    );
  };

function told(outcome: ItemOutcome, index: number): Static<typeof Outcome> {
  if (!outcome.ok) return { index, error: outcome.error };
  const { value } = outcome;
  if (value.kind !== 'record') return { index, error: new TaktError('INTERNAL').toData() };
  const { op, record } = value;
  return { index, op: op === 'created' || op === 'updated' ? op : 'unchanged', id: record.id, version: Number(record.version) };
}

function summed(items: Static<typeof Outcome>[]): { items: Static<typeof Outcome>[] } & Record<keyof typeof Counts, number> {
  const count = (op: string): number => items.filter((item) => item.op === op).length;
  return {
    items,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    failed: items.filter((item) => item.error).length,
  };
}

function itemsOf(value: Json): Item[] {
  if (!Array.isArray(value))
    throw new TaktError('INPUT_INVALID', { message: 'The body is not a list.', hint: 'Send an array of records, or NDJSON.' });
  return bounded(value).map((item) => ({ value: item }));
}

function linesOf(text: string): Item[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return bounded(lines.filter(({ line }) => line !== '')).map(({ line, number }) => {
    try {
      return { value: readJson(line) };
    } catch (thrown) {
      const { code, message, hint, place } = asTaktError(thrown);
      return { error: new TaktError(code, { ...place, message, hint, line: number, cause: thrown }) };
    }
  });
}

/** Throws ITEMS_TOO_MANY. */
function bounded<T>(items: T[]): T[] {
  if (items.length <= MAX_ITEMS) return items;
  throw new TaktError('ITEMS_TOO_MANY', { message: `The list has ${items.length} items; ${MAX_ITEMS} are the most.` });
}

function objectOf(item: Item): JsonObject {
  if ('error' in item) throw item.error;
  const { value } = item;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new TaktError('INPUT_INVALID', { message: 'A record is a JSON object.' });
}
