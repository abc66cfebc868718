/** What is written about requests: who, where, how it ended. Never bodies, never query strings, never secrets. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './problem.ts';

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
