/** The description of the API at /openapi.json, and people's view of it at /docs: everything from this server, nothing from outside. */
import { createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import reference from '@scalar/fastify-api-reference';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { ERRORS } from '../../engine/index.ts';
import { Problem } from './schemas.ts';

const TAGS = {
  workflows: 'Drafts, published versions, pause and roll-back.',
  runs: 'What workflows do and did.',
  jobs: 'Long work in the background: bulk starts, moves between versions, segments, models.',
  segments: 'Named groups of records, by a rule.',
  models: 'What is learned from outcomes: definitions, versions, and why a record has its chance.',
  recommendations: 'Next best actions: what somebody is to do today, answers, and what it all brings.',
  forecasts: 'What months, people and channels bring, and how that came true.',
  experiments: 'Splits, and which of their ways does best.',
  records: 'Leads, deals, contacts and every other entity.',
  entities: 'What kinds of records there are.',
  events: 'Facts that workflows react to.',
  people: 'Users and teams.',
  effects: 'The outbox: what leaves the house.',
  mailbox: 'Messages that were kept instead of sent.',
  files: 'What workflows have made: reports and other documents.',
  nodes: 'What workflows are made of.',
  access: 'API keys and credentials.',
  hooks: 'Addresses that other systems call.',
  operation: 'Health and metrics.',
} as const;

/** Register before the routes: it gathers them as they come. */
export async function installDescription(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Takt',
        version: '1',
        description: 'Automation for revenue teams. How keys, errors, pages and hooks work: docs/api.md.',
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: takt_…' } } },
    },
    transform: ({ schema, url, route }) => ({ url, schema: described(schema, route) }),
  });
}

/** Adds what every route has: the key it needs, and errors as problems. */
function described(schema: RouteOptions['schema'], { config }: RouteOptions): NonNullable<RouteOptions['schema']> {
  const scope = config?.scope;
  const open = scope === 'open';
  const responses = typeof schema?.response === 'object' && schema.response !== null ? schema.response : {};
  return {
    ...schema,
    security: open ? [] : [{ key: [] }],
    description: [schema?.description, open ? 'Needs no key.' : `Needs the scope \`${scope}\`.`].filter(Boolean).join(' '),
    response: {
      ...responses,
      default: { description: 'A problem (RFC 9457).', content: { 'application/problem+json': { schema: Problem } } },
    },
  };
}

/** Register after the routes. */
export async function installDocs(app: FastifyInstance): Promise<void> {
  const open = { scope: 'open' } as const;
  app.get('/openapi.json', { schema: { hide: true }, config: open }, async () => app.swagger());
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...open };
    });
    docs.addHook('onSend', async (_request, reply, payload) => {
      const type = reply.getHeader('content-type');
      if (typeof payload === 'string' && typeof type === 'string' && type.startsWith('text/html'))
        reply.header('content-security-policy', policyFor(payload));
      return payload;
    });
    docs.get('/docs/errors', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(errorsPage()),
    );
    await docs.register(reference, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Takt API',
        // Everything that would ask a host that is not this one.
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
  });
}

const INLINE = /<script[^>]*>([\s\S]*?)<\/script>/g;

/** Scripts of this server, and the page's own inline ones by their hash. */
function policyFor(html: string): string {
  const hashes = [...html.matchAll(INLINE)]
    .flatMap(([, text]) => (text === undefined || text === '' ? [] : [text]))
    .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    // The page's styles are made by its script, which gives them no nonce.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Where the `type` of a problem leads. */
function errorsPage(): string {
  const safe = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const rows = Object.entries(ERRORS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title, hint }]) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${safe(title)}.</td><td>${safe(hint)}</td></tr>`,
    );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Errors of Takt</title><meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{padding:.4rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}tr:target{background:#fff3c4}</style>
</head><body><h1>Errors</h1><table><thead><tr><th>Code</th><th>Status</th><th>What happened</th><th>What to do</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></body></html>`;
}
