import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rows } from '../../engine/store/database.ts';
import { eq, sql } from '../../engine/store/drizzle.ts';
import { counters } from '../../engine/store/schema.ts';
import type { Takt } from '../start/open.ts';
import { writeNew } from '../start/secret.ts';
import { loadDemo } from './workspace.ts';

/** In `counters`: 0 while the demo is being loaded, 1 when that is settled for good. */
const DEMO = 'demo';

/**
 * What an empty database gets at the first start: the demo workspace. A load that was broken off is finished by the next start;
 * a database that somebody has begun to use stays as it is.
 * @returns whether something was loaded
 */
export async function prepareFirstStart({ engine, database }: Pick<Takt, 'engine' | 'database'>, wanted: boolean): Promise<boolean> {
  const { orm } = database;
  const [state] = await orm.select().from(counters).where(eq(counters.name, DEMO));
  if (state?.value === 1) return false;
  const begun = state !== undefined;
  const used = await rows(orm, sql`select 1 from records union all select 1 from workflows limit 1`);
  const load = begun || (wanted && used.length === 0);
  if (load) {
    await orm.insert(counters).values({ name: DEMO, value: 0 }).onConflictDoNothing();
    await loadDemo(engine);
  }
  await orm
    .insert(counters)
    .values({ name: DEMO, value: 1 })
    .onConflictDoUpdate({ target: counters.name, set: { value: 1 } });
  return load;
}

export const keyFile = (folder: string): string => join(folder, 'api-key');

/** A key that may do everything, for the person at this machine: made once, in a file that only its owner may read. */
export async function makeFirstKey({ keys, database, folder }: Pick<Takt, 'keys' | 'database' | 'folder'>): Promise<void> {
  const [any] = await rows(database.orm, sql`select 1 from api_keys limit 1`);
  if (any !== undefined) return;
  const { token } = await keys.create('first key', ['admin']);
  // A file that is there belongs to a database of the past.
  await rm(keyFile(folder), { force: true });
  await writeNew(keyFile(folder), `${token}\n`);
}
