import { createHash, randomBytes } from 'node:crypto';
import { access, chown, constants, mkdir, rmdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { TaktError } from '../errors/index.ts';
import { absent, exists, makeFolder, weAreRoot } from './files.ts';
import { type Account, findAccount, runProgram } from './process.ts';

/** A data folder that PostgreSQL can work in. */
export interface Place {
  folder: string;
  /** PostgreSQL refuses to run as root; then it runs as this account. Undefined: as ourselves. */
  account: Account | undefined;
  note: string | undefined;
}

/** PostgreSQL's own files within the data folder. */
export const clusterFolder = (home: string): string => join(home, 'pgdata');

/** Where homes go that root wanted in a folder which no other account can reach. */
const ELSEWHERE = '/var/lib/takt';

/**
 * Finds the folder to use for the wanted one, and the account that PostgreSQL runs under.
 *
 * An ordinary user gets the wanted folder or an error. For root the account of PostgreSQL must reach the folder, and
 * a clone below /root (0700) is not reachable: the home then lies in /var/lib/takt under a name made from the wanted
 * path. A database that exists is never passed over for an empty one elsewhere.
 *
 * @throws TaktError HOME_FOLDER_UNUSABLE
 */
export async function choosePlace(wanted: string): Promise<Place> {
  const folder = resolve(wanted);
  return weAreRoot() ? placeForRoot(folder) : placeForUser(folder);
}

async function placeForUser(folder: string): Promise<Place> {
  await makeFolder(folder, 0o700).catch((cause: Error) => {
    throw unusable(`The data folder ${folder} cannot be made: ${cause.message}`, cause);
  });
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: Error) => {
    throw unusable(`${userInfo().username} may not write to the data folder ${folder}.`, cause);
  });
  const data = await stat(clusterFolder(folder)).catch(absent);
  if (data && data.uid !== process.getuid?.()) {
    throw new TaktError('HOME_FOLDER_UNUSABLE', {
      message: `The database in ${folder} belongs to the user with uid ${data.uid}, but Takt runs as ${userInfo().username}.`,
      hint: `Start Takt as the user who made this data folder, or give it away while nothing runs: chown -R ${userInfo().username} ${folder}`,
    });
  }
  return { folder, account: undefined, note: undefined };
}

async function placeForRoot(wanted: string): Promise<Place> {
  const elsewhere = join(ELSEWHERE, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  const moved = (account: Account): Place => ({
    folder: elsewhere,
    account,
    note: `The data folder is ${elsewhere} and not ${wanted}: when root starts Takt, PostgreSQL runs as ${account.name}, who cannot keep files there.`,
  });

  for (const folder of [wanted, elsewhere]) {
    const owner = await stat(clusterFolder(folder)).catch(absent);
    if (!owner) continue;
    const account = await accountOf(owner.uid, owner.gid, folder);
    const complaint = await tryFolder(folder, account);
    if (complaint !== undefined) throw unusable(`There is a database in ${folder}, but ${complaint}`);
    return folder === wanted ? { folder, account, note: undefined } : moved(account);
  }

  const account = await serviceAccount();
  const complaint = await tryFolder(wanted, account);
  if (complaint === undefined) return { folder: wanted, account, note: undefined };
  const second = await tryFolder(elsewhere, account);
  if (second !== undefined) throw unusable(`The data folder cannot be used: ${complaint} Nor can it be elsewhere: ${second}`);
  return moved(account);
}

/** Who owns an existing database runs it: so `sudo` in a user's clone does no harm. */
async function accountOf(uid: number, gid: number, folder: string): Promise<Account> {
  if (uid === 0) throw unusable(`The database in ${folder} belongs to root, and PostgreSQL refuses to run as root.`);
  const { code, output } = await runProgram('id', ['-nu', String(uid)]);
  return { uid, gid, name: code === 0 ? output.trim() : `uid ${uid}` };
}

/** An account that exists, best a server's own; else a new one. `nobody` comes last, since other programs run as it too. */
async function serviceAccount(): Promise<Account> {
  const found = (await findAccount('postgres')) ?? (await findAccount('takt'));
  if (found) return found;
  const made = await runProgram('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    'takt',
  ]);
  // Another start may have made it at the same moment, so the answer of useradd alone does not decide.
  const account = (await findAccount('takt')) ?? (await findAccount('nobody'));
  if (account) return account;
  throw new TaktError('HOME_FOLDER_UNUSABLE', {
    message: `PostgreSQL refuses to run as root, and no account could be made for it: ${made.output.trim()}`,
    hint: 'Start Takt as an ordinary user, or make a user "takt", or set DATABASE_URL.',
  });
}

/**
 * Undefined when the account can keep files in the folder, otherwise a sentence. Tried for real: modes alone do not
 * tell of ACLs and network disks. A folder that was made for nothing is taken away again.
 * @throws TaktError HOME_FOLDER_UNUSABLE when not even we can
 */
async function tryFolder(folder: string, account: Account): Promise<string | undefined> {
  const before = await exists(folder);
  const complaint = await probe(folder, account);
  if (complaint !== undefined && !before) await rmdir(folder).catch(absent);
  return complaint;
}

async function probe(folder: string, account: Account): Promise<string | undefined> {
  const trial = join(folder, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    // 0711: PostgreSQL's account has to pass through to its files, nobody has to list ours.
    await makeFolder(folder, 0o711);
    await mkdir(trial, { mode: 0o700 });
  } catch (cause) {
    throw unusable(`The data folder ${folder} cannot be used: ${(cause as Error).message}`, cause);
  }
  try {
    await chown(trial, account.uid, account.gid);
    const { code } = await runProgram('/bin/sh', ['-c', 'test -r "$1" && test -w "$1" && test -x "$1"', 'sh', trial], account);
    return code === 0 ? undefined : `the account ${account.name}, under which PostgreSQL runs, cannot reach ${folder}.`;
  } catch (error) {
    return `nothing in ${folder} can be given to ${account.name}, under which PostgreSQL runs (${(error as Error).message}).`;
  } finally {
    await rmdir(trial);
  }
}

const unusable = (message: string, cause?: unknown): TaktError => new TaktError('HOME_FOLDER_UNUSABLE', { message, cause });
