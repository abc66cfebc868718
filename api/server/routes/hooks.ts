/** Addresses that other systems call. No API key: who may call is the affair of the trigger's signature. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { PlanTrigger } from '../../../engine/graph/plan.ts';
import { TaktError } from '../../../engine/index.ts';
import { checkJsonShape } from '../../../engine/schema/json.ts';
import { didYouMean } from '../../../engine/schema/nearest.ts';
import type { Json, JsonObject } from '../../../schemas/json.ts';
import { readJson, textOf } from '../json.ts';
import { Uuid } from '../schemas.ts';
import type { Routes, Services } from '../services.ts';
import { checkSignature, type SignatureRule } from '../signature.ts';

const EVENT = 'webhook.received';
/** What a condition or a step may want to know; everything else, secrets above all, is left out. */
const KEPT_HEADERS = [
  'content-type',
  'user-agent',
  'idempotency-key',
  'webhook-id',
  'webhook-timestamp',
  'x-request-id',
  'x-event-type',
  'x-github-event',
  'x-gitlab-event',
  'x-shopify-topic',
] as const;
const MAX_HEADER = 1_000;
const MAX_KEY = 150;

export interface HookOptions {
  /** The header that names a delivery where neither Idempotency-Key nor webhook-id does. Default x-request-id. */
  keyHeader?: string;
}

/** The body as it is kept: what was sent, or null. */
const Body = Type.Unsafe<Json | undefined>({ description: 'JSON, or a form.' });

export const hookRoutes =
  ({ keyHeader = 'x-request-id' }: HookOptions): Routes =>
  (services) =>
  async (app) => {
    const { intake } = services.engine;
    // Here the bytes are kept as they came: signatures are made over them.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
      request.rawBody = bytes;
      return bytes.length === 0 ? undefined : readJson(textOf(bytes));
    });
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
      request.rawBody = bytes;
      return checkJsonShape(formOf(textOf(bytes)), 3);
    });

    app.post(
      '/hooks/:hook',
      {
        config: { scope: 'open' },
        schema: {
          tags: ['hooks'],
          summary: 'Deliver to a hook',
          description:
            'Starts what the published workflows with a `trigger.webhook` of this name say. A delivery with an idempotency key that was seen before changes nothing. Demands a signature where a trigger does.',
          consumes: ['application/json', 'application/x-www-form-urlencoded'],
          params: Type.Object({ hook: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }) }),
          body: Body,
          response: { 202: Type.Object({ id: Uuid, duplicate: Type.Boolean() }) },
        },
      },
      async (request, reply) => {
        const { hook } = request.params;
        const rules = rulesOf(await triggersOf(services, hook));
        for (const rule of rules) await verify(services, rule, request);
        const key = keyOf(request, keyHeader, rules);
        const changed = await intake.submitOne(
          {
            kind: 'event',
            type: EVENT,
            topic: hook,
            data: { body: request.body ?? null, headers: keptHeaders(request), query: queryOf(request) },
            ...(key !== undefined && { key: `${EVENT}:${hook}:${key}` }),
          },
          { kind: 'system', id: `hook ${hook}` },
        );
        if (changed.kind !== 'event') throw new TaktError('INTERNAL', { message: 'An event became something else.' });
        return reply.code(202).send({ id: changed.id, duplicate: changed.duplicate });
      },
    );
  };

/** The published triggers of a hook, those of paused workflows too: a pause does not open the door. Throws HOOK_UNKNOWN. */
async function triggersOf({ engine: { ports } }: Services, hook: string): Promise<PlanTrigger[]> {
  const { published } = await ports.catalog.current(ports.database.store);
  const all = [...published.values()]
    .flatMap((plan) => plan.triggers)
    .flatMap((trigger) => trigger.subscriptions.flatMap(({ type, topic }) => (type === EVENT ? [{ topic, trigger }] : [])));
  const wanted = all.filter(({ topic }) => topic === hook).map(({ trigger }) => trigger);
  if (wanted.length > 0) return wanted;
  const near = didYouMean(
    hook,
    all.map(({ topic }) => topic),
  )?.startsWith('Did')
    ? ' The name is near to one that exists.'
    : '';
  throw new TaktError('HOOK_UNKNOWN', { message: `No published workflow listens to the hook "${hook}".${near}` });
}

/** Every signature that any of the triggers demands: one event reaches them all. */
function rulesOf(triggers: readonly PlanTrigger[]): SignatureRule[] {
  const rules = triggers.flatMap(({ params: { signature } }) => (isRule(signature) ? [signature] : []));
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** The node's own schema has checked the rest of it when the workflow was compiled. */
function isRule(value: unknown): value is SignatureRule {
  return typeof value === 'object' && value !== null && 'credential' in value && 'scheme' in value;
}

async function verify({ credentials, engine }: Services, rule: SignatureRule, request: FastifyRequest): Promise<void> {
  const credential = await credentials.open(rule.credential);
  if (credential?.kind !== 'webhook') {
    request.log.error(
      { credential: rule.credential },
      'A hook demands a signature by a credential that is missing or not of the kind "webhook".',
    );
    throw new TaktError('HOOK_CREDENTIAL');
  }
  checkSignature(rule, credential.secret, request.headers, request.rawBody ?? Buffer.alloc(0), engine.ports.clock.now());
}

/** Where a signature covers the delivery's id, only that id counts: another header could be changed to deliver the same twice. */
function keyOf(request: FastifyRequest, keyHeader: string, rules: readonly SignatureRule[]): string | undefined {
  const signedId = rules.some((rule) => rule.scheme === 'standard-webhooks');
  const names = signedId ? ['webhook-id'] : ['idempotency-key', 'webhook-id', keyHeader.toLowerCase()];
  const name = names.find((candidate) => request.headers[candidate] !== undefined);
  if (name === undefined) return undefined;
  const value = request.headers[name];
  if (typeof value === 'string' && value.length <= MAX_KEY && /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value)) return value;
  throw new TaktError('HOOK_KEY', { message: `The header ${name} is not usable as an idempotency key.` });
}

function keptHeaders({ headers }: FastifyRequest): JsonObject {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value.slice(0, MAX_HEADER)] as const] : [];
    }),
  );
}

const queryOf = ({ query }: FastifyRequest): JsonObject => plainObject(query);

/** A form's fields; one that stands several times becomes a list. */
function formOf(text: string): JsonObject {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

function plainObject(value: unknown): JsonObject {
  const json = checkJsonShape(value, 3);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
}
