/** Peers are installed into a folder of their own: they are no dependencies of Takt. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../../schemas/json.ts';
import { DRIVER, type Peer } from './peers.ts';

const PROGRAMS = fileURLToPath(new URL('./programs', import.meta.url));

/** Runs npm in a folder. */
export type Npm = (folder: string, args: readonly string[]) => Promise<void>;

/** npm as found on the path; what it says goes to standard error. */
export const npm: Npm = async (folder, args) => {
  const child = spawn('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code} in ${folder}.`);
};

export const manifest = (peers: readonly Peer[]): JsonObject => ({
  name: 'takt-bench-peers',
  private: true,
  type: 'module',
  dependencies: Object.assign({}, DRIVER, ...peers.map(({ packages }) => packages)),
});

async function present(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Puts manifest, packages and programs into the folder. What is installed already stays; npm's lockfile there keeps the versions that the
 * packages themselves depend on. No install scripts are run: some send reports.
 * @param peers all of them, also those that are not measured, so that the folder stays the same
 * @returns folder of the programs
 */
export async function install(folder: string, peers: readonly Peer[], run: Npm = npm): Promise<string> {
  await mkdir(folder, { recursive: true });
  const [wanted, file, done] = [
    `${JSON.stringify(manifest(peers), null, 2)}\n`,
    join(folder, 'package.json'),
    join(folder, 'installed.json'),
  ];
  if ((await present(done)) !== wanted) {
    await writeFile(file, wanted);
    await run(folder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    await writeFile(done, wanted);
  }
  const programs = join(folder, 'programs');
  await cp(PROGRAMS, programs, { recursive: true });
  return programs;
}
