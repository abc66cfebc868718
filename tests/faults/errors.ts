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
  aborted: ['25P02', 'current transaction is aborted, commands ignored until end of transaction block'],
} as const;

/** What is said where a statement itself is to blame, as far as anybody can know. */
export const AGAINST_STATEMENTS: readonly string[] = [STATES.refused[1], STATES.timeout[1], STATES.idle[1]];

export function serverError(kind: keyof typeof STATES): Error {
  const [code, message] = STATES[kind];
  return new ServerError(code, message);
}

/** The connection has gone; the server may have done what it was asked, or not. */
export const connectionLost = (): Error => new Error('Connection terminated unexpectedly');

/** No connection is to be had. */
export const unreachable = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
