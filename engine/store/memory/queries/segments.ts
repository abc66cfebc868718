import type { SegmentDefinition } from '../../../../schemas/segment.ts';
import { by } from '../order.ts';
import type { Tables } from '../tables.ts';

export const segmentDefinitions = (tables: Tables): SegmentDefinition[] =>
  tables.segments
    .all()
    .sort(by((row) => row.id))
    .map((row) => row.definition);

export function upsertSegment(tables: Tables, definition: SegmentDefinition, now: number): void {
  tables.segments.put({ id: definition.id, definition, updatedAt: now });
}

export function deleteSegment(tables: Tables, id: string): void {
  tables.segments.delete(id);
}
