/** The raw limit: the rows that a run of work has written, written again in plain batches into empty tables with the same indexes. */
import pg from 'pg';
import type { Bed } from './bed.ts';

const TABLES = ['events', 'runs', 'steps', 'records', 'record_changes'] as const;
/** Rows of one transaction; what a batch of 200 runs writes is of this order. */
const BATCH = 2_000;

interface Copy {
  table: string;
  names: string;
  batches: string[];
}

/**
 * Milliseconds to write everything that stands in a database made by `makers`, without what was there before `since`: one connection, one
 * statement a batch, a commit with fsync after each.
 * @param since first id of the work; ids rise with time
 */
export async function writeAgain(bed: Bed, url: string, since: string): Promise<number> {
  const copies = await readRows(url, since);
  const target = await bed.database();
  const client = new pg.Client({ connectionString: target.url });
  await client.connect();
  try {
    const begun = performance.now();
    for (const { table, names, batches } of copies) {
      const text = `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1)`;
      for (const batch of batches) await client.query(text, [batch]);
    }
    return performance.now() - begun;
  } finally {
    await client.end();
    await target.drop();
  }
}

async function readRows(url: string, since: string): Promise<Copy[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const copies: Copy[] = [];
    for (const table of TABLES) {
      const key = { events: 'id', runs: 'id', steps: 'run_id', records: 'id', record_changes: 'record_id' }[table];
      const columns = await client.query(
        `select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
        [table],
      );
      const found = await client.query(`select row_to_json(t)::text as row from ${table} t where ${key} >= $1`, [since]);
      const rows: string[] = found.rows.map((one) => String(one.row));
      const batches: string[] = [];
      for (let from = 0; from < rows.length; from += BATCH) batches.push(`[${rows.slice(from, from + BATCH).join(',')}]`);
      copies.push({ table, names: String(columns.rows[0]?.names), batches });
    }
    return copies;
  } finally {
    await client.end();
  }
}
