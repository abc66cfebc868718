/** The composition root of a process: home, database, engine. */
import { type Home, openHome } from '../../engine/home/index.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { connectPostgres } from '../../engine/store/sql-database.ts';
import { assemble, type Workbench } from './assemble.ts';
import { closeAll } from './closers.ts';
import { serverRuns } from './presence.ts';
import { secretKey } from './secret.ts';
import type { Settings } from './settings.ts';

export interface Takt extends Workbench {
  home: Home;
  /** The data folder; with DATABASE_URL it holds the key files only. */
  folder: string;
}

export interface OpenOptions {
  /** `main` is the server of a data folder, of which there is one; `guest` a short visit. */
  role: 'main' | 'guest';
  settings: Settings;
  logger: Logger;
}

/**
 * Opens everything; nothing is started yet. What was opened is closed again where a later part fails.
 * Throws TaktError HOME_*, START_SECRET, NODE_PACKAGE, MESSAGE_ADDRESS.
 */
export async function openTakt({ role, settings, logger }: OpenOptions): Promise<Takt> {
  const { databaseUrl, folder: wanted } = settings;
  const home = await openHome({ role, logger, folder: wanted, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const closers: (() => Promise<unknown>)[] = [() => home.close()];
  const close = (): Promise<void> => closeAll(closers);
  try {
    const folder = home.folder ?? wanted;
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
