import type { FileMeta, FileRow } from '../../queries/files.ts';
import { newestPage } from '../order.ts';
import type { Tables } from '../tables.ts';

export function insertFile(tables: Tables, row: FileRow): FileMeta {
  const there = tables.filesByEffect.get(row.effectKey);
  if (!there) tables.files.insert(row);
  return metaOf(there ?? row);
}

export const fileById = (tables: Tables, id: string): FileRow | undefined => tables.files.get(id);

export const filePage = (tables: Tables, before: string | undefined, limit: number): FileMeta[] =>
  newestPage(tables.files.all(), before, limit).map(metaOf);

const metaOf = ({ bytes: _bytes, ...meta }: FileRow): FileMeta => meta;
