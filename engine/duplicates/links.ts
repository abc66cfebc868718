/** What refers to a record, in whatever entity, and what it refers to when two records have become one. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { RecordView, StepContext } from '../node/context.ts';
import type { DataRequest, FindQuery } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';

export type FieldChange = [before: Json, after: Json];

/** A field of another record that refers to the winner instead of the loser. */
export interface LinkChange {
  id: string;
  entity: string;
  field: string;
  change: FieldChange;
}

/** Records that may refer to the loser in one field. */
const MOST_IN_FIELD = 99;
/** And in all. */
const MOST_LINKS = 500;

/**
 * Every field of a living record that refers to `loser`, with what it is to refer to. Those of the two records themselves are left out.
 * Throws MERGE_TOO_MANY.
 */
export function* linksTo(
  ctx: Pick<StepContext, 'entities' | 'found'>,
  loser: RecordView,
  winner: RecordView,
): Generator<DataRequest, LinkChange[], void> {
  const links = new Map<string, LinkChange>();
  for (const { query, field } of queriesOf(ctx.entities, loser)) {
    yield { kind: 'find', query };
    const found = ctx.found(query).filter(({ id }) => id !== winner.id && id !== loser.id);
    for (const record of found) {
      const before = record[field] ?? null;
      links.set(`${record.id} ${field}`, {
        id: record.id,
        entity: record.entity,
        field,
        change: [before, replaced(before, loser.id, winner.id)],
      });
    }
    if (found.length > MOST_IN_FIELD || links.size > MOST_LINKS) {
      throw new TaktError('MERGE_TOO_MANY', {
        message: `More than ${found.length > MOST_IN_FIELD ? `${MOST_IN_FIELD} records of "${query.entity}"` : `${MOST_LINKS} records`} refer to ${loser.id}.`,
      });
    }
  }
  return [...links.values()];
}

function queriesOf(entities: EntityRegistry, loser: RecordView): { query: FindQuery; field: string }[] {
  return entities.list().flatMap(({ name: entity, definition }) =>
    Object.entries(definition.fields).flatMap(([field, type]) => {
      if (type.type !== 'reference' || type.readonly === true || (type.entity !== '*' && type.entity !== loser.entity)) return [];
      const wanted: Json = type.entity === '*' ? { entity: loser.entity, id: loser.id } : loser.id;
      return [{ field, query: { entity, match: { [field]: wanted }, limit: MOST_IN_FIELD + 1 } }];
    }),
  );
}

function replaced(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  if (Array.isArray(value)) {
    const list = value.map((one) => replaced(one, from, to));
    return list.filter((one, i) => list.findIndex((other) => isDeepStrictEqual(one, other)) === i);
  }
  if (typeof value === 'object' && value !== null && value.id === from) return { ...value, id: to };
  return value;
}
