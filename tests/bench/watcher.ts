/** Tells when something has been committed, without asking again and again: asking would slow what is watched, with which it shares the process. */
import pg from 'pg';

export interface Watcher {
  /** Resolves when the statement finds a row, as soon as what it finds is committed. */
  until(text: string, values: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The server itself tells of every statement that inserts into the table, when it is committed, and the statement is asked after each. The rows are
 * neither looked at nor written once more.
 */
export async function openWatcher(url: string, table: string): Promise<Watcher> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    create or replace function bench_tell() returns trigger language plpgsql as $$ begin perform pg_notify('bench_told', ''); return null; end $$;
    create or replace trigger bench_tell after insert on ${table} for each statement execute function bench_tell();
    listen bench_told`);
  // Counted, so that one that comes while the statement is asked is not missed.
  let told = 0;
  let heard = (): void => {};
  client.on('notification', () => {
    told++;
    heard();
  });
  return {
    async until(text, values) {
      for (;;) {
        const before = told;
        const { rowCount } = await client.query({ name: text.slice(0, 60), text, values: [...values] });
        if (rowCount !== 0) return;
        if (told > before) continue;
        const { promise, resolve } = Promise.withResolvers<void>();
        heard = resolve;
        await promise;
      }
    },
    async close() {
      await client.query(`drop trigger bench_tell on ${table}`);
      await client.end();
    },
  };
}
