/** Database, engine and services in a home. */
import type { Home } from '../../engine/home/index.ts';
import { connectPostgres } from '../../engine/store/sql-database.ts';
import { type AssembleOptions, assemble } from './assemble.ts';
import { closeAll } from './closers.ts';
import type { Takt } from './open.ts';
import { serverRuns } from './presence.ts';
import { secretKey } from './secret.ts';

/**
 * Opens everything in a home, which `close` leaves again, as does a failure.
 * Throws TaktError START_SECRET, NODE_PACKAGE, MESSAGE_ADDRESS.
 */
export async function settle(home: Home, { settings, logger }: Pick<AssembleOptions, 'settings' | 'logger'>): Promise<Takt> {
  const closers: (() => Promise<unknown>)[] = [() => home.close()];
  const close = (): Promise<void> => closeAll(closers);
  try {
    const folder = home.folder ?? settings.folder;
    const database = connectPostgres(home.url);
    closers.push(() => database.close());
    await database.migrate();
    const secret = await secretKey(settings.secretKey, folder);
    const bench = await assemble({ database, secret, settings, logger });
    closers.push(bench.close);
    return { ...bench, home, folder, close, serverRuns: () => serverRuns(database) };
  } catch (error) {
    await close();
    throw error;
  }
}
