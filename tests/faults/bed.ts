/** What all worlds begin with: people, leads and published workflows, made once by the engine itself. */
import { Catalog } from '../../engine/catalog/catalog.ts';
import { Engine } from '../../engine/engine.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import { VirtualClock } from '../../engine/ports/clock.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { openMemoryDatabase } from '../../engine/store/memory/database.ts';
import type { Table } from '../../engine/store/memory/table.ts';
import { Tables } from '../../engine/store/memory/tables.ts';
import type { Author } from '../../engine/store/schema.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { PEOPLE } from '../crash/load.ts';
import { LEADS } from './load.ts';
import { SEGMENT, WORKFLOWS } from './workflows.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const AUTHOR: Author = { kind: 'system', id: 'faults' };

export interface Bed {
  /** Milliseconds since the epoch: when each world begins. */
  start: number;
  /** Ids of the leads by their keys. */
  leads: ReadonlyMap<string, string>;
  /** Compiled once: it holds what the tables say, and never changes. */
  catalog: Catalog;
  /** As a process has it that has just begun. */
  freshCatalog(): Catalog;
  /** Tables of a world of their own. */
  tables(): Tables;
}

export async function makeBed(): Promise<Bed> {
  const clock = new VirtualClock(START);
  const template = new Tables();
  const engine = new Engine({
    database: openMemoryDatabase(template),
    queue: memoryQueue(clock),
    nodes: builtInNodes,
    connectors: [],
    entities: builtInEntities,
    clock,
    random: seededRandom(0),
    stopwatch: () => 0,
  });
  const leads = new Map<string, string>();
  const create = async (entity: string, data: JsonObject): Promise<string> => {
    const done = await engine.intake.submitOne({ kind: 'create', entity, data, onExisting: 'error' }, AUTHOR);
    if (done.kind !== 'record') throw new Error('A record was created, and something else came of it.');
    return done.record.id;
  };
  for (const key of PEOPLE) await create('user', { key, name: key });
  for (const key of LEADS) leads.set(key, await create('lead', { key, last_name: key, score: 0 }));
  await engine.segments.define(SEGMENT, AUTHOR);
  await engine.drain();
  for (const file of WORKFLOWS) {
    const { id } = await engine.workflows.saveDraft(file);
    await engine.workflows.publish(id, AUTHOR);
  }
  await engine.drain();
  // Read and compiled now, and not in the first world, which would have more statements than it has the next time.
  await engine.ports.catalog.current(engine.ports.database.store);
  return {
    start: START,
    leads,
    catalog: engine.ports.catalog,
    freshCatalog: () => new Catalog({ nodeTypes: engine.nodeTypes, builtInEntities, logger: silentLogger }),
    tables() {
      const tables = new Tables();
      copy(template.records, tables.records);
      copy(template.changes, tables.changes);
      copy(template.events, tables.events);
      copy(template.workflows, tables.workflows);
      copy(template.versions, tables.versions);
      copy(template.counters, tables.counters);
      copy(template.timers, tables.timers);
      copy(template.segments, tables.segments);
      copy(template.marks, tables.marks);
      tables.journal.forget();
      return tables;
    },
  };
}

function copy<Row extends object>(from: Table<Row>, to: Table<Row>): void {
  for (const row of from.all()) to.insert(row);
}
