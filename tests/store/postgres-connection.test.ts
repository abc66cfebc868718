import { expect, it } from 'vitest';
import { sql } from '../../engine/store/drizzle.ts';
import { connectPostgres, type SqlDatabase } from '../../engine/store/sql-database.ts';
import { freshSqlDatabase } from '../support/databases.ts';

const NAMES = [
  'tcp_keepalives_idle',
  'tcp_keepalives_interval',
  'tcp_keepalives_count',
  'tcp_user_timeout',
  'idle_in_transaction_session_timeout',
  'statement_timeout',
];

async function settings(database: SqlDatabase): Promise<Record<string, unknown>> {
  const rows = await database.statement('select name, current_setting(name) as value from unnest($1::text[]) as name', [NAMES]);
  return Object.fromEntries(rows.map(({ name, value }) => [String(name), value]));
}

it('a session asks the server to notice soon that its client is gone', async () => {
  const { db, drop } = await freshSqlDatabase('postgres');
  expect(await settings(db)).toEqual({
    tcp_keepalives_idle: '5',
    tcp_keepalives_interval: '3',
    tcp_keepalives_count: '3',
    tcp_user_timeout: '15000',
    idle_in_transaction_session_timeout: '1min',
    statement_timeout: '30s',
  });
  await drop();
});

it('what database and address say of a session stands', async () => {
  const { db, url = '', drop } = await freshSqlDatabase('postgres');
  const name = new URL(url).pathname.slice(1);
  await db.orm.execute(sql`alter database ${sql.identifier(name)} set statement_timeout = '2min'`);
  const address = new URL(url);
  address.searchParams.set('options', '-c idle_in_transaction_session_timeout=7s');
  const other = connectPostgres(address.href);
  expect(await settings(other)).toMatchObject({
    statement_timeout: '2min',
    idle_in_transaction_session_timeout: '7s',
    tcp_keepalives_idle: '5',
  });
  await other.close();
  await drop();
});
