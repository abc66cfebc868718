import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Engine } from '../../engine/engine.ts';
import { type ErrorCode, TaktError } from '../../engine/errors/index.ts';
import type { Page } from '../../engine/services/cursor.ts';
import type { Outsider } from '../../engine/store/schema.ts';
import type { Workbench } from '../start/assemble.ts';
import type { Io } from './io.ts';

/** What every command gets. */
export interface CliContext {
  io: Io;
  /** Opens the database as a guest for the time of the work. */
  visit<T>(work: (bench: Workbench) => Promise<T>): Promise<T>;
  /** The exit code, where it is not 0 though nothing was thrown. */
  fail(code: number): void;
}

/** Who changes things from the command line. */
export function cliAuthor(): Outsider {
  return { kind: 'system', id: `cli:${userName()}` };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the process may run under a number that has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

const PAGE = 200;

/** The first `limit` of a paged list, and whether there is more. */
export async function take<T>(
  page: (limit: number, cursor?: string) => Promise<Page<T>>,
  limit: number,
): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const next: Page<T> = await page(Math.min(PAGE, limit - items.length), cursor);
    items.push(...next.items);
    cursor = next.next;
  } while (cursor !== undefined && items.length < limit);
  return { items, more: cursor !== undefined };
}

/** Throws TaktError FILE_UNREADABLE. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TaktError('FILE_UNREADABLE', {
      message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}

/** The error tells which file it is about. */
export async function inFile<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TaktError)) throw error;
    const code: ErrorCode = error.code;
    throw new TaktError(code, {
      ...error.place,
      message: `${path}: ${error.message}`,
      hint: error.hint,
      errors: error.errors,
      cause: error,
    });
  }
}

/** Names of users, teams and other records by id, as far as they exist. */
export async function namesOf(engine: Engine, ids: readonly unknown[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id) => typeof id === 'string'))];
  const found = wanted.length === 0 ? [] : await engine.records.getMany(wanted);
  return new Map(found.map((record) => [record.id, String(record.name)]));
}
