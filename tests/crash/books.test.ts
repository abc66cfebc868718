/** Books that are in order, and what is found in them when they are damaged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../../api/server/index.ts';
import { assemble } from '../../api/start/assemble.ts';
import { closeAll } from '../../api/start/closers.ts';
import { readSettings } from '../../api/start/settings.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { freshSqlDatabase } from '../support/databases.ts';
import { audit, type Evidence, type Finding } from './books.ts';
import { Client } from './client.ts';
import { firstOrders, KINDS, type Order } from './load.ts';
import { openOutside, type Received } from './outside.ts';
import { settled } from './rest.ts';
import { rules } from './rules.ts';

let url: string;
let evidence: Evidence;
let books: pg.Client;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const fresh = await freshSqlDatabase('postgres');
  closers.push(fresh.drop);
  url = fresh.url ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'takt-books-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const outside = await openOutside();
  closers.push(outside.close);
  const settings = { ...readSettings({ TAKT_SMTP_URL: outside.smtpUrl, TAKT_HTTP_ALLOW: '127.0.0.1' }), folder };
  const bench = await assemble({ database: fresh.db, secret: new Uint8Array(32), settings, logger: silentLogger });
  closers.push(bench.close);
  const server = await buildServer({ ...bench, logger: pino({ level: 'silent' }), limits: { eventLoopDelayMs: 0 } });
  closers.push(() => server.close());
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = new Client(origin, (await bench.keys.create('drill', ['admin'])).token);
  await client.prepare(outside.origin);
  await bench.engine.start();
  const orders = firstOrders(seededRandom(3), 60);
  await Promise.all(orders.map((order) => client.post(order)));
  await Promise.all(orders.map(async (order) => order.kind === 'wait' && !order.silent && client.answer(order)));
  await settled(url, () => {});
  await bench.engine.stop();
  evidence = { orders, received: outside.received(), idleSeconds: 0 };
  books = new pg.Client({ connectionString: url });
  await books.connect();
  closers.push(() => books.end());
});
afterAll(() => closeAll(closers));

/** What the books say after a damage, which is taken back. */
async function findingsAfter(damage: string, changed: Partial<Evidence> = {}): Promise<Finding[]> {
  await books.query('begin');
  try {
    const { rowCount } = await books.query(damage);
    expect(rowCount, 'the damage is done').not.toBe(0);
    return await audit(books, { ...evidence, ...changed });
  } finally {
    await books.query('rollback');
  }
}

const NONE = 'select 1';
/** A run of a kind of orders. */
const aRun = (kind: Order['kind']): string =>
  `(select id from runs where workflow_id = 'drill-${kind}' and status = 'done' order by id limit 1)`;
/** Writes a row of a table again, with some columns changed. */
const again = (table: string, which: string, changed: Record<string, string>): string => `
  insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(t) || jsonb_build_object(${Object.entries(changed)
    .map(([column, value]) => `'${column}', ${value}`)
    .join(', ')}))).* from (select * from ${table} where ${which} limit 1) t`;
const EVENT = `id = (select event_id from runs where id = ${aRun('count')})`;

