/**
 * What is wrong with the database itself, told apart from what it has against one statement. SQL states are those of PostgreSQL
 * (appendix A of its manual); where the connection is lost there is none, and the words of driver and system say so.
 */
import { TaktError } from '../errors/index.ts';
import { sqlState } from './sql-state.ts';

/** The way to the database is closed, or it lets nobody write: no change and no run is to blame, all of them can be done later. */
export type TroubleCode =
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_CONNECTIONS'
  | 'DATABASE_FULL'
  | 'DATABASE_READ_ONLY'
  | 'DATABASE_REFUSES'
  | 'DATABASE_TABLES';

const BY_STATE: readonly [RegExp, TroubleCode][] = [
  [/^53100$/, 'DATABASE_FULL'],
  [/^53300$/, 'DATABASE_CONNECTIONS'],
  [/^25006$/, 'DATABASE_READ_ONLY'],
  // Wrong password, no entry for this machine, no such database: as good as away until somebody mends it.
  [/^(28|3D)/, 'DATABASE_REFUSES'],
  // 57014 is not among them: a statement that was cancelled for its time is to blame itself, and with it the rest of its batch would
  // be tried for ever. Nor are 53200 and 53400 (memory, files of one statement): smaller batches need less. Nor 25P03, by which the
  // server ends a session that was idle in its transaction: see `isSessionEnded`.
  [/^(08|57P)/, 'DATABASE_UNAVAILABLE'],
  // Files of the server that cannot be read or written.
  [/^58/, 'DATABASE_UNAVAILABLE'],
];

/** Tables or columns that are not there: not migrated, or by a newer Takt. Only a look at health asks for these. */
const NOT_MIGRATED = /^(42P01|42703|42883|3F000)$/;

const SOCKET = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_|CONNECTION_|CONNECT_TIMEOUT)/;
/** node-postgres tells these by their words alone. */
const DRIVER =
  /^(Connection terminated|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end|timeout expired|timeout exceeded when trying to connect|Client was closed)/;

/** What the error says of the database; undefined where it is about the statement, or not of the database at all. */
export function troubleCode(error: unknown): TroubleCode | undefined {
  if (error instanceof TaktError) return TROUBLES.find((code) => code === error.code);
  const state = sqlState(error);
  if (state !== undefined) return BY_STATE.find(([pattern]) => pattern.test(state))?.[1];
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if (DRIVER.test(e.message) || ('code' in e && typeof e.code === 'string' && SOCKET.test(e.code))) return 'DATABASE_UNAVAILABLE';
  }
  return undefined;
}

const TROUBLES: readonly TroubleCode[] = [
  'DATABASE_UNAVAILABLE',
  'DATABASE_CONNECTIONS',
  'DATABASE_FULL',
  'DATABASE_READ_ONLY',
  'DATABASE_REFUSES',
  'DATABASE_TABLES',
];

/** The same in the catalogue's words, which name neither addresses nor values. */
export function troubleOf(error: unknown): TaktError | undefined {
  if (error instanceof TaktError) return troubleCode(error) && error;
  const code = troubleCode(error);
  return code && new TaktError(code, { cause: error, transient: true });
}

/** As `troubleOf`, of an error of a plain look at our tables: there a missing table is the database's trouble, and so is silence. */
export function troubleOfLook(error: unknown): TaktError {
  const known = troubleOf(error);
  if (known) return known;
  const code = NOT_MIGRATED.test(sqlState(error) ?? '') ? 'DATABASE_TABLES' : 'DATABASE_UNAVAILABLE';
  return new TaktError(code, { cause: error, transient: true });
}

/** Is the database away, rather than against what was asked of it? */
export const isUnavailable = (error: unknown): boolean => troubleCode(error) !== undefined;

/** Is it the connection that is gone, or has gone silent? The server says nothing then. */
export const isLost = (error: unknown): boolean => isUnavailable(error) && sqlState(error) === undefined;

/**
 * Did the server end the session because nothing was heard of its client in the middle of a transaction? The process stood still, or what
 * it computed took too long: which of them, a second try shows.
 */
export const isSessionEnded = (error: unknown): boolean => /^25P0[34]$/.test(sqlState(error) ?? '');
