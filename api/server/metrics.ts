/** Numbers for Prometheus. Labels have few values: routes, never addresses or ids. */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Engine } from '../../engine/index.ts';

export interface Metrics {
  readonly contentType: string;
  /** The present numbers in Prometheus' text format. */
  scrape(): Promise<string>;
}

/** Counts requests from now on. Two servers in one process keep their numbers apart. */
export function installMetrics(app: FastifyInstance, engine: Engine): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'takt_http_request_seconds',
    help: 'How long requests took.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  app.addHook('onClose', async () => registry.clear());
  const dueRuns = new Gauge({ name: 'takt_runs_due', help: 'Runs that wait for a worker.', registers });
  const lag = new Gauge({ name: 'takt_runs_lag_seconds', help: 'How long the longest due run has been waiting.', registers });
  const effects = new Gauge({ name: 'takt_effects', help: 'Effects that are not sent.', labelNames: ['status'], registers });
  const up = new Gauge({
    name: 'takt_database_up',
    help: '1 while the database answers, else 0; then the other numbers are old.',
    registers,
  });
  const waiting = new Gauge({ name: 'takt_intake_waiting', help: 'Changes that wait in memory to be written.', registers });
  const bytes = new Gauge({ name: 'takt_intake_waiting_bytes', help: 'Their bytes.', registers });
  return {
    contentType: registry.contentType,
    async scrape() {
      const { entries, bytes: held } = engine.intake.waiting;
      waiting.set(entries);
      bytes.set(held);
      const { queues: state } = await engine.health.look();
      up.set(state ? 1 : 0);
      if (!state) return registry.metrics();
      dueRuns.set(state.dueRuns);
      lag.set(state.lagMs / 1_000);
      effects.set({ status: 'pending' }, state.pendingEffects);
      effects.set({ status: 'dead' }, state.deadEffects);
      return registry.metrics();
    },
  };
}
