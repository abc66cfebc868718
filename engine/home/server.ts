import { TaktError } from '../errors/index.ts';
import { codeOf, withConnection } from './connect.ts';
import type { Home } from './home.ts';

/** PostgreSQL 15, as `server_version_num` tells it. */
const OLDEST = 150_000;

/** Way out by SQL state or system code; the server's own words stand in the message. */
const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: start the server, or correct host and port in DATABASE_URL.',
  ENOTFOUND: 'The host name is unknown: correct the host in DATABASE_URL.',
  EAI_AGAIN: 'The host name could not be looked up: check the network, or correct the host in DATABASE_URL.',
  CONNECT_TIMEOUT: 'The host does not answer: check the network and firewalls between here and there.',
  '28P01': 'Correct user and password in DATABASE_URL.',
  '28000': 'Let this machine and user in (pg_hba.conf), or correct the user; add ?sslmode=require when the server asks for TLS.',
  '3D000': "Create the database first: create database takt encoding 'UTF8' template template0.",
  '53300': 'The server has no connection left: raise its max_connections or stop other clients.',
};

/**
 * A server of somebody else: looked at, never started, locked or stopped.
 * @throws TaktError HOME_SERVER_UNREACHABLE, HOME_SERVER_TOO_OLD, HOME_SERVER_ENCODING
 */
export async function openServer(databaseUrl: string): Promise<Home> {
  const where = placeOf(databaseUrl);
  judge(await look(databaseUrl, where), where);
  return { url: databaseUrl, folder: undefined, kind: 'server', note: undefined, revive: async () => {}, close: async () => {} };
}

/** What a server tells about itself: `server_version_num` and `server_encoding`. */
export interface ServerFacts {
  version: number;
  encoding: string;
}

/** @throws TaktError HOME_SERVER_TOO_OLD, HOME_SERVER_ENCODING */
export function judge({ version, encoding }: ServerFacts, where: string): void {
  if (version < OLDEST) {
    throw new TaktError('HOME_SERVER_TOO_OLD', {
      message: `${where} is PostgreSQL ${Math.floor(version / 10_000)}; Takt needs 15 or newer.`,
    });
  }
  if (encoding === 'UTF8') return;
  throw new TaktError('HOME_SERVER_ENCODING', { message: `The database at ${where} has the encoding ${encoding}; Takt needs UTF8.` });
}

const notAnAddress = (): TaktError =>
  new TaktError('HOME_SERVER_UNREACHABLE', {
    message: 'DATABASE_URL is not a postgres:// address.',
    hint: 'Write it as postgres://user:password@host:5432/database; special characters in the password are percent-encoded.',
  });

/** Host, port and database for messages. Everything up to the last "@" goes: a password with a bare "/" must not slip through. */
function placeOf(databaseUrl: string): string {
  const scheme = /^postgres(ql)?:\/\//.exec(databaseUrl);
  if (!scheme) throw notAnAddress();
  const rest = databaseUrl.slice(Math.max(scheme[0].length, databaseUrl.lastIndexOf('@') + 1));
  return rest.split('?', 1)[0] || 'localhost';
}

async function look(url: string, where: string): Promise<ServerFacts> {
  try {
    return await withConnection(url, 10, async (sql) => {
      const [row] = await sql<{ version: string; encoding: string }[]>`
        select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`;
      return { version: Number(row?.version), encoding: row?.encoding ?? 'unknown' };
    });
  } catch (cause) {
    // This error carries the whole address with the password, so it is not kept as the cause.
    if (codeOf(cause) === 'ERR_INVALID_URL') throw notAnAddress();
    const hint = HINTS[codeOf(cause) ?? ''];
    throw new TaktError('HOME_SERVER_UNREACHABLE', {
      message: `No way in to PostgreSQL at ${where}: ${cause instanceof Error ? cause.message : String(cause)}`,
      ...(hint === undefined ? {} : { hint }),
      cause,
      transient: true,
    });
  }
}
