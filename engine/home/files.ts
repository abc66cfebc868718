import { chmod, chown, mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export const weAreRoot = (): boolean => process.getuid?.() === 0;

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(absent)) !== undefined;
}

/** For `catch`: what is not there is undefined, everything else is an error. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

/**
 * Makes a folder and the missing ones above it. Modes are set outright: under a strict umask (077) root would make
 * folders that the account of PostgreSQL cannot pass.
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  if (await exists(path)) return;
  await makeFolder(dirname(path), 0o755);
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await chmod(path, mode);
}

/** When root works in a user's data folder, what it makes there belongs to that user, who could not open it later otherwise. */
export async function giveToOwner(home: string, path: string): Promise<void> {
  if (!weAreRoot()) return;
  const { uid, gid } = await stat(home);
  await chown(path, uid, gid);
}

/** Writes a small file of the home as a whole, and down to the disk. */
export async function writeDurably(home: string, path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, text, { mode, flush: true });
  await chmod(draft, mode);
  await giveToOwner(home, draft);
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Makes a rename last: the folder's own entry goes to the disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
