import { openEmbedded } from './embedded.ts';
import type { Home, HomeOptions } from './home.ts';
import { openServer } from './server.ts';

export type { Home, HomeOptions } from './home.ts';

/**
 * Opens the database's home.
 *
 * With `databaseUrl` the server there is checked and used; nothing is locked, many processes may share it. Otherwise
 * the PostgreSQL that Takt brings runs in `folder`: `main` takes the folder for itself, `guest` (the command line)
 * joins a running database or starts one for the time of its visit.
 *
 * @throws TaktError HOME_SERVER_UNREACHABLE, HOME_SERVER_TOO_OLD, HOME_SERVER_ENCODING for a server; HOME_IN_USE,
 *   HOME_START_FAILED, HOME_FOLDER_UNUSABLE, HOME_PLATFORM_UNSUPPORTED for the embedded one
 */
export function openHome(options: HomeOptions): Promise<Home> {
  const { databaseUrl, ...embedded } = options;
  return databaseUrl === undefined ? openEmbedded(embedded) : openServer(databaseUrl);
}
