import { Type } from 'typebox';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import { systemClock } from '../../engine/ports/clock.ts';
import { defineNode } from '../../engine/sdk.ts';
import { connectPostgres, type SqlDatabase } from '../../engine/store/sql-database.ts';
import { isUnavailable } from '../../engine/store/trouble.ts';
import { workOnce } from '../../engine/worker/worker.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { openSilentProxy } from '../support/silent-proxy.ts';
import { onLeadCreated, somebody, workflow } from './support.ts';

let fresh: FreshDatabase<SqlDatabase>;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  fresh = await freshSqlDatabase('postgres');
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await fresh.drop();
});

/** The address of the database, with bounds that a test can wait for. */
function addressWith(idle: string, from = fresh.url ?? ''): string {
  const url = new URL(from);
  url.searchParams.set('options', `-c idle_in_transaction_session_timeout=${idle}`);
  return url.href;
}

/** Does what a test wants the first time that it is carried out, in the middle of the worker's transaction. */
function interrupted(once: () => void) {
  let done = false;
  return defineNode({
    type: 'test.interrupted',
    version: 1,
    title: 'Interrupted',
    description: 'Is interrupted the first time.',
    params: Type.Object({}, { additionalProperties: false }),
    example: {},
    summary: () => 'Interrupted',
    ports: ['next'],
    run() {
      if (!done) once();
      done = true;
      return { kind: 'next', port: 'next', output: null };
    },
  });
}

function engineOn(url: string, node: ReturnType<typeof interrupted>): Engine {
  const database = connectPostgres(url);
  closers.push(() => database.close());
  const queue = memoryQueue(systemClock);
  return new Engine({ database, queue, nodes: [...builtInNodes, node], connectors: [], entities: builtInEntities });
}

async function publish(engine: Engine): Promise<void> {
  const mark = { type: 'record.update', params: { fields: { city: 'Done' } } };
  const file = workflow('w', { start: onLeadCreated, a: { type: 'test.interrupted', params: {} }, b: mark }, [
    ['start', 'a'],
    ['a', 'b'],
  ]);
  const { id } = await engine.workflows.saveDraft(file);
  await engine.workflows.publish(id, somebody);
}

const lead = (engine: Engine) =>
  engine.intake.submitOne({ kind: 'create', entity: 'lead', data: { last_name: 'Grace' }, onExisting: 'error' }, somebody);

async function statuses(engine: Engine): Promise<string[]> {
  return (await engine.runs.page({ workflowId: 'w' }, 10)).items.map(({ status }) => status);
}

it('a run whose worker is cut off from the database is carried out by another, once', async () => {
  const proxy = await openSilentProxy(addressWith('500ms'));
  closers.push(() => proxy.close());
  const through = new URL(proxy.url);
  through.searchParams.set('query_timeout', '1500');
  const node = interrupted(() => proxy.silence());
  const cutOff = engineOn(through.href, node);
  const other = engineOn(fresh.url ?? '', node);
  await publish(other);
  await lead(other);
  // Its transaction has the run when the way goes silent; the server ends the session, and the other takes the run.
  const lost = workOnce(cutOff.ports).catch((error: unknown) => error);
  await expect.poll(() => workOnce(other.ports).then(() => statuses(other)), { timeout: 20_000 }).toEqual(['done']);
  // It gives up by itself, and no run is to blame.
  expect(isUnavailable(await lost)).toBe(true);
  const [record] = (await other.records.page({ entity: 'lead' }, 5)).items;
  expect(record).toMatchObject({ city: 'Done', version: 2 });
  // With the way open again it works on.
  proxy.heal();
  await lead(other);
  await expect
    .poll(
      () =>
        workOnce(cutOff.ports).then(
          () => statuses(other),
          () => [],
        ),
      { timeout: 20_000 },
    )
    .toEqual(['done', 'done']);
});

it('a run whose process stood still is not to blame for the session that the server has ended', async () => {
  const still = (): void => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  };
  const engine = engineOn(addressWith('200ms'), interrupted(still));
  await publish(engine);
  await lead(engine);
  await expect
    .poll(
      () =>
        workOnce(engine.ports).then(
          () => statuses(engine),
          (error: unknown) => isUnavailable(error) || Promise.reject(error),
        ),
      { timeout: 20_000 },
    )
    .toEqual(['done']);
});
