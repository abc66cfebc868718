/** What runs for every event, run, timer or page must not read a table from end to end, however many rows there are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreTx } from '../../engine/store/port.ts';
import { OPEN_RUN } from '../../engine/store/schema.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { openPlanner, type Planner } from '../support/plans.ts';

const ROWS = 25_000;
const NOW = Date.parse('2026-03-02T09:00:00Z');
const DAY = 86_400_000;
const records = Array.from({ length: 20 }, (_, i) => uuid(i * 100 + 1));

/** The id that SQL makes of a number by `lpad(to_hex(i), 32, '0')::uuid`. */
function uuid(i: number): string {
  return dashed(i.toString(16).padStart(32, '0'));
}

function dashed(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The id that SQL makes of the run by `pg_temp.run(i)`. */
const runId = (i: number): string => dashed((NOW - (ROWS - i) * 60_000).toString(16).padStart(12, '0') + i.toString(16).padStart(20, '0'));

/** An insert of a row for each number `i`, or for each of `from`. */
const rows = (table: string, columns: Readonly<Record<string, string>>, from = 'n'): string =>
  `insert into ${table} (${Object.keys(columns).join(', ')}) select ${Object.values(columns).join(', ')} from ${from};`;

/** A minute each: the first row is the oldest, the last one is made now. */
const made = `pg_temp.at(${ROWS} - i)`;

/** Every record has ten rows of each table. What is due, open or running is a small part, as it is in an installation. */
const FILL = [
  `create function pg_temp.id(i int) returns uuid language sql as $$ select lpad(to_hex(i), 32, '0')::uuid $$;
   create function pg_temp.of(i int) returns uuid language sql as $$ select lpad(to_hex(i % 2500), 32, '0')::uuid $$;
   create function pg_temp.at(ago int) returns timestamptz language sql as
     $$ select '2026-03-02T09:00:00Z'::timestamptz - ago * interval '1 minute' $$;
   create function pg_temp.run(i int) returns uuid language sql as
     $$ select (lpad(to_hex((extract(epoch from pg_temp.at(${ROWS} - i)) * 1000)::bigint), 12, '0') || lpad(to_hex(i), 20, '0'))::uuid $$;
   create temp table n as select i::int from generate_series(1, ${ROWS}) i;`,
  rows('timers', {
    id: 'pg_temp.id(i)',
    kind: `'trigger'`,
    workflow_id: `'w' || i % 20`,
    node: `'n'`,
    key: 'i::text',
    record_id: 'pg_temp.of(i)',
    due_at: 'pg_temp.at(50 - i)',
    data: `'{}'`,
  }),
  rows('waits', {
    run_id: 'pg_temp.id(i)',
    wait_id: `'x'`,
    type: `'message.answered'`,
    topic: `'*'`,
    correlation: `'record:' || pg_temp.of(i)`,
  }),
  rows('marks', {
    key: `'arm:w' || i % 50 || ':split:' || pg_temp.id(i)`,
    value: `'{"arm":"a","at":1}'`,
    expires_at: 'case when i % 100 = 0 then pg_temp.at(i) end',
  }),
  rows('marks', { key: `'segment:s' || i % 50 || ':' || pg_temp.id(i)`, value: `'1'` }),
  rows('events', {
    id: 'pg_temp.id(i)',
    type: `case when i % 2 = 0 then 'message.opened' else 'record.updated' end`,
    topic: `'email'`,
    record_id: 'pg_temp.of(i)',
    at: made,
    data: `'{}'`,
    chain: `'[]'`,
  }),
  rows('effects', {
    id: 'pg_temp.id(i)',
    key: `'k' || i`,
    run_id: 'pg_temp.run(i)',
    wait_id: `'x'`,
    node: `'n'`,
    record_id: 'pg_temp.of(i)',
    connector: `'mail'`,
    destination: `'x'`,
    payload: `'{"channel":"email"}'`,
    retry: `'{}'`,
    status: `case when i % 500 = 0 then 'pending' else 'sent' end`,
    attempts: '1',
    next_at: 'case when i % 500 = 0 then pg_temp.at(-i) end',
    created_at: made,
  }),
  rows('runs', {
    id: 'pg_temp.run(i)',
    workflow_id: `'w' || i % 20`,
    version: '1',
    status: `case when i % 50 = 0 then 'waiting' else 'done' end`,
    record_id: 'pg_temp.of(i)',
    entry_key: `'e' || i`,
    due_at: 'case when i % 50 = 0 then pg_temp.at(100 - i) end',
    state: `'{}'`,
    chain: `'[]'`,
    created_at: made,
    updated_at: made,
    ended_at: `case when i % 50 > 0 then ${made} end`,
  }),
  rows(
    'steps',
    {
      run_id: 'pg_temp.run(i)',
      seq: 's',
      node: `'n'`,
      type: `'data.set'`,
      status: `'done'`,
      attempt: '1',
      started_at: made,
      cpu_micros: '1',
    },
    'n, generate_series(1, 4) s',
  ),
  rows('jobs', {
    id: 'pg_temp.id(i)',
    kind: `'backfill'`,
    data: `'{}'`,
    done: '1',
    failed: '0',
    status: `case when i % 10000 = 0 then 'running' else 'done' end`,
    author: `'{}'`,
    created_at: made,
    updated_at: made,
  }),
  'analyze;',
].join('\n');

const QUERIES: [name: string, ask: (store: StoreTx) => Promise<unknown>, index: string][] = [
  ['claimTimers', (store) => store.claimTimers(NOW, 100), 'timers_due'],
  ['nextTimerDue', (store) => store.nextTimerDue(), 'timers_due'],
  ['deleteTimersByKey', (store) => store.deleteTimersByKey([{ workflowId: 'w1', node: 'n', key: '1' }]), 'timers_key'],
  ['waitsFor', (store) => store.waitsFor(records.map((id) => `record:${id}`)), 'waits_correlation'],
  ['lockMarks', (store) => store.lockMarks(records.map((id) => `arm:w1:split:${id}`)), 'marks_pkey'],
  ['markKeys', (store) => store.markKeys('segment:s1:', undefined, 51), 'marks_pkey'],
  ['markKeys after a page', (store) => store.markKeys('segment:s1:', `segment:s1:${uuid(12_001)}`, 51), 'marks_pkey'],
  ['armCounts', (store) => store.armCounts('arm:w1:split:', 0), 'marks_pkey'],
  ['deleteExpiredMarks', (store) => store.deleteExpiredMarks(NOW, 100), 'marks_expired'],
  [
    'eventsSince',
    (store) => store.eventsSince(records.map((recordId) => ({ recordId, types: ['message.opened'], since: NOW - DAY }))),
    'events_record',
  ],
  [
    'eventCounts',
    (store) => store.eventCounts(records.map((recordId) => ({ recordId, type: 'message.opened', since: NOW - DAY }))),
    'events_record',
  ],
  [
    'sentCounts',
    (store) => store.sentCounts(records.map((recordId) => ({ recordId, channel: 'email', since: NOW - DAY }))),
    'effects_record',
  ],
  ['nextEffectDue', (store) => store.nextEffectDue(), 'effects_open'],
  ['openRunIds', (store) => store.openRunIds(records.map((recordId) => ({ workflowId: 'w1', recordId }))), 'runs_record'],
  [
    'recentRunCounts',
    (store) =>
      store.recentRunCounts(
        records.map((recordId) => ({ workflowId: 'w1', recordId })),
        NOW - DAY,
      ),
    'runs_record',
  ],
  ['newestRunAt', (store) => store.newestRunAt('w1'), 'runs_workflow'],
  ['newestRunAt of a workflow without runs', (store) => store.newestRunAt('none'), 'runs_workflow'],
  [
    'runsOfWorkflow where more fit than a piece takes',
    (store) => store.runsOfWorkflow({ workflowId: 'w10', statuses: OPEN_RUN }, null, 1),
    'runs_workflow',
  ],
  [
    'runsOfWorkflow of a version after a piece',
    (store) => store.runsOfWorkflow({ workflowId: 'w10', version: 1, statuses: OPEN_RUN }, runId(12_500), 500),
    'runs_workflow',
  ],
  [
    'runsOfWorkflow of a workflow without runs',
    (store) => store.runsOfWorkflow({ workflowId: 'none', version: 1, statuses: OPEN_RUN }, null, 500),
    'runs_workflow',
  ],
  ['claimRuns', (store) => store.claimRuns(NOW, 200), 'runs_due'],
  ['claimJob', (store) => store.claimJob(null), 'jobs_running'],
  ['claimJob after another', (store) => store.claimJob(uuid(10_000)), 'jobs_running'],
  ['jobsRunning', (store) => store.jobsRunning(), 'jobs_running'],
  ['deleteEndedRuns', (store) => store.deleteEndedRuns('w1', NOW - 16 * DAY, 1_000), 'runs_pkey'],
  ['deleteEndedRuns where most is to go', (store) => store.deleteEndedRuns('w1', NOW - DAY, 1_000), 'steps_run_id_seq_pk'],
];

describe('on postgres with 25,000 rows a table', () => {
  let fresh: FreshDatabase;
  let planner: Planner;
  beforeAll(async () => {
    const database = await freshSqlDatabase('postgres');
    fresh = database;
    await database.db.script(FILL);
    planner = openPlanner(database.url ?? '');
  });
  afterAll(async () => {
    await planner.close();
    await fresh.drop();
  });

  it.each(QUERIES)('%s goes by an index', async (_name, ask, index) => {
    const { scanned, indexes } = await planner.plan(ask);
    expect(scanned).toEqual([]);
    expect(indexes).toContain(index);
  });

  it('a query without an index would be found out', async () => {
    const { scanned } = await planner.plan((store) => store.eventPage({ type: 'no.such' }, undefined, 10));
    const plain = await planner.plan((store) => store.countRecords('lead'));
    expect([...scanned, ...plain.scanned].length).toBeGreaterThan(0);
  });
});
