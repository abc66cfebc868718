import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TaktError } from '../errors/index.ts';
import { absent, exists, writeDurably } from './files.ts';
import { clusterFolder } from './place.ts';

/** How to reach the embedded PostgreSQL. Both addresses hold passwords. */
export interface Access {
  port: number;
  /** As the owner of the database `takt`: what Takt works with. */
  url: string;
  /** As the superuser, to set the cluster up and to recognise it. */
  superuserUrl: string;
}

const FILES = { url: 'url', superuser: 'superuser.url' } as const;

/** Hexadecimal digits need no escaping, neither in an address nor in SQL. */
const newPassword = (): string => randomBytes(24).toString('hex');

const withPort = (url: string, port: number): string => {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
};

/**
 * Reads the addresses that the home keeps (files of mode 0600), or makes new ones for a new home. They are on the disk before the
 * cluster is, so that there is never a database whose password nobody knows.
 *
 * @throws TaktError HOME_FOLDER_UNUSABLE when there is a database but its addresses are lost
 */
export async function readAccess(home: string): Promise<Access> {
  const [url, superuserUrl] = await Promise.all([readUrl(home, FILES.url), readUrl(home, FILES.superuser)]);
  if (url !== undefined && superuserUrl !== undefined) return { url, superuserUrl, port: Number(new URL(url).port) };
  if (await exists(clusterFolder(home))) {
    throw new TaktError('HOME_FOLDER_UNUSABLE', {
      message: `The data folder ${home} has a database, but its file "${url === undefined ? FILES.url : FILES.superuser}" with the password is missing or damaged.`,
      hint: 'Put the file back from a backup of the data folder.',
    });
  }
  const port = await freePort();
  const access = {
    port,
    url: `postgres://takt:${newPassword()}@127.0.0.1:${port}/takt`,
    superuserUrl: `postgres://postgres:${newPassword()}@127.0.0.1:${port}/postgres`,
  };
  await writeAccess(home, access);
  return access;
}

async function readUrl(home: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(home, name), 'utf8').catch(absent);
  const url = text === undefined ? null : URL.parse(text.trim());
  return url?.password && url.port ? url.href : undefined;
}

async function writeAccess(home: string, access: Access): Promise<void> {
  await writeDurably(home, join(home, FILES.url), `${access.url}\n`, 0o600);
  await writeDurably(home, join(home, FILES.superuser), `${access.superuserUrl}\n`, 0o600);
}

/** The same access by another port, kept for the next time. */
export async function moveTo(home: string, access: Access, port: number): Promise<Access> {
  if (port === access.port) return access;
  const moved = { port, url: withPort(access.url, port), superuserUrl: withPort(access.superuserUrl, port) };
  await writeAccess(home, moved);
  return moved;
}

/** The wanted port of 127.0.0.1 if nobody has it, else another free one. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (wanted !== 0 && error.code !== undefined) resolve(freePort());
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port: wanted, exclusive: true }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port was given.'))));
    });
  });
}
