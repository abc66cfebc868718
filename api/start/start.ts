/** `takt start`: one process that does everything, until Ctrl-C. */
import type { Io } from '../cli/io.ts';
import { openTakt } from './open.ts';
import { processLogger } from './process.ts';
import type { ServeOptions } from './serve.ts';
import type { Settings } from './settings.ts';

/**
 * Resolves after Ctrl-C or SIGTERM, when everything is stopped.
 * Throws TaktError HOME_*, START_PORT, START_SECRET, NODE_PACKAGE, CREDENTIAL_KEY.
 */
export async function start(io: Io, settings: Settings, options: ServeOptions): Promise<void> {
  io.out('Takt is starting …');
  const logger = processLogger(io, settings);
  const serving = (): Promise<typeof import('./serve.ts')> => import('./serve.ts');
  const takt = await openTakt({ role: 'main', settings, logger, load: serving });
  const { serve } = await serving();
  await serve(takt, io, logger, options);
  io.out('Takt has stopped.');
}
