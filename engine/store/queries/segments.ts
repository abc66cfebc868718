import type { SegmentDefinition } from '../../../schemas/segment.ts';
import type { Executor } from '../database.ts';
import { asc, eq } from '../drizzle.ts';
import { segments } from '../schema.ts';

export async function segmentDefinitions(tx: Executor): Promise<SegmentDefinition[]> {
  const list = await tx.select({ definition: segments.definition }).from(segments).orderBy(asc(segments.id));
  return list.map((row) => row.definition);
}

export async function upsertSegment(tx: Executor, definition: SegmentDefinition, now: number): Promise<void> {
  await tx
    .insert(segments)
    .values({ id: definition.id, definition, updatedAt: now })
    .onConflictDoUpdate({ target: segments.id, set: { definition, updatedAt: now } });
}

export async function deleteSegment(tx: Executor, id: string): Promise<void> {
  await tx.delete(segments).where(eq(segments.id, id));
}
