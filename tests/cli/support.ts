import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../api/cli/io.ts';
import { runCli } from '../../api/cli/program.ts';
import { assemble, type Workbench } from '../../api/start/assemble.ts';
import { readSettings } from '../../api/start/settings.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { freshSqlDatabase } from '../support/databases.ts';

export interface MemoryIo extends Io {
  said: { out: string; err: string };
  abort(): void;
}

/** A terminal of paper. `answer`: what a person says when asked; without one there is nobody. */
export function memoryIo(answer?: boolean): MemoryIo {
  const said = { out: '', err: '' };
  const stop = new AbortController();
  return {
    said,
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    color: false,
    bar: undefined,
    env: {},
    signal: stop.signal,
    confirm: async () => answer,
    abort: () => stop.abort(),
  };
}

export interface Terminal {
  bench: Workbench;
  /** Pretends that a server runs on the database. */
  server: { runs: boolean };
  /** Runs one command on the bench; gives what was printed. */
  takt(...argv: string[]): Promise<{ code: number; out: string; err: string }>;
  taktWith(io: MemoryIo, ...argv: string[]): Promise<{ code: number; out: string; err: string }>;
  close(): Promise<void>;
}

/** The command line on a database in memory, without a process and without a home. */
export async function openTerminal(): Promise<Terminal> {
  const { db, drop } = await freshSqlDatabase('pglite');
  const parts = await assemble({ database: db, secret: new Uint8Array(32), settings: readSettings({}), logger: silentLogger });
  const server = { runs: false };
  const bench: Workbench = { ...parts, serverRuns: async () => server.runs };
  const taktWith: Terminal['taktWith'] = async (io, ...argv) => {
    const code = await runCli(argv, io, async () => ({ ...bench, close: async () => {} }));
    return { code, ...io.said };
  };
  return {
    bench,
    server,
    taktWith,
    takt: (...argv) => taktWith(memoryIo(), ...argv),
    async close() {
      await parts.close();
      await drop();
    },
  };
}

export interface Folder {
  path: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export async function temporary(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'takt-cli-'));
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await writeFile(file, content);
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** Text in pieces of these sizes, as a stream might bring it. */
export async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<string, void, void> {
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? text.length);
    yield text.slice(at, at + size);
    at += size;
  }
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
