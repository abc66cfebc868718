import type { Executor } from '../database.ts';
import { desc, eq, getTableColumns, lt } from '../drizzle.ts';
import { files } from '../schema.ts';

export type FileRow = typeof files.$inferSelect;
export type FileMeta = Omit<FileRow, 'bytes'>;

const { bytes: _bytes, ...meta } = getTableColumns(files);

/** Writes a file, or leaves the one of the same effect that is there; gives what is kept. */
export async function insertFile(tx: Executor, row: FileRow): Promise<FileMeta> {
  const [written] = await tx.insert(files).values(row).onConflictDoNothing({ target: files.effectKey }).returning(meta);
  const [kept] = written ? [written] : await tx.select(meta).from(files).where(eq(files.effectKey, row.effectKey));
  if (kept) return kept;
  throw new Error(`The file of the effect ${row.effectKey} was removed while it was written.`);
}

export async function fileById(tx: Executor, id: string): Promise<FileRow | undefined> {
  const [row] = await tx.select().from(files).where(eq(files.id, id));
  return row;
}

/** Newest first, without the bytes. */
export function filePage(tx: Executor, before: string | undefined, limit: number): Promise<FileMeta[]> {
  return tx
    .select(meta)
    .from(files)
    .where(before === undefined ? undefined : lt(files.id, before))
    .orderBy(desc(files.id))
    .limit(limit);
}
