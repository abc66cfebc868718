/** Is the process alive, can it work, and how much is waiting. */
import { type Static, Type } from 'typebox';
import type { Health, HealthProblem } from '../../../engine/health/health.ts';
import type { Metrics } from '../metrics.ts';
import { isoOf } from '../paging.ts';
import { Instant } from '../schemas.ts';
import type { Routes } from '../services.ts';

/** How soon somebody who found the database away should look again, seconds. */
const RETRY_AFTER = '5';

const Live = Type.Object({ status: Type.Literal('ok'), uptime: Type.Number({ description: 'Seconds.' }) });

const Problem = Type.Object({
  code: Type.String({ description: 'Listed at /docs/errors.' }),
  message: Type.String(),
  hint: Type.String({ description: 'What to do.' }),
  since: Instant,
});
const Queues = {
  worker: Type.Object({
    dueRuns: Type.Integer({ description: 'Runs that a worker should take now, counted up to 10,000.' }),
    lagMs: Type.Number({ description: 'How long the longest due of them waits; it grows when no worker runs.' }),
  }),
  outbox: Type.Object({ pending: Type.Integer(), dead: Type.Integer() }),
  intake: Type.Object({ waiting: Type.Integer({ description: 'Changes that wait in memory to be written.' }), bytes: Type.Integer() }),
};
const Able = Type.Object({
  status: Type.Enum(['ok', 'degraded']),
  database: Type.Literal('ok'),
  ...Queues,
  problems: Type.Array(Problem, { description: 'What is late or does not move; none with `ok`.' }),
});
const Unable = Type.Object({
  status: Type.Literal('unavailable'),
  database: Type.Literal('unavailable'),
  code: Type.String({ description: 'Of the first problem.' }),
  problems: Type.Array(Problem, { minItems: 1 }),
});

export const operationRoutes =
  (metrics: Metrics): Routes =>
  ({ engine }) =>
  async (app) => {
    const tags = ['operation'];
    const open = { scope: 'open' } as const;

    app.get(
      '/health/live',
      {
        config: open,
        schema: {
          tags,
          summary: 'Does the process live?',
          description: 'Green also while the database is away: a restart would not help.',
          response: { 200: Live },
        },
      },
      async () => ({ status: 'ok' as const, uptime: process.uptime() }),
    );

    app.get(
      '/health',
      {
        config: open,
        schema: { tags, summary: 'Can it work: the database, the worker, the queues', response: { 200: Able, 503: Unable } },
      },
      async (_request, reply) => {
        const health = await engine.health.look();
        const [first] = health.problems;
        if (health.status === 'unavailable' && first) {
          reply.header('retry-after', RETRY_AFTER);
          return reply.code(503).send({
            status: health.status,
            database: 'unavailable' as const,
            code: first.code,
            problems: health.problems.map(told),
          });
        }
        return reply.send(able(health, engine.intake.waiting));
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

const told = ({ since, ...problem }: HealthProblem): Static<typeof Problem> => ({ ...problem, since: isoOf(since) });

function able({ status, problems, queues }: Health, waiting: { entries: number; bytes: number }): Static<typeof Able> {
  const { dueRuns = 0, lagMs = 0, pendingEffects = 0, deadEffects = 0 } = queues ?? {};
  return {
    status: status === 'ok' ? 'ok' : 'degraded',
    database: 'ok',
    worker: { dueRuns, lagMs },
    outbox: { pending: pendingEffects, dead: deadEffects },
    intake: { waiting: waiting.entries, bytes: waiting.bytes },
    problems: problems.map(told),
  };
}