const damages: [rule: string, fault: Finding['fault'], damage: string][] = [
  ['an order that was taken is one event', 'lost', `delete from events where ${EVENT}`],
  ['an order that was taken is one event', 'doubled_inside', again('events', EVENT, { id: 'gen_random_uuid()', key: `'another'` })],
  ['an event has one run', 'lost', `delete from runs where id = ${aRun('count')}`],
  ['an event has one run', 'doubled_inside', again('runs', `id = ${aRun('count')}`, { id: 'gen_random_uuid()', entry_key: `'another'` })],
  ['a run is done, or waits for what can come', 'stuck', `update runs set status = 'failed' where id = ${aRun('send')}`],
  [
    'a run is done, or waits for what can come',
    'stuck',
    `delete from waits where run_id in (select id from runs where status = 'waiting')`,
  ],
  [
    'a run that is done went through each of its steps, each once',
    'lost',
    `delete from steps where node = 'add' and run_id = ${aRun('count')}`,
  ],
  [
    'a run that is done went through each of its steps, each once',
    'doubled_inside',
    again('steps', `node = 'add' and run_id = ${aRun('count')}`, { seq: '99' }),
  ],
  ['an order has its tasks', 'lost', `delete from records where id = (select id from records where entity = 'task' limit 1)`],
  ['an order has its tasks', 'doubled_inside', again('records', `entity = 'task'`, { id: 'gen_random_uuid()', key: 'null' })],
  ['a lead has counted its orders', 'lost', scored(-1)],
  ['a lead has counted its orders', 'doubled_inside', scored(1)],
  [
    'the history of a record is whole',
    'lost',
    `delete from record_changes where (record_id, version) in (select record_id, version from record_changes limit 1)`,
  ],
  [
    'each turn of the round-robin was given out once',
    'lost',
    `update marks set value = jsonb_set(value, '{given}', to_jsonb((value ->> 'given')::int + 1)) where key like 'assign:turns:%'`,
  ],
  [
    'each turn of the round-robin was given out once',
    'doubled_inside',
    `update marks set value = jsonb_set(value, '{given}', to_jsonb((value ->> 'given')::int - 1)) where key like 'assign:turns:%'`,
  ],
  [
    'equal people get equally much',
    'doubled_inside',
    `update steps set output = (select output from steps where node = 'owner' limit 1) where node = 'owner'`,
  ],
  [
    'nobody gets more than their cap',
    'doubled_inside',
    `insert into steps select (jsonb_populate_record(null::steps, to_jsonb(s) || jsonb_build_object('seq', 1000 + n))).*
      from (select * from steps where node = 'capped' and output ->> 'owner' is not null limit 1) s, generate_series(1, 200) n`,
  ],
  ['a section has called its parts', 'lost', `delete from runs where id = (select id from runs where workflow_id = 'drill-part' limit 1)`],
  [
    'a section has called its parts',
    'doubled_inside',
    again('runs', `workflow_id = 'drill-part'`, { id: 'gen_random_uuid()', entry_key: `'another'` }),
  ],
  ['a section has one run within', 'doubled_inside', `update steps set ended_at = ended_at where node = 'leave'`],
  ['a step has one effect', 'doubled_inside', again('effects', 'true', { id: 'gen_random_uuid()', key: `'another'` })],
  ['no effect is left in the outbox', 'stuck', `update effects set status = 'pending' where id = (select id from effects limit 1)`],
  [
    'the queue has no job left',
    'stuck',
    `update pgboss.job set state = 'active' where id = (select id from pgboss.job where name = 'effects' limit 1)`,
  ],
  [
    'no run that has ended holds a place or is in line for one',
    'stuck',
    `insert into marks (key, value) values ('lock:drill-9', jsonb_build_object('holder', jsonb_build_object('run', ${aRun('section')}, 'wait', '1'), 'queue', '[]'::jsonb))`,
  ],
  [
    'no run that has ended holds a place or is in line for one',
    'stuck',
    `insert into marks (key, value) select 'lock:drill-9', jsonb_build_object('holder', jsonb_build_object('run', id, 'wait', '1'), 'queue',
      jsonb_build_array(jsonb_build_object('run', ${aRun('section')}, 'wait', '1'))) from runs where status = 'waiting' limit 1`,
  ],
  [
    'no run that has ended waits for an event',
    'stuck',
    `insert into waits (run_id, wait_id, type, topic, correlation) values (${aRun('wait')}, '1', 'drill.answer', '*', 'record:x')`,
  ],
  ['no signal is left', 'stuck', `insert into signals (run_id, wait_id, payload, at) values (${aRun('wait')}, '1', '{}', now())`],
];

function scored(by: number): string {
  return `update records set data = jsonb_set(data, '{score}', to_jsonb((data ->> 'score')::int + ${by}))
    where id = (select id from records where entity = 'lead' order by id limit 1)`;
}

const received = (change: (one: Received) => Received[]): Partial<Evidence> => {
  const first = evidence.received.find(({ channel }) => channel === 'http');
  return { received: evidence.received.flatMap((one) => (one === first ? change(one) : [one])) };
};

/** What the outside may have heard wrongly. */
const hearsays: [rule: string, fault: Finding['fault'], change: (one: Received) => Received[]][] = [
  ['what was to leave the house has reached the outside', 'lost', () => []],
  ['the outside hears of an order under one key', 'outside_without_key', (one) => [one, { ...one, key: '' }]],
  ['the outside hears of an order under one key', 'outside_without_key', (one) => [one, { ...one, key: 'another' }]],
  ['a key belongs to one order', 'outside_without_key', (one) => [one, { ...one, order: 'another' }]],
  ['a key that the outside has heard stands in the outbox', 'outside_without_key', (one) => [{ ...one, key: 'another' }]],
];

/** What a session may keep. */
const keepings: [rule: string, text: string][] = [
  ['no session holds a transaction open', 'begin'],
  ['no session holds an advisory lock', 'select pg_advisory_lock(1)'],
];

describe('the books', () => {
  test('have nothing to say where all is in order, with orders of every kind', async () => {
    expect(new Set(evidence.orders.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    expect(evidence.orders.some(({ silent }) => silent)).toBe(true);
    expect(await findingsAfter(NONE)).toEqual([]);
  });

  test('let the outside hear a thing twice under one key', async () => {
    expect(
      await findingsAfter(
        NONE,
        received((one) => [one, one]),
      ),
    ).toEqual([]);
  });

  test.each(damages)('find a damage: %s (%s)', async (rule, fault, damage) => {
    expect(await findingsAfter(damage)).toContainEqual(expect.objectContaining({ rule, fault }));
  });

  test.each(hearsays)('find what the outside heard: %s (%s)', async (rule, fault, change) => {
    expect(await findingsAfter(NONE, received(change))).toContainEqual(expect.objectContaining({ rule, fault }));
  });

  test.each(keepings)('find who keeps something: %s', async (rule, text) => {
    const session = new pg.Client({ connectionString: url });
    await session.connect();
    try {
      await session.query(text);
      expect(await findingsAfter(NONE)).toContainEqual(expect.objectContaining({ rule, fault: 'stuck' }));
    } finally {
      await session.end();
    }
  });

  test('have no rule that no damage is known for', () => {
    const known = new Set([...damages, ...hearsays, ...keepings].map(([rule]) => rule));
    expect(rules.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});
