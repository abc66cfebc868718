/** The bytes of an import file as text: unpacked where they are gzip, checked to be UTF-8, never more than a chunk in memory. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { TaktError } from '../../../engine/errors/index.ts';

export interface ImportFile {
  path: string;
  /** Size on the disk, bytes. */
  bytes: number;
  /** Bytes of it that have been read so far: the progress, compressed or not. */
  read(): number;
  /** Throws IMPORT_ENCODING, IMPORT_FILE_BROKEN (gzip), FILE_UNREADABLE. */
  chunks(): AsyncGenerator<string, void, void>;
}

/** Throws TaktError FILE_UNREADABLE. */
export async function openImportFile(path: string): Promise<ImportFile> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new TaktError('FILE_UNREADABLE', { message: `${path} is not a file.` });
    const packed = await isGzip(path);
    let read = 0;
    return { path, bytes: facts.size, read: () => read, chunks: () => textOf(path, packed, (bytes) => (read += bytes)) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** By its first two bytes (RFC 1952): names lie. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function* textOf(path: string, packed: boolean, onRead: (bytes: number) => void): AsyncGenerator<string, void, void> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  source.on('data', (chunk) => onRead(chunk.length));
  const gunzip = createGunzip();
  // pipe() forwards no errors: a failing disk would otherwise look like a file that never ends.
  const bytes = packed ? source.on('error', (error) => gunzip.destroy(error)).pipe(gunzip) : source;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) {
      const text = decode(decoder, chunk, true);
      if (text !== '') yield text;
    }
    const rest = decode(decoder, undefined, false);
    if (rest !== '') yield rest;
  } catch (cause) {
    if (cause instanceof TaktError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code.startsWith('Z_')) throw new TaktError('IMPORT_FILE_BROKEN', { message: `${path} is damaged: ${messageOf(cause)}.`, cause });
    throw unreadable(path, cause);
  } finally {
    source.destroy();
  }
}

/** The decoder drops the byte order mark by itself. */
function decode(decoder: TextDecoder, chunk: Uint8Array | undefined, stream: boolean): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream });
  } catch (cause) {
    throw new TaktError('IMPORT_ENCODING', { cause });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function unreadable(path: string, cause: unknown): TaktError {
  if (cause instanceof TaktError) return cause;
  return new TaktError('FILE_UNREADABLE', { message: `${path} cannot be read: ${messageOf(cause)}`, cause });
}
