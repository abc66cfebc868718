import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import { type FreshDatabase, freshSqlDatabase } from './databases.ts';
import { openPlanner, type Planner } from './plans.ts';

/** The signals of runs in two partitions, whose indexes have names of PostgreSQL's own making. */
const IN_PARTITIONS = `
  create table whole (like signals) partition by hash (run_id);
  create table even partition of whole for values with (modulus 2, remainder 0);
  create table odd partition of whole for values with (modulus 2, remainder 1);
  insert into whole select i, gen_random_uuid(), 'x', '{}', now() from generate_series(1, 10000) i;
  drop table signals;
  alter table whole rename to signals;
  analyze signals;`;

const runIds = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];

let fresh: FreshDatabase<SqlDatabase>;
let planner: Planner;
beforeAll(async () => {
  const database = await freshSqlDatabase('postgres');
  fresh = database;
  await database.db.script(IN_PARTITIONS);
  planner = openPlanner(database.url ?? '');
});
afterAll(async () => {
  await planner.close();
  await fresh.drop();
});

it('tells of a partition, and of an index on one, by the name of the whole', async () => {
  const ask = () => planner.plan((store) => store.signalsOfRuns(runIds));
  expect(await ask()).toEqual({ scanned: ['signals'], indexes: [] });
  await fresh.db.script('create index signals_run on signals (run_id);');
  expect(await ask()).toEqual({ scanned: [], indexes: ['signals_run'] });
});
