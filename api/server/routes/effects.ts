import { type Static, Type } from 'typebox';
import type { EffectRow } from '../../../engine/unit/rows.ts';
import { isoOf, isoOrNull, limitOf } from '../paging.ts';
import { AnyObject, Empty, ErrorItem, Instant, idParams, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import type { Routes } from '../services.ts';

const Status = Type.Enum(['pending', 'sent', 'dead', 'cancelled']);
export const EffectView = Type.Object({
  id: Uuid,
  key: Type.String({ description: 'The idempotency key that the destination sees.' }),
  run: Uuid,
  node: Type.String(),
  record: Nullable(Uuid),
  connector: Type.String(),
  destination: Type.String(),
  payload: AnyObject,
  status: Status,
  attempts: Type.Integer(),
  nextAt: Nullable(Instant),
  result: Nullable(AnyObject),
  error: Nullable(ErrorItem),
  createdAt: Instant,
  settledAt: Nullable(Instant),
});

export const effectView = (row: EffectRow): Static<typeof EffectView> => ({
  id: row.id,
  key: row.key,
  run: row.runId,
  node: row.node,
  record: row.recordId,
  connector: row.connector,
  destination: row.destination,
  payload: row.payload,
  status: row.status,
  attempts: row.attempts,
  nextAt: isoOrNull(row.nextAt),
  result: row.result,
  error: row.error,
  createdAt: isoOf(row.createdAt),
  settledAt: isoOrNull(row.settledAt),
});

export const effectRoutes: Routes =
  ({ engine: { effects } }) =>
  async (app) => {
    const tags = ['effects'];
    const write = { scope: 'runs:write' } as const;

    app.get(
      '/effects',
      {
        config: { scope: 'runs:read' },
        schema: {
          tags,
          summary: 'List the outbox, newest first',
          querystring: Type.Object({
            status: Type.Optional(
              Type.Enum(['pending', 'sent', 'dead', 'cancelled'], { description: '`dead`: what could not be delivered.' }),
            ),
            run: Type.Optional(Uuid),
            ...paging,
          }),
          response: { 200: PageOf(EffectView) },
        },
      },
      async ({ query }) => {
        const filter = { ...(query.status && { status: query.status }), ...(query.run && { runId: query.run }) };
        const page = await effects.page(filter, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(effectView) };
      },
    );

    app.post(
      '/effects/:id/retry',
      { config: write, schema: { tags, summary: 'Send a dead effect once more', params: idParams, response: { 204: Empty } } },
      async ({ params }, reply) => {
        await effects.retry(params.id);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/effects/retry',
      {
        config: write,
        schema: { tags, summary: 'Send every dead effect once more', response: { 200: Type.Object({ retried: Type.Integer() }) } },
      },
      async () => ({ retried: await effects.retryAll() }),
    );
  };
