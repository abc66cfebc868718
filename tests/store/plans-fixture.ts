/** A database with what stands in it after some weeks, to ask how queries would be carried out. */

export const ROWS = 25_000;
export const NOW = Date.parse('2026-03-02T09:00:00Z');
export const DAY = 86_400_000;
/** Twenty of the records. */
export const records = Array.from({ length: 20 }, (_, i) => uuid(i * 100 + 1));

/** The id that SQL makes of a number by `lpad(to_hex(i), 32, '0')::uuid`. */
export function uuid(i: number): string {
  return dashed(i.toString(16).padStart(32, '0'));
}

function dashed(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The id that SQL makes of the run by `pg_temp.run(i)`. */
export const runId = (i: number): string =>
  dashed((NOW - (ROWS - i) * 60_000).toString(16).padStart(12, '0') + i.toString(16).padStart(20, '0'));

/** An insert of a row for each number `i`, or for each of `from`. */
const rows = (table: string, columns: Readonly<Record<string, string>>, from = 'n'): string =>
  `insert into ${table} (${Object.keys(columns).join(', ')}) select ${Object.values(columns).join(', ')} from ${from};`;

/** A minute each: the first row is the oldest, the last one is made now. */
const made = `pg_temp.at(${ROWS} - i)`;

/** Every record has ten rows of each table. What is due, open or running is a small part, as it is in an installation. */
export const FILL = [
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
  rows('records', {
    id: 'pg_temp.id(i)',
    entity: `case when i % 5 = 0 then 'deal' else 'lead' end`,
    key: `case when i % 2 = 0 then 'mail' || i || '@example.com' end`,
    name: `'Record ' || i`,
    sort_name: `'record ' || i`,
    search: `'record ' || i`,
    data: `jsonb_build_object('n', i, 'city', 'City ' || i)`,
    findable: `jsonb_build_object(case when i % 5 = 0 then 'deal' else 'lead' end, jsonb_build_object('city', 'City ' || i))`,
    version: '10',
    created_at: made,
    updated_at: made,
  }),
  rows('record_keys', { entity: `'lead'`, key: `'petrov+' || i % 100`, record_id: 'pg_temp.id(i)' }),
  rows('record_keys', { entity: `'lead'`, key: `'~ptrv.' || i`, record_id: 'pg_temp.id(i)' }),
  rows('merges', {
    id: 'pg_temp.id(i)',
    entity: `'lead'`,
    winner: 'pg_temp.of(i)',
    loser: 'pg_temp.id(100000 + i)',
    changes: `'{"fields":{},"links":[]}'`,
    runs: `'[]'`,
    author: `'{"kind":"system","id":"x"}'`,
    at: made,
  }),
  rows('record_changes', {
    record_id: 'pg_temp.of(i)',
    version: '(i - 1) / 2500 + 1',
    at: made,
    op: `'updated'`,
    author: `jsonb_build_object('kind', 'run', 'id', pg_temp.run(i), 'node', 'n')`,
    changes: `case when i % 50 = 0 then jsonb_build_object('owner', jsonb_build_array(null, pg_temp.id(i))) else '{}' end`,
  }),
  rows('signals', { run_id: 'pg_temp.run(i)', wait_id: `'x'`, payload: `'{"ok":true,"result":{}}'`, at: made }),
  rows('events', {
    id: 'pg_temp.id(i)',
    key: `case when i % 2 = 0 then 'k' || i end`,
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
  // The steps of months that are not there yet: the table's other part.
  rows(
    'steps',
    {
      run_id: `('f' || lpad(to_hex(i), 31, '0'))::uuid`,
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
