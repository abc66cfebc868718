/** What a command has of the terminal. Tests give their own. */
import { createInterface } from 'node:readline/promises';

export interface Io {
  /** One piece of the result, with a line end added. */
  out(text: string): void;
  /** What is said about the work: progress, warnings, errors. */
  err(text: string): void;
  /** May colours be used on `out`? */
  color: boolean;
  /** Where a progress bar may be drawn; none in a pipe or a log. */
  bar: NodeJS.WriteStream | undefined;
  env: NodeJS.ProcessEnv;
  /** Aborts at the first Ctrl-C. */
  signal: AbortSignal;
  /** Asks a person; without one, the answer is undefined. */
  confirm(question: string): Promise<boolean | undefined>;
}

/** Ctrl-C as the shells count it: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** The io of this process. The second Ctrl-C ends it at once. */
export function processIo(): Io {
  const abort = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    abort.abort(signal);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  // `takt records lead | head` closes the pipe: nobody reads on, and the database is still to be closed.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const { env, stdout, stderr, stdin } = process;
  const wantsColor = env.NO_COLOR === undefined || env.NO_COLOR === '';
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    color: stdout.isTTY === true && wantsColor && env.TERM !== 'dumb',
    bar: stderr.isTTY === true && env.TERM !== 'dumb' ? stderr : undefined,
    env,
    signal: abort.signal,
    async confirm(question) {
      if (stdin.isTTY !== true) return undefined;
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return /^(y|yes)$/i.test((await reader.question(`${question} [y/N] `, { signal: abort.signal })).trim());
      } finally {
        reader.close();
      }
    },
  };
}
