/**
 * How a connection to PostgreSQL is opened, so that a network that goes silent is noticed on both of its ends. A partition closes
 * nothing: without these settings the server keeps a vanished worker's row locks until TCP gives up, which takes two hours where the
 * session is idle, and the worker waits for its answer for a quarter of an hour.
 */
import pg from 'pg';

/** Nobody waits longer for a connection, milliseconds: with the database away, or all connections busy, callers are told to come back. */
const CONNECT_MS = 5_000;
/** After so long without a word the other side is asked whether it is there: a server that went without a farewell is noticed. */
const KEEP_ALIVE_MS = 10_000;
/** A statement whose answer does not come is given up by the client, milliseconds: later than the server would have given it up. */
const ANSWER_MS = 35_000;

/**
 * What the server is asked for at the beginning of a session. A client of whose machine nothing is heard is given up, and its locks are
 * free, after 5 + 3 × 3 seconds where the session is idle, after 15 where an answer is on its way. A process that stands still on a
 * machine that goes on answers for itself to TCP: its transaction ends after a minute.
 */
const SESSION: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '3',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '15s',
  idle_in_transaction_session_timeout: '60s',
  statement_timeout: '30s',
};

/**
 * What the user, the database or the address itself says of a setting stands. By a statement, not in the start-up packet, which poolers
 * refuse.
 */
const PREPARE = `select set_config(s.name, wanted.value, false)
  from pg_settings s join unnest($1::text[], $2::text[]) as wanted (name, value) on wanted.name = s.name
 where s.source in ('default', 'configuration file', 'command line', 'environment variable')`;

const prepare = async (client: pg.ClientBase): Promise<void> => {
  await client.query(PREPARE, [Object.keys(SESSION), Object.values(SESSION)]);
};

/** The pool waits for what this gives and refuses the connection where it fails; its types know of no promise. */
const onConnect = (client: pg.ClientBase): unknown => prepare(client);

/** @param name told to the server as application_name */
const config = (url: string, name: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: name,
  connectionTimeoutMillis: CONNECT_MS,
  query_timeout: ANSWER_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
});

/**
 * A pool whose sessions are prepared before anybody gets them. Statements of a connection go out as they come, without waiting for the answer
 * to the one before (see `together`): of 23 round trips from an event to its first step 5 are left.
 * @param max connections of this process
 */
export function openPool(url: string, max: number, name: string): pg.Pool {
  const pool = new pg.Pool({ ...config(url, name), max, onConnect, pipeline: true });
  // A connection that breaks is taken out by the pool; whoever uses it then is told by the query, whoever needs one next gets
  // another. Without these listeners the event itself would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** One connection that is not of the pool. Whoever opens it ends it. */
export async function openClient(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client(config(url, name));
  // What follows an error is the end of the connection, and that is where it is mended.
  client.on('error', () => {});
  await client.connect();
  try {
    await prepare(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}
