import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TaktError } from '../../engine/errors/index.ts';
import { giveToOwner } from '../../engine/home/files.ts';

const BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * The key that seals credentials: from TAKT_SECRET_KEY, else from a file in the data folder, made at the first start.
 * Throws TaktError START_SECRET.
 */
export async function secretKey(given: string | undefined, folder: string): Promise<Buffer> {
  if (given !== undefined) return decode(given, 'TAKT_SECRET_KEY');
  const path = join(folder, 'secret-key');
  const made = randomBytes(BYTES).toString('base64');
  const text = (await writeNew(path, `${made}\n`)) ? made : await readFile(path, 'utf8');
  return decode(text.trim(), path);
}

function decode(text: string, where: string): Buffer {
  if (BASE64.test(text)) return Buffer.from(text, 'base64');
  throw new TaktError('START_SECRET', { message: `${where} is not 32 bytes in base64.` });
}

/** Writes a file that only its owner may read, if it is not there; never replaces one. Gives whether it was written. */
export async function writeNew(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // Started by root once, by the owner of the folder later: both must be able to read it.
    await giveToOwner(dirname(path), path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new TaktError('FILE_UNWRITABLE', { message: `${path} cannot be written: ${String(error)}`, cause: error });
  }
}
