/** What is written about requests: who, where, how it ended. Never bodies, never query strings, never secrets. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger as Pino } from 'pino';
import { pathOf } from './problem.ts';

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

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,100}$/;

/** The caller's own id where it is harmless, so that a request can be followed through several systems. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

export function installRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { config, url: route } = request.routeOptions;
    const fields = {
      method: request.method,
      path: pathOf(request.url),
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(request.caller ? { key: request.caller.id } : {}),
      ...runOf(request.params, route),
    };
    // Probes come every few seconds and tell nothing.
    if (config.scope === 'open' && route?.startsWith('/health') && reply.statusCode < 400) request.log.debug(fields, 'request');
    else request.log.info(fields, 'request');
  });
}

/** The run that the request was about, where its address names one. */
function runOf(params: unknown, route: string | undefined): { run?: string } {
  if (!route?.startsWith('/api/v1/runs/:id') || typeof params !== 'object' || params === null) return {};
  const id: unknown = Reflect.get(params, 'id');
  return typeof id === 'string' ? { run: id.slice(0, 36) } : {};
}
