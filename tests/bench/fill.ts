/** Tables as years of use leave them: copies of what the work has made. */
import pg from 'pg';

/** Steps of a copied run, and changes of a copied record, are those of the run and the record that are copied. */
const COPY = [
  `create temp table made as select i, uuidv7() as record, uuidv7() as run, uuidv7() as event from generate_series($1::int, $2::int - 1) i`,
  `create temp table model as select id as run, record_id as record, event_id as event from runs where status = 'done' order by id limit 1`,
  `insert into records (id, entity, owner, stage, name, sort_name, search, data, findable, version, created_at, updated_at)
     select made.record, entity, owner, stage, 'Ada Copy ' || i, 'ada copy ' || i, 'ada copy ' || i, data || own,
       jsonb_build_object(entity, (findable -> entity) || own), version, created_at, updated_at
     from records join model on id = model.record, made, jsonb_build_object('last_name', 'Copy ' || i,
       'emails', jsonb_build_array('copy' || i || '@bench.example'), 'company_name', 'Company ' || i % 500) own`,
  `insert into record_changes (record_id, version, at, op, author, changes)
     select made.record, version, at, op, author, changes from record_changes join model on record_id = model.record, made`,
  `insert into events (id, type, topic, record_id, at, data, chain)
     select made.event, type, topic, made.record, at, data, chain from events join model on id = model.event, made`,
  `insert into runs (id, workflow_id, version, status, record_id, event_id, entry_key, state, chain, outcome, created_at, updated_at, ended_at)
     select made.run, workflow_id, version, status, made.record, made.event, 'event:' || made.event, state, chain, outcome, created_at, updated_at, ended_at
     from runs join model on id = model.run, made`,
  `insert into steps (run_id, seq, node, type, status, port, attempt, input, output, started_at, ended_at, cpu_micros)
     select made.run, seq, node, type, status, port, attempt, input, output, started_at, ended_at, cpu_micros
     from steps join model on run_id = model.run, made`,
];

/** Adds records, each with an event, a run that has ended, its steps and the record's changes. @param from number of the first; @param to of the one behind the last */
export async function fill(url: string, from: number, to: number): Promise<void> {
  await onConnection(url, async (client) => {
    for (const [i, text] of COPY.entries()) await client.query(text, i === 0 ? [from, to] : []);
  });
}

const BUSY = ['runs', 'records', 'events'];

/** From now on nobody tidies up behind the work, and nobody counts what is there. */
export async function leaveUntidy(url: string): Promise<void> {
  await onConnection(url, async (client) => {
    for (const table of BUSY) await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
  });
}

/** As autovacuum leaves the tables when it has come round. */
export async function tidyUp(url: string): Promise<void> {
  await onConnection(url, async (client) => {
    await client.query('vacuum (analyze)');
  });
}

/** Makes every run due and not due again, so many times: a dead row and a dead entry of each index for each. */
export async function bloat(url: string, times: number): Promise<void> {
  await onConnection(url, async (client) => {
    for (let i = 0; i < times; i++) {
      await client.query(`update runs set due_at = now() + interval '1 day'`);
      await client.query('update runs set due_at = null');
    }
  });
}

async function onConnection(connectionString: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
