import type { JsonObject } from '../../schemas/json.ts';
import type { RecordView } from '../node/context.ts';
import type { EventView } from '../node/definition.ts';
import { type EntityRegistry, withFormulas } from '../records/index.ts';
import type { EventRow, RecordRow } from './rows.ts';

export interface ViewEnvironment {
  entities: EntityRegistry;
  now: number;
  random: () => number;
}

/** A row as the outside sees it: formulas computed, system fields beside the entity's own. */
export function viewRecord(row: RecordRow, env: ViewEnvironment): RecordView {
  const entity = env.entities.get(row.entity);
  const plain: JsonObject = { ...row.data, ...systemPart(row) };
  const data = entity ? withFormulas(entity, plain, env) : plain;
  return { ...data, id: row.id, entity: row.entity, deleted: row.deletedAt !== null };
}

function systemPart(row: RecordRow): JsonObject {
  return {
    id: row.id,
    entity: row.entity,
    name: row.name,
    version: row.version,
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
    deleted: row.deletedAt !== null,
    ...(row.key === null ? {} : { key: row.key }),
    ...(row.owner === null ? {} : { owner: row.owner }),
    ...(row.stage === null ? {} : { stage: row.stage }),
  };
}

/** The view before a change: the new one with the old values of what changed. For conditions on `previous`. */
export function previousView(view: RecordView, changes: Readonly<Record<string, readonly [unknown, unknown]>>): Record<string, unknown> {
  const previous: Record<string, unknown> = { ...view };
  for (const [field, [before]] of Object.entries(changes)) {
    if (before === null) delete previous[field];
    else previous[field] = before;
  }
  return previous;
}

/** An event as triggers and expressions see it. */
export const eventView = (event: EventRow): EventView => ({
  id: event.id,
  type: event.type,
  topic: event.topic,
  at: new Date(event.at).toISOString(),
  data: event.data,
});
