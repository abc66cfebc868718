/** The books: what must hold when all is quiet again, asked of the database and of what the outside has heard. */
import type pg from 'pg';
import { KINDS, type Order, STEPS, TASKS } from './load.ts';
import type { Received } from './outside.ts';
import { type Rule, rules } from './rules.ts';

export type Fault = 'lost' | 'doubled_inside' | 'outside_without_key' | 'stuck';

/** Something that does not hold. */
export interface Finding {
  rule: string;
  fault: Fault;
  /** What it is about: an order, a run, a key. */
  subject: string;
  detail: string;
}

export interface Evidence {
  /** Orders whose events were taken. */
  orders: readonly Order[];
  received: readonly Received[];
  /** A session may keep a transaction or a lock so long, seconds; 10 without it. */
  idleSeconds?: number;
}

/**
 * Goes through all rules, each in the words of `rules.ts`. Leaves nothing behind but temporary tables of the session.
 * @param client a connection of its own to the database
 */
export async function audit(client: pg.Client, evidence: Evidence): Promise<Finding[]> {
  await demandCommitTimes(client);
  await lay(client, evidence);
  const findings: Finding[] = [];
  for (const rule of rules) findings.push(...(await ask(client, rule)));
  return findings;
}

async function demandCommitTimes(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ track_commit_timestamp: string }>('show track_commit_timestamp');
  if (rows[0]?.track_commit_timestamp !== 'on')
    throw new Error('The books need a PostgreSQL that knows when what was committed: set `track_commit_timestamp = on` and start it anew.');
}

async function ask(client: pg.Client, { name, text }: Rule): Promise<Finding[]> {
  const { rows } = await client.query<{ fault: Fault; subject: string; detail: string }>(text);
  return rows.map(({ fault, subject, detail }) => ({ rule: name, fault, subject, detail }));
}

/** The evidence as tables beside those of Takt, so that a rule is one question. */
async function lay(client: pg.Client, { orders, received, idleSeconds = 10 }: Evidence): Promise<void> {
  const expected = KINDS.flatMap((kind) => Object.entries(STEPS[kind]).map(([node, times]) => ({ kind, node, times })));
  const tasks = KINDS.map((kind) => ({ kind, tasks: TASKS[kind] }));
  const table = (name: string, columns: string, rows: readonly unknown[]): Promise<unknown> =>
    client
      .query(`drop table if exists ${name} cascade; create temp table ${name} (${columns})`)
      .then(() => client.query(`insert into ${name} select * from json_to_recordset($1) as t (${columns})`, [JSON.stringify(rows)]))
      .then(() => client.query(`analyze ${name}`));
  await table('drill_order', 'id text, kind text, lead text, silent boolean', orders);
  await table('drill_received', 'channel text, "order" text, key text', received);
  await table('drill_step', 'kind text, node text, times int', expected);
  await table('drill_task', 'kind text, tasks int', tasks);
  await table('drill_limit', 'idle interval', [{ idle: `${idleSeconds} seconds` }]);
  await client.query(`
    create temp view drill_event as
      select id, data ->> 'order' as "order" from events where type like 'drill.%' and type <> 'drill.answer';
    create temp view drill_run as
      select r.id, r.status, r.version, o.id as "order", o.kind, o.silent and not exists (
          select 1 from steps s where s.run_id = r.id and s.node = 'answer' and s.status = 'done') as silent
      from drill_order o join drill_event e on e."order" = o.id join runs r on r.event_id = e.id and r.workflow_id = 'drill-' || o.kind;`);
}
