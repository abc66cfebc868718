/** What a process has that runs until Ctrl-C. */
import { type Logger, pino } from 'pino';
import type { Io } from '../cli/io.ts';
import { safeLogger } from '../server/safe-logger.ts';
import type { Settings } from './settings.ts';

/** To standard error; a person at a terminal hears of what is wrong only, unless TAKT_LOG says otherwise. */
export const processLogger = (io: Io, settings: Settings): Logger =>
  safeLogger(pino({ level: settings.logLevel ?? (io.color ? 'warn' : 'info') }, pino.destination({ fd: 2, sync: true })));

export const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
