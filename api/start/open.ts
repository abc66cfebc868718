/** The composition root of a process: home, database, engine. */
import { type Home, openHome } from '../../engine/home/index.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Workbench } from './assemble.ts';
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
  /** What else will be needed, and is loaded while PostgreSQL comes up. */
  load?: () => Promise<unknown>;
}

/**
 * Opens everything; nothing is started yet. What was opened is closed again where a later part fails.
 * Throws TaktError HOME_*, START_SECRET, NODE_PACKAGE, MESSAGE_ADDRESS.
 */
export async function openTakt({ role, settings, logger, load = async () => {} }: OpenOptions): Promise<Takt> {
  const { databaseUrl, folder } = settings;
  // The modules of engine and server take half a second: it goes by while PostgreSQL comes up, which is a process of its own.
  const settling = (): Promise<typeof import('./settle.ts')> => import('./settle.ts');
  // Whoever waits for them is told what fails.
  const launched = (): void => void Promise.all([settling(), load()]).catch(() => {});
  const home = await openHome({ role, logger, folder, launched, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const { settle } = await settling();
  return settle(home, { settings, logger });
}
