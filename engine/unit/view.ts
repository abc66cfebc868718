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
  const plain = withSystemPart(row);
  const data = entity ? withFormulas(entity, plain, env) : plain;
  return Object.assign(data, { id: row.id, entity: row.entity, deleted: row.deletedAt !== null });
}

/** A new object. */
function withSystemPart(row: RecordRow): JsonObject {
  const view: JsonObject = { ...row.data, id: row.id, entity: row.entity };
  view.name = row.name;
  view.version = row.version;
  view.created_at = new Date(row.createdAt).toISOString();
  view.updated_at = new Date(row.updatedAt).toISOString();
  view.deleted = row.deletedAt !== null;
  if (row.key !== null) view.key = row.key;
  if (row.owner !== null) view.owner = row.owner;
  if (row.stage !== null) view.stage = row.stage;
  return view;
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
