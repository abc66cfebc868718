import { Writable } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { type Logger, pino } from 'pino';
import { expect } from 'vitest';
import type { Scope } from '../../api/access/scopes.ts';
import { buildServer, type ServerOptions } from '../../api/server/index.ts';
import { Engine, openPgBossQueue } from '../../engine/index.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import type { DispatchQueue } from '../../engine/outbox/queue.ts';
import { VirtualClock } from '../../engine/ports/clock.ts';
import { idMaker } from '../../engine/ports/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { Credentials } from '../../engine/services/credentials.ts';
import { Files } from '../../engine/services/files.ts';
import { Keys } from '../../engine/services/keys.ts';
import { Mailbox } from '../../engine/services/mailbox.ts';
import { openMemoryDatabase } from '../../engine/store/memory/database.ts';
import type { Database } from '../../engine/store/port.ts';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import { builtInNodes, documentConnector, httpConnector, type MessageStore, mailConnector, messageConnector } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { freshSqlDatabase, type SqlKind } from '../support/databases.ts';

export const NOW = '2027-01-04T09:00:00Z';

export interface Bench {
  app: FastifyInstance;
  engine: Engine;
  database: SqlDatabase;
  clock: VirtualClock;
  credentials: Credentials;
  keys: Keys;
  /** A key that may do everything. */
  admin: string;
  /** Everything that was logged, as text. */
  log(): string;
  keyWith(...scopes: Scope[]): Promise<string>;
  /** Sends JSON with the admin's key (or another, or none), and holds the answer to the published description. */
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  body?: Json;
  /** null: none. */
  key?: string | null;
  headers?: Record<string, string>;
  /** Instead of `body`: sent as it is. */
  payload?: string | Buffer;
}

export interface Answer {
  status: number;
  body: JsonObject;
  headers: LightMyRequestResponse['headers'];
  text: string;
}

type BenchOptions = Partial<Pick<ServerOptions, 'limits' | 'hooks' | 'trustProxy'>>;

export async function openBench(options: BenchOptions = {}, kind: SqlKind = 'pglite'): Promise<Bench> {
  const { db, drop } = await freshSqlDatabase(kind);
  const queue = await openPgBossQueue(db, silentLogger);
  const bench = await serve(db, new VirtualClock(NOW), queue, options);
  return {
    ...bench,
    database: db,
    async close() {
      await bench.app.close();
      await queue.close();
      await drop();
    },
  };
}

/** The same on a store in memory: at once there, for what is not about SQL. */
export async function openMemoryBench(options: BenchOptions = {}): Promise<Omit<Bench, 'database'>> {
  const db = openMemoryDatabase();
  const clock = new VirtualClock(NOW);
  const bench = await serve(db, clock, memoryQueue(clock), options);
  return {
    ...bench,
    async close() {
      await bench.app.close();
      await db.close();
    },
  };
}

async function serve(
  db: Database,
  clock: VirtualClock,
  queue: DispatchQueue,
  options: BenchOptions,
): Promise<Omit<Bench, 'database' | 'close'>> {
  const lines: string[] = [];
  const logger = logInto(lines);
  const credentials = new Credentials({ database: db, clock }, new Uint8Array(32).fill(7));
  const ports = { database: db, clock, newId: idMaker(clock, seededRandom(1)) };
  const mailbox = new Mailbox(ports);
  const files = new Files(ports);
  const messages: MessageStore = { storeMailbox: (message) => mailbox.store(message), readFile: (id) => files.read(id) };
  const engine = new Engine({
    database: db,
    queue,
    nodes: builtInNodes,
    connectors: [
      mailConnector({ ...messages, from: 'takt@example.com' }),
      messageConnector(messages),
      documentConnector({ storeFile: (file) => files.store(file) }),
      httpConnector({ resolveCredential: (name) => credentials.forRequests(name) }),
    ],
    entities: builtInEntities,
    logger,
    clock,
  });
  // On a busy machine PGlite holds up the event loop; that is not what these tests are about.
  const app = await buildServer({ engine, credentials, logger, ...options, limits: { eventLoopDelayMs: 0, ...options.limits } });
  const keys = new Keys(engine.ports);
  const { token: admin } = await keys.create('admin', ['admin']);
  const described = describedAnswers(app);
  return {
    app,
    engine,
    clock,
    credentials,
    keys,
    admin,
    log: () => lines.join(''),
    keyWith: async (...scopes) => (await keys.create(scopes.join(' '), scopes)).token,
    async call(method, url, { body, key = admin, headers = {}, payload } = {}) {
      const request: InjectOptions = { method, url, headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers } };
      if (payload !== undefined) request.payload = payload;
      else if (body !== undefined) {
        request.payload = JSON.stringify(body);
        request.headers = { 'content-type': 'application/json', ...request.headers };
      }
      const response = await app.inject(request);
      const answer = { status: response.statusCode, headers: response.headers, text: response.payload, body: objectOf(response) };
      described(method, url, answer);
      return answer;
    },
  };
}

export function logInto(lines: string[]): Logger {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return pino({ level: 'trace' }, stream);
}

function objectOf(response: LightMyRequestResponse): JsonObject {
  const type = String(response.headers['content-type'] ?? '');
  if (!/json/.test(type) || response.payload === '') return {};
  const value: unknown = JSON.parse(response.payload);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Holds every answer to what /openapi.json says of the operation. */
function describedAnswers(app: FastifyInstance): (method: string, url: string, answer: Answer) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const description: JsonObject = JSON.parse(JSON.stringify(app.swagger()));
  const operations = Object.entries(at(description, 'paths')).flatMap(([path, item]) =>
    Object.entries(at(item)).map(([method, operation]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      literal: !path.includes('{'),
      responses: at(operation, 'responses'),
    })),
  );
  return (method, url, answer) => {
    const path = url.split('?', 1)[0] ?? '';
    const fitting = operations.filter((operation) => operation.method === method && operation.pattern.test(path));
    const operation = fitting.find(({ literal }) => literal) ?? fitting[0];
    if (!operation) return;
    const response = operation.responses[String(answer.status)] ?? operation.responses.default;
    const [content] = Object.entries(at(response, 'content'));
    if (!content || answer.text === '') return;
    const [type, { schema }] = [content[0], at(content[1])];
    if (!type.includes('json')) return;
    expect(String(answer.headers['content-type'])).toContain(type);
    const check = ajv.compile(at(schema));
    expect(check(JSON.parse(answer.text)) ? [] : check.errors, `${method} ${path} ${answer.status}`).toEqual([]);
  };
}

/** The object below these names; empty where there is none. */
export function at(value: Json | undefined, ...names: string[]): JsonObject {
  const [name, ...rest] = names;
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return name === undefined ? object : at(object[name], ...rest);
}

export const listOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.map((item) => at(item)) : []);

/** A workflow that one trigger starts and one task ends. */
export function workflowFile(id: string, trigger: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    takt: 1,
    id,
    name: `Workflow ${id}`,
    nodes: { start: trigger, finish: { type: 'flow.end', params: {} } },
    edges: [['start', 'finish']],
    ...more,
  };
}

export async function publish(bench: Pick<Bench, 'call'>, file: JsonObject): Promise<void> {
  const saved = await bench.call('PUT', `/api/v1/workflows/${String(file.id)}/draft`, { body: file });
  expect(saved.body.problems).toEqual([]);
  const published = await bench.call('POST', `/api/v1/workflows/${String(file.id)}/publish`);
  expect(published.status).toBe(201);
}
