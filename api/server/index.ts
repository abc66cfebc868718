/** The HTTP side of Takt: REST under /api/v1, hooks, health, metrics and their description. */
import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import helmet from 'helmet';
import type { Logger as Pino } from 'pino';
import { asTaktError, type Engine, TaktError } from '../../engine/index.ts';
import type { Credentials } from '../../engine/services/credentials.ts';
import { Files } from '../../engine/services/files.ts';
import { Keys } from '../../engine/services/keys.ts';
import { Mailbox } from '../../engine/services/mailbox.ts';
import { access } from '../access/access.ts';
import { installBodies } from './json.ts';
import { installDeadline, installPressure, installRateLimit, installUnderWay, type Limits, MAX_BODY } from './limits.ts';
import { installRequestLog, requestId } from './logging.ts';
import { installMetrics } from './metrics.ts';
import { installDescription, installDocs } from './openapi.ts';
import { answer, installProblems, problemOf, told } from './problem.ts';
import { assignmentRoutes } from './routes/assignments.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { calendarRoutes } from './routes/calendars.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { duplicateRoutes } from './routes/duplicates.ts';
import { effectRoutes } from './routes/effects.ts';
import { entityRoutes } from './routes/entities.ts';
import { eventRoutes } from './routes/events.ts';
import { experimentRoutes } from './routes/experiments.ts';
import { fileRoutes } from './routes/files.ts';
import { forecastRoutes } from './routes/forecasts.ts';
import { type HookOptions, hookRoutes } from './routes/hooks.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { mailboxRoutes } from './routes/mailbox.ts';
import { measureRoutes } from './routes/measures.ts';
import { modelRoutes } from './routes/models.ts';
import { moveRoutes } from './routes/moves.ts';
import { nodeTypeRoutes } from './routes/node-types.ts';
import { operationRoutes } from './routes/operation.ts';
import { peopleRoutes } from './routes/people.ts';
import { policyRoutes } from './routes/policies.ts';
import { recommendationRoutes } from './routes/recommendations.ts';
import { recordRoutes } from './routes/records.ts';
import { runRoutes } from './routes/runs.ts';
import { segmentRoutes } from './routes/segments.ts';
import { workflowRoutes } from './routes/workflows.ts';
import { safeLogger } from './safe-logger.ts';
import type { Routes, Services } from './services.ts';
import { installValidation } from './validation.ts';

export interface ServerOptions {
  engine: Engine;
  /** The same that the connectors resolve their credentials with. */
  credentials: Credentials;
  logger: Pino;
  limits?: Limits;
  hooks?: HookOptions;
  /** Behind a proxy of yours: take the caller's address from X-Forwarded-For. Default false. */
  trustProxy?: boolean;
}

/** A request that is not here whole by then is cut off: slow senders must not hold connections. */
const REQUEST_TIMEOUT_MS = 60_000;

const RESOURCES: readonly Routes[] = [
  workflowRoutes,
  moveRoutes,
  experimentRoutes,
  segmentRoutes,
  modelRoutes,
  forecastRoutes,
  runRoutes,
  jobRoutes,
  recordRoutes,
  recommendationRoutes,
  assignmentRoutes,
  measureRoutes,
  duplicateRoutes,
  bulkRoutes,
  entityRoutes,
  policyRoutes,
  calendarRoutes,
  eventRoutes,
  peopleRoutes,
  effectRoutes,
  mailboxRoutes,
  fileRoutes,
  nodeTypeRoutes,
  keyRoutes,
  credentialRoutes,
];

/** Builds the server; `listen` or `inject` is up to the caller. Closing it leaves the engine and the database alone. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { engine, credentials, limits = {}, hooks = {} } = options;
  const { ports } = engine;
  const services: Services = { engine, credentials, keys: new Keys(ports), mailbox: new Mailbox(ports), files: new Files(ports) };
  const loggerInstance: FastifyBaseLogger = safeLogger(options.logger);
  const app = Fastify({
    loggerInstance,
    // Our own line about each request says what is needed and nothing that is secret.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors(error, request, reply) {
      answer(told(error), request, reply);
    },
    clientErrorHandler,
  }).withTypeProvider<TypeBoxTypeProvider>();

  installProblems(app);
  installValidation(app);
  installRequestLog(app);
  const metrics = installMetrics(app, engine);
  // Made once: the plugin for Fastify makes it anew for every request, 28 µs instead of 18.
  const secure = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  app.addHook('onRequest', (request, reply, done) =>
    secure(request.raw, reply.raw, (fault) => (fault === undefined ? done() : done(asTaktError(fault)))),
  );
  installDeadline(app, limits);
  await installPressure(app, limits);
  installUnderWay(app, limits);
  // Counting refused requests is part of refusing them, so it comes into being after; until then nothing is served.
  let countRefused: Awaited<ReturnType<typeof installRateLimit>> | undefined;
  await app.register(access, { keys: services.keys, onRefused: async (request) => countRefused?.(request) });
  countRefused = await installRateLimit(app, limits);
  installBodies(app);
  await installDescription(app);
  for (const routes of RESOURCES) await app.register(routes(services), { prefix: '/api/v1' });
  await app.register(hookRoutes(hooks)(services));
  await app.register(operationRoutes(metrics)(services));
  await installDocs(app);
  await app.ready();
  return app;
}

/** What cannot even be parsed as HTTP gets an answer of the same form. */
function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = JSON.stringify(problemOf(new TaktError('REQUEST_INVALID', { message: 'This is not HTTP as it should be.' }), 'none'));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(problem)}\r\nConnection: close\r\n\r\n${problem}`,
  );
}
