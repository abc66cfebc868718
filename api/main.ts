/** The program. Started by bin/takt.mjs, which sees to the right Node. */
import { processIo } from './cli/io.ts';
import { runCli } from './cli/program.ts';
import { readSettings } from './start/settings.ts';

const io = processIo();

process.exitCode = await runCli(process.argv.slice(2), io, async () => {
  const [{ pino }, { openTakt }] = await Promise.all([import('pino'), import('./start/open.ts')]);
  const settings = readSettings(io.env);
  const logger = pino({ level: settings.logLevel ?? 'error' }, pino.destination({ fd: 2, sync: true }));
  return openTakt({ role: 'guest', settings, logger });
});

/** What has been written goes out in far less, milliseconds. */
const LAST_WORDS_MS = 5_000;
// A timer or a socket that somebody has left open must not keep a process that is through: whoever watches it would not start it again.
setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
