/** Records with a history, as the engine keeps them, without an engine. */
import { EntityRegistry } from '../../engine/records/index.ts';
import { createRow, deleteRow, updateRow } from '../../engine/unit/record-rows.ts';
import type { ChangeRow, RecordRow } from '../../engine/unit/rows.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { ModelDefinition } from '../../schemas/model.ts';
import { id } from '../store/rows.ts';

export const DAY = 86_400_000;
export const BEGIN = Date.parse('2026-01-01T00:00:00Z');
export const entities = new EntityRegistry(builtInEntities);

export const WON: ModelDefinition = {
  id: 'deal-won',
  name: 'Deals that are won',
  entity: 'deal',
  fields: [
    { name: 'source', kind: 'level' },
    { name: 'amount', kind: 'number' },
    { name: 'refusal_reason', kind: 'level' },
  ],
  success: "stage = 'won'",
  failure: "stage = 'lost'",
};

export interface Past {
  row: RecordRow;
  changes: ChangeRow[];
}

/** A deal with its changes, each so many days after the beginning. */
export function deal(n: number, ...steps: [day: number, data: JsonObject | 'deleted'][]): Past {
  const entity = entities.require('deal');
  const author = { kind: 'system', id: 'test' } as const;
  let row: RecordRow | undefined;
  const changes: ChangeRow[] = [];
  for (const [day, data] of steps) {
    const stamp = { now: BEGIN + day * DAY, author };
    let write: ReturnType<typeof createRow>;
    if (row === undefined) write = createRow(entity, id(n), data === 'deleted' ? {} : data, stamp);
    else write = data === 'deleted' ? deleteRow(row, stamp) : updateRow(entity, row, data, stamp);
    row = write.row;
    if (write.change) changes.push(write.change);
  }
  if (!row) throw new Error('A deal has at least a beginning.');
  return { row, changes };
}
