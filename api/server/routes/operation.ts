/** Is the process alive, can it work, and how much is waiting. */
import { Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import type { Metrics } from '../metrics.ts';
import type { Routes } from '../services.ts';
import { queueState } from '../state.ts';

/** A database that takes longer than this is no database to work with. */
const PATIENCE_MS = 3_000;

const Live = Type.Object({ status: Type.Literal('ok'), uptime: Type.Number({ description: 'Seconds.' }) });
const Ready = Type.Object({
  status: Type.Literal('ok'),
  database: Type.Literal('ok'),
  worker: Type.Object({
    dueRuns: Type.Integer({ description: 'Runs that a worker should take now.' }),
    lagMs: Type.Number({ description: 'How long the longest due of them waits; it grows when no worker runs.' }),
  }),
  outbox: Type.Object({ pending: Type.Integer(), dead: Type.Integer() }),
});

export const operationRoutes =
  (metrics: Metrics): Routes =>
  ({ engine }) =>
  async (app) => {
    const tags = ['operation'];
    const open = { scope: 'open' } as const;

    app.get('/health/live', { config: open, schema: { tags, summary: 'Does the process live?', response: { 200: Live } } }, async () => ({
      status: 'ok' as const,
      uptime: process.uptime(),
    }));

    app.get(
      '/health',
      { config: open, schema: { tags, summary: 'Can it work: the database, the worker, the queues', response: { 200: Ready } } },
      async () => {
        const state = await withinPatience(queueState(engine));
        return {
          status: 'ok' as const,
          database: 'ok' as const,
          worker: { dueRuns: state.dueRuns, lagMs: state.lagMs },
          outbox: { pending: state.pendingEffects, dead: state.deadEffects },
        };
      },
    );

    app.get(
      '/metrics',
      {
        config: { scope: 'metrics:read' },
        schema: { tags, summary: "Numbers in Prometheus' text format", produces: ['text/plain'], response: { 200: Type.String() } },
      },
      async (_request, reply) => {
        const text = await metrics.scrape();
        return reply.type(metrics.contentType).serializer(String).send(text);
      },
    );
  };

/** Throws DATABASE_UNAVAILABLE when the database refuses or keeps us waiting. */
async function withinPatience<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS} ms.`)), PATIENCE_MS);
  try {
    return await Promise.race([work, promise]);
  } catch (cause) {
    throw new TaktError('DATABASE_UNAVAILABLE', { cause, transient: true });
  } finally {
    clearTimeout(timer);
  }
}
