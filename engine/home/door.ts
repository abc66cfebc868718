/**
 * Who is in a home. Every visitor has a file of its own in `<folder>/visitors`, named by an id that is never used
 * again. So nobody ever has to take over somebody else's file, which is where lock files go wrong: the file of a dead
 * process can be removed by anyone at any time without harm.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TaktError } from '../errors/index.ts';
import { absent, exists, giveToOwner, makeFolder } from './files.ts';
import type { HomeRole } from './home.ts';
import { processBirth } from './process.ts';

export interface Visitor {
  id: string;
  pid: number;
  birth: string;
  role: HomeRole;
}

/** How long a newcomer waits at the door. Inside, the longest stays are a first initdb and a shutdown with a big checkpoint. */
const PATIENCE_MS = 180_000;

const isVisitor = (value: unknown): value is Visitor =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'birth' in value &&
  typeof value.birth === 'string' &&
  'id' in value &&
  typeof value.id === 'string' &&
  'role' in value &&
  (value.role === 'main' || value.role === 'guest');

/** Writes the whole file or nothing: a half-written one would be read as nobody's. */
async function put(home: string, folder: string, visitor: Visitor): Promise<void> {
  if (!(await exists(folder))) {
    await makeFolder(folder, 0o700);
    await giveToOwner(home, folder);
  }
  const draft = join(folder, `.${visitor.id}.draft`);
  await writeFile(draft, JSON.stringify(visitor));
  await giveToOwner(home, draft);
  await rename(draft, join(folder, `${visitor.id}.json`));
}

/** The living visitors whose files are in the folder; files of the dead are cleared away. */
async function list(folder: string): Promise<Visitor[]> {
  const living: Visitor[] = [];
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    if (!name.endsWith('.json')) continue;
    const file = join(folder, name);
    const text = await readFile(file, 'utf8').catch(absent);
    if (text === undefined) continue; // It has left meanwhile.
    const visitor = parse(text);
    if (visitor && (await processBirth(visitor.pid)) === visitor.birth) living.push(visitor);
    else await rm(file, { force: true });
  }
  return living;
}

function parse(text: string): Visitor | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isVisitor(value) ? value : undefined;
  } catch {
    return undefined; // A power cut can leave an empty file; its writer is dead then.
  }
}

/** A new visitor's card for this process. */
export async function visitorCard(role: HomeRole): Promise<Visitor> {
  const birth = await processBirth(process.pid);
  if (birth === undefined) throw new TaktError('INTERNAL', { message: 'This process cannot see itself in the list of processes.' });
  return { id: `${process.pid}-${randomBytes(8).toString('hex')}`, pid: process.pid, birth, role };
}

const visitors = (home: string): string => join(home, 'visitors');
const door = (home: string): string => join(home, 'door');

export const whoIsIn = (home: string): Promise<Visitor[]> => list(visitors(home));
export const enter = (home: string, card: Visitor): Promise<void> => put(home, visitors(home), card);
export const leave = (home: string, card: Visitor): Promise<void> => rm(join(visitors(home), `${card.id}.json`), { force: true });

/**
 * Does the work while nobody else is at the door: opening and closing of a home happen one at a time.
 *
 * Mutual exclusion by "announce, then look": a claim is written before the folder is read, so of two that come at once
 * at least one sees the other. Who sees a claim besides its own withdraws, waits for a random moment and tries again;
 * only who sees nobody goes in.
 *
 * @throws TaktError HOME_IN_USE when the door stays shut for three minutes
 */
export async function atTheDoor<T>(home: string, work: () => Promise<T>): Promise<T> {
  const folder = door(home);
  const claim = await visitorCard('guest');
  const file = join(folder, `${claim.id}.json`);
  for (let waited = 0; ; ) {
    await put(home, folder, claim);
    const others = (await list(folder)).filter((other) => other.id !== claim.id);
    const [first] = others;
    if (first === undefined) break;
    await rm(file, { force: true });
    if (waited > PATIENCE_MS) {
      throw new TaktError('HOME_IN_USE', {
        message: `Process ${first.pid} has been opening or closing the data folder ${home} for minutes.`,
        transient: true,
      });
    }
    const wait = randomInt(20, 200);
    waited += wait;
    await pause(wait);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
