/** Files that workflows have made, kept in the database. */
import { createHash } from 'node:crypto';
import { TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import type { FileMeta, FileRow } from '../store/queries/files.ts';
import { isUuid } from '../unit/find.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

/** A file as whoever makes it hands it over. */
export interface NewFile {
  /** The idempotency key of the effect that makes it. */
  effectKey: string;
  name: string;
  /** Media type. */
  mime: string;
  bytes: Uint8Array;
  runId: string;
  recordId: string | null;
}

export class Files {
  readonly #ports: Pick<Ports, 'database' | 'clock' | 'newId'>;

  constructor(ports: Pick<Ports, 'database' | 'clock' | 'newId'>) {
    this.#ports = ports;
  }

  /** Keeps a file; a second one with the same `effectKey` changes nothing, and the first one is given. */
  store(file: NewFile): Promise<FileMeta> {
    const { database, clock, newId } = this.#ports;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return database.store.insertFile({ ...file, id: newId(), size: file.bytes.byteLength, sha256, createdAt: clock.now() });
  }

  /** A file with its bytes, at most some megabytes. Throws FILE_NOT_FOUND. */
  async read(id: string): Promise<FileRow> {
    const row = isUuid(id) ? await this.#ports.database.store.fileById(id) : undefined;
    if (row) return row;
    throw new TaktError('FILE_NOT_FOUND', { message: `There is no file ${id.slice(0, 40)}.` });
  }

  /** Newest first. Throws CURSOR_INVALID. */
  async page(limit: number, cursor?: string): Promise<Page<FileMeta>> {
    return pageOf(await this.#ports.database.store.filePage(idCursor(cursor), limit + 1), limit, (row) => [row.id]);
  }
}
