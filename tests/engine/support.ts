import { Engine } from '../../engine/engine.ts';
import type { Connector } from '../../engine/outbox/connector.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import type { DispatchQueue } from '../../engine/outbox/queue.ts';
import { VirtualClock } from '../../engine/ports/clock.ts';
import { idMaker } from '../../engine/ports/ids.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import type { Changed } from '../../engine/runtime/change.ts';
import type { Ports } from '../../engine/runtime/ports.ts';
import type { NodeDefinition } from '../../engine/sdk.ts';
import type { Author } from '../../engine/store/schema.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { type DatabaseKind, freshDatabase } from '../support/databases.ts';

export const START = '2026-03-02T09:00:00Z';
export const somebody: Author = { kind: 'person', id: 'test' };

/** A connector that remembers what it sent and answers as told. */
export class RecordingConnector implements Connector {
  readonly name: string;
  readonly sent: { key: string; attempt: number; payload: JsonObject }[] = [];
  /** Throws instead of sending, as long as it is set. */
  failure: Error | undefined;

  constructor(name: string) {
    this.name = name;
  }

  async send(payload: JsonObject, delivery: { key: string; attempt: number }): Promise<JsonObject> {
    this.sent.push({ key: delivery.key, attempt: delivery.attempt, payload });
    if (this.failure) throw this.failure;
    return { messageId: `m-${this.sent.length}`, status: 200 };
  }
}

export interface TestEngine {
  engine: Engine;
  clock: VirtualClock;
  mail: RecordingConnector;
  http: RecordingConnector;
  /** Saves and publishes. */
  publish(...files: JsonObject[]): Promise<void>;
  create(entity: string, data: JsonObject): Promise<{ id: string } & JsonObject>;
  update(id: string, data: JsonObject): Promise<Changed>;
  read(id: string): Promise<JsonObject>;
  /** All records of an entity. */
  all(entity: string): Promise<JsonObject[]>;
  /** Moves the clock from due time to due time until `ms` have passed, carrying everything out on the way. */
  pass(ms: number): Promise<void>;
  /** A second engine on the same database, as another process would have. */
  another(): Engine;
  close(): Promise<void>;
}

export interface TestEngineOptions {
  /** Where the clock begins, milliseconds since the epoch or an ISO instant; START without it. */
  start?: number | string;
  nodes?: readonly NodeDefinition[];
  logger?: Logger;
  retentionMs?: number;
  queue?: (clock: VirtualClock) => DispatchQueue;
  /** Beside the recording ones, or in place of those of the same names. */
  connectors?: (ports: Pick<Ports, 'database' | 'clock' | 'newId'>) => readonly Connector[];
}

export async function openTestEngine(kind: DatabaseKind, options: TestEngineOptions = {}): Promise<TestEngine> {
  const { db, drop } = await freshDatabase(kind);
  const clock = new VirtualClock(options.start ?? START);
  const mail = new RecordingConnector('mail');
  const http = new RecordingConnector('http');
  const queue = (options.queue ?? memoryQueue)(clock);
  const more = options.connectors?.({ database: db, clock, newId: idMaker(clock, seededRandom(0)) }) ?? [];
  let seed = 1;
  const open = (): Engine =>
    new Engine({
      database: db,
      queue,
      nodes: [...builtInNodes, ...(options.nodes ?? [])],
      connectors: [mail, http, ...more],
      entities: builtInEntities,
      clock,
      random: seededRandom(seed++),
      logger: options.logger,
      retentionMs: options.retentionMs,
    });
  const engine = open();
  const create = async (entity: string, data: JsonObject): Promise<{ id: string } & JsonObject> => {
    const done = await engine.intake.submitOne({ kind: 'create', entity, data, onExisting: 'error' }, somebody);
    if (done.kind !== 'record') throw new Error('not a record');
    return { ...done.record };
  };
  return {
    engine,
    clock,
    mail,
    http,
    async publish(...files) {
      for (const file of files) {
        const { id } = await engine.workflows.saveDraft(file);
        await engine.workflows.publish(id, somebody);
      }
    },
    create,
    update: (id, data) => engine.intake.submitOne({ kind: 'update', id, data }, somebody),
    read: async (id) => ({ ...(await engine.records.get(id)) }),
    all: async (entity) => (await engine.records.page({ entity }, 200)).items.map((item) => ({ ...item })),
    async pass(ms) {
      const end = clock.now() + ms;
      await engine.drain();
      for (;;) {
        const due = await engine.nextDue();
        if (due === null || due > end) break;
        clock.advance(Math.max(0, due - clock.now()));
        await engine.drain();
      }
      clock.advance(end - clock.now());
      await engine.drain();
    },
    another: open,
    close: drop,
  };
}

/** A workflow file around nodes and edges. */
export function workflow(id: string, nodes: Record<string, JsonObject>, edges: [string, string][], settings: JsonObject = {}): JsonObject {
  return { takt: 1, id, name: id, settings, nodes, edges: edges.map((edge): Json => [...edge]) };
}

export const onLeadCreated: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } };
