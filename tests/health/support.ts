/** Takt as `takt start` puts it together, on a PostgreSQL of its own that the test may stop, fill and start again. */
import { pino } from 'pino';
import { buildServer } from '../../api/server/index.ts';
import type { Limits } from '../../api/server/limits.ts';
import { Engine, openPgBossQueue } from '../../engine/index.ts';
import { Credentials } from '../../engine/services/credentials.ts';
import { Keys } from '../../engine/services/keys.ts';
import { connectPostgres, type SqlDatabase } from '../../engine/store/sql-database.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { logInto } from '../api/support.ts';
import { onLeadCreated, somebody, workflow } from '../engine/support.ts';

export interface Server {
  engine: Engine;
  database: SqlDatabase;
  /** Everything that was logged, one JSON object a line. */
  log(): JsonObject[];
  /** Sends JSON with an admin's key. */
  call(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    body?: Json,
  ): Promise<{ status: number; body: JsonObject; headers: Record<string, unknown> }>;
  /** Listens on a port of this machine, and tells where. */
  listen(): Promise<{ origin: string; headers: Record<string, string> }>;
  /** Asks for `/health` until it is as wanted. */
  healthUntil(wanted: (health: JsonObject) => boolean): Promise<JsonObject>;
  close(): Promise<void>;
}

/** A workflow that marks every new lead: its city becomes "Done". */
export async function publishMarking({ engine }: Pick<Server, 'engine'>): Promise<void> {
  const mark = { type: 'record.update', params: { fields: { city: 'Done' } } };
  const { id } = await engine.workflows.saveDraft(workflow('w', { start: onLeadCreated, a: mark }, [['start', 'a']]));
  await engine.workflows.publish(id, somebody);
}

export async function startServer(url: string, limits: Limits = {}): Promise<Server> {
  const lines: string[] = [];
  const logger = logInto(lines);
  const database = connectPostgres(url);
  await database.migrate();
  const queue = await openPgBossQueue(database, logger);
  const engine = new Engine({ database, queue, logger, nodes: builtInNodes, connectors: [], entities: builtInEntities });
  const credentials = new Credentials(engine.ports, new Uint8Array(32).fill(7));
  const app = await buildServer({ engine, credentials, logger: pino({ level: 'silent' }), limits: { eventLoopDelayMs: 0, ...limits } });
  const { token } = await new Keys(engine.ports).create('admin', ['admin']);
  await engine.start();
  const call: Server['call'] = async (method, path, body) => {
    const response = await app.inject({
      method,
      url: path,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json<JsonObject>(), headers: response.headers };
  };
  return {
    engine,
    database,
    log: () => lines.map((line): JsonObject => JSON.parse(line)),
    call,
    async listen() {
      const origin = await app.listen({ host: '127.0.0.1', port: 0 });
      return { origin, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } };
    },
    async healthUntil(wanted) {
      for (;;) {
        const { body } = await call('GET', '/health');
        if (wanted(body)) return body;
        await turn();
      }
    },
    async close() {
      await app.close();
      await engine.stop();
      await queue.close();
      await database.close();
    },
  };
}

/** A little later; what is waited for is asked for again, and again, until it is there. */
export const turn = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
