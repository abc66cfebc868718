/** What the driver says, in its own words, so that the engine has to understand them. */

/** An error of the server, with its SQL state. */
class ServerError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
  }
}

const STATES = {
  refused: ['XX000', 'the statement was refused'],
  serialisation: ['40001', 'could not serialize access due to concurrent update'],
  deadlock: ['40P01', 'deadlock detected'],
  timeout: ['57014', 'canceling statement due to statement timeout'],
  idle: ['25P03', 'terminating connection due to idle-in-transaction timeout'],
  shutdown: ['57P01', 'terminating connection due to administrator command'],
  starting: ['57P03', 'the database system is starting up'],
  connections: ['53300', 'sorry, too many clients already'],
  full: ['53100', 'could not extend file: No space left on device'],
  'read-only': ['25006', 'cannot execute it in a read-only transaction'],
  aborted: ['25P02', 'current transaction is aborted, commands ignored until end of transaction block'],
} as const;

/** What is said where a statement itself is to blame, as far as anybody can know. */
export const AGAINST_STATEMENTS: readonly string[] = [STATES.refused[1], STATES.timeout[1], STATES.idle[1]];

export type ServerErrorKind = keyof typeof STATES;

export function serverError(kind: ServerErrorKind): Error {
  const [code, message] = STATES[kind];
  return new ServerError(code, message);
}

/** The connection has gone; the server may have done what it was asked, or not. */
export const connectionLost = (): Error => new Error('Connection terminated unexpectedly');

/** No connection is to be had. */
export const unreachable = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
