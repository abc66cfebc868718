/** What no log may tell, whoever writes into it. */
import type { Logger as Pino } from 'pino';

const HIDDEN = ['authorization', 'cookie', 'set-cookie', 'token', 'secret', 'password', 'apiKey', 'sealed', 'hash', 'webhook-signature'];
const quoted = (name: string): string => (name.includes('-') ? `["${name}"]` : name);
const below = (name: string): string => (name.includes('-') ? `*["${name}"]` : `*.${name}`);

const SAFE = {
  redact: { paths: [...HIDDEN.map(quoted), ...HIDDEN.map(below), 'req.headers', 'res.headers', 'headers'], censor: '[hidden]' },
  serializers: { err: (error: unknown) => describeError(error) },
};

/**
 * The given logger made safe, whatever it was before: secrets are hidden by name at the top and one level below, header objects
 * as a whole, and errors are told without what drivers put into them.
 */
export function safeLogger(logger: Pino): Pino {
  return logger.child({}, SAFE);
}

interface DescribedError {
  type: string;
  message: string;
  code?: string;
  stack: string[];
  cause?: DescribedError;
}

const MAX_CAUSES = 5;

/** An error without statements' parameters and rows' values, which drizzle and the drivers put into messages and details. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, 500), stack: [] };
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: error.name,
    // drizzle ends its messages with the values of the statement; they also go on in whatever repeats the message.
    message: (error.message.split('\nparams:', 1)[0] ?? '').slice(0, 1_000),
    ...(typeof code === 'string' ? { code } : {}),
    stack: (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)),
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
