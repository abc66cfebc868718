/** Who may call what: every route names the scope that it needs, and without one it does not exist. */
import type { FastifyPluginAsync, FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { TaktError } from '../../engine/index.ts';
import type { ApiKey, Keys } from '../../engine/services/keys.ts';
import { covers, type Scope } from './scopes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a key must have; `open` for addresses that need no key. */
    scope?: Scope | 'open';
  }
  interface FastifyRequest {
    /** The key that the request came with; null on open addresses. */
    caller: ApiKey | null;
  }
}

export interface AccessOptions {
  keys: Keys;
  /** Called before a request without a valid key is refused; may throw RATE_LIMITED. */
  onRefused(request: FastifyRequest): Promise<void>;
}

const BEARER = /^Bearer +([^\s]+) *$/i;

const plugin: FastifyPluginAsync<AccessOptions> = async (app, { keys, onRefused }) => {
  app.decorateRequest('caller', null);
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  // At the end: plugins that bring routes of their own have been given their scopes by then.
  app.addHook('onReady', async () => {
    const bare = routes.filter(({ config }) => config?.scope === undefined).map(({ method, url }) => `${String(method)} ${url}`);
    if (bare.length > 0) throw new Error(`These routes name no scope: ${bare.join(', ')}.`);
  });
  app.addHook('onRequest', async (request) => {
    // An address that does not exist has no scope; what it says does not depend on who asks.
    if (request.is404) return;
    const { scope } = request.routeOptions.config;
    if (scope === 'open') return;
    const caller = await identify(keys, request.headers.authorization).catch(async (error: unknown) => {
      // A key that could not be looked up is no wrong one: who asks again while the database is away must not be locked out by it.
      if (error instanceof TaktError && error.status === 401) await onRefused(request);
      throw error;
    });
    request.caller = caller;
    if (scope !== undefined && covers(caller.scopes, scope)) return;
    throw new TaktError('SCOPE_MISSING', {
      message: `The key "${caller.name}" lacks the scope ${scope ?? 'of this address'}.`,
      hint: `Its scopes: ${caller.scopes.join(', ') || 'none'}. Use a key with ${scope ?? 'admin'}.`,
    });
  });
  app.addHook('onClose', () => keys.settled());
};

/** Throws KEY_MISSING, KEY_INVALID. */
async function identify(keys: Keys, header: string | undefined): Promise<ApiKey> {
  if (header === undefined) throw new TaktError('KEY_MISSING');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new TaktError('KEY_MISSING', { message: 'The Authorization header is not of the form "Bearer takt_…".' });
  const key = await keys.authenticate(token);
  if (key) return key;
  throw new TaktError('KEY_INVALID');
}

export const access = fp(plugin, { name: 'takt-access', fastify: '5.x' });
