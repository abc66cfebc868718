/** What people have to do, with what the present transaction has changed of it. */
import type { LoadMeasure } from '../node/definition.ts';
import { contains, isBetween } from './find.ts';
import type { RecordRow } from './rows.ts';

/** What a record weighs on its owner. @param path of a number in its data; null: it counts 1 */
export function weightOf(row: RecordRow, path: LoadMeasure['sum']): number {
  if (path === null) return 1;
  let value: unknown = row.data;
  for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return typeof value === 'number' ? value : 0;
}

/** Does the record weigh on its owner? As in the SQL of `ownerLoads`. */
export function isCounted(row: RecordRow, { entity, stages, contains: part, between }: LoadMeasure): boolean {
  if (row.entity !== entity || row.deletedAt !== null) return false;
  if (stages !== null && (row.stage === null || !stages.includes(row.stage))) return false;
  if (part !== undefined && !Object.entries(part).every(([field, wanted]) => contains(row.data[field] ?? null, wanted))) return false;
  return isBetween(row, between);
}

/** The weight of a record for each owner that it counts for: one or none. */
function counted(row: RecordRow | undefined, load: LoadMeasure): { owner: string; weight: number } | undefined {
  if (!row || row.owner === null || !isCounted(row, load)) return undefined;
  return { owner: row.owner, weight: weightOf(row, load.sum) };
}

/** The loads as the database knew them, and what has been written since. */
export function withWritten(
  load: LoadMeasure,
  owners: readonly string[],
  known: readonly number[],
  written: Iterable<{ base: RecordRow | undefined; row: RecordRow }>,
): number[] {
  const gained = new Map<string, number>();
  for (const { base, row } of written) {
    const [before, after] = [counted(base, load), counted(row, load)];
    if (before) gained.set(before.owner, (gained.get(before.owner) ?? 0) - before.weight);
    if (after) gained.set(after.owner, (gained.get(after.owner) ?? 0) + after.weight);
  }
  return owners.map((owner, i) => (known[i] ?? 0) + (gained.get(owner) ?? 0));
}
