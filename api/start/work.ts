/** `takt worker`: a process that carries runs and effects out, beside a server or alone, until Ctrl-C. */
import type { Io } from '../cli/io.ts';
import { closeAll } from './closers.ts';
import { openTakt, type Takt } from './open.ts';
import { announceServer } from './presence.ts';
import { processLogger, stopped } from './process.ts';
import type { Settings } from './settings.ts';

/**
 * Resolves after Ctrl-C or SIGTERM, when what was under way is finished. Joins the embedded database of the data folder, or
 * starts it. Throws TaktError HOME_*, START_SECRET, NODE_PACKAGE, CREDENTIAL_KEY.
 */
export async function work(io: Io, settings: Settings): Promise<void> {
  io.out('A worker of Takt is starting …');
  const takt = await openTakt({ role: 'guest', settings, logger: processLogger(io, settings) });
  const closers: (() => Promise<unknown>)[] = [() => takt.close()];
  try {
    if (io.signal.aborted) return;
    await carryOut(takt, closers);
    io.out('The worker is ready. Ctrl-C stops it.');
    await stopped(io.signal);
    io.out('The worker is stopping (Ctrl-C again ends it at once) …');
  } finally {
    await closeAll(closers);
  }
  io.out('The worker has stopped.');
}

/**
 * Begins to carry runs out in this process, and shows that it does.
 * @param closers get what is to be closed again, also where a later part fails
 */
export async function carryOut({ engine, home }: Takt, closers: (() => Promise<unknown>)[]): Promise<void> {
  const presence = await announceServer(home.url);
  closers.push(() => presence.close());
  await engine.start();
  closers.push(() => engine.stop());
}
