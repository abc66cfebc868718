import { describe, expect, test } from 'vitest';
import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import { freshSqlDatabase, sqlKinds } from './databases.ts';

describe.each(sqlKinds)('a fresh database on %s', (kind) => {
  test('is migrated', async () => {
    const { db, drop } = await freshSqlDatabase(kind);
    expect(await rows(db.orm, sql`select 1 as one from information_schema.tables where table_name = 'runs'`)).toEqual([{ one: 1 }]);
    await drop();
  });

  test('sees nothing of another', async () => {
    const [first, second] = await Promise.all([freshSqlDatabase(kind), freshSqlDatabase(kind)]);
    await first.db.script('create table mine (n int)');
    const found = await rows(second.db.orm, sql`select 1 from information_schema.tables where table_name = 'mine'`);
    expect(found).toEqual([]);
    await first.drop();
    await second.drop();
  });

  test('may be dropped after it was closed', async () => {
    const { db, drop } = await freshSqlDatabase(kind);
    await db.close();
    await drop();
  });
});
