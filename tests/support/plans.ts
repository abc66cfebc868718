/** How PostgreSQL would carry queries out. */

import pg from 'pg';
import { drizzle } from '../../engine/store/drizzle.ts';
import type { StoreTx } from '../../engine/store/port.ts';
import * as schema from '../../engine/store/schema.ts';
import { sqlStore } from '../../engine/store/sql-store.ts';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

/** What the plans of all statements of a query come to. */
export interface QueryPlan {
  /** Tables that are read from end to end; a partition goes by the name of its table. */
  scanned: string[];
  /** Those of partitions go by the name that the index has on their table. */
  indexes: string[];
}

export interface Planner {
  /** Carries the query out, takes back what it did, and asks for the plan of each statement that it sent. */
  plan(ask: (store: StoreTx) => Promise<unknown>): Promise<QueryPlan>;
  close(): Promise<void>;
}

export function openPlanner(url: string): Planner {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  let sent: { text: string; values: unknown[] }[] = [];
  const orm = drizzle({ client: pool, schema, logger: { logQuery: (text, values) => sent.push({ text, values }) } });
  return {
    async plan(ask) {
      sent = [];
      const undo = new Error('Only the plan is wanted.');
      await orm
        .transaction(async (tx) => {
          await ask(sqlStore(tx));
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
      const nodes: PlanNode[] = [];
      for (const { text, values } of sent.filter((one) => /^(select|insert|update|delete|with)\b/i.test(one.text))) {
        const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (format json) ${text}`, values);
        for (const row of rows) nodes.push(...row['QUERY PLAN'].flatMap(({ Plan }) => withParts(Plan)));
      }
      const scanned = nodes.filter((node) => node['Node Type'] === 'Seq Scan').flatMap((node) => node['Relation Name'] ?? []);
      const indexes = nodes.flatMap((node) => node['Index Name'] ?? []);
      return { scanned: await wholes(pool, scanned), indexes: await wholes(pool, indexes) };
    },
    close: () => pool.end(),
  };
}

const withParts = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(withParts)];

/** The names of tables or indexes, those of partitions as the whole that they are part of; each once. */
async function wholes(pool: pg.Pool, names: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select distinct whole.relname as name from pg_class part join pg_class whole on whole.oid = coalesce(pg_partition_root(part.oid), part.oid)
     where part.relname = any($1) order by 1`,
    [names],
  );
  return rows.map((row) => row.name);
}
