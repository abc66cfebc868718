/** The command line: `takt <command>`. Exit codes: 0 done, 1 error, 2 usage, 130 stopped by Ctrl-C. */
import { Command, CommanderError } from 'commander';
import { TaktError } from '../../engine/errors/index.ts';
import type { Workbench } from '../start/assemble.ts';
import { version } from '../start/version.ts';
import { examples } from './arguments.ts';
import { addProcess, PROCESSES } from './commands/process.ts';
import type { CliContext } from './context.ts';
import { INTERRUPTED, type Io } from './io.ts';
import { showError } from './show.ts';

const USAGE = 2;

/**
 * Runs one command. Never throws: what goes wrong is told on `io.err`.
 * @param argv without the program's own name
 * @param open opens the database for a command that needs it
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], io: Io, open: () => Promise<Workbench>): Promise<number> {
  let code = 0;
  const context: CliContext = {
    io,
    async visit(work) {
      const bench = await open();
      try {
        return await work(bench);
      } finally {
        await bench.close();
      }
    },
    fail(wanted) {
      code = wanted;
    },
  };
  try {
    await (await build(context, argv[0])).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    if (io.signal.aborted) return INTERRUPTED;
    showError(io, error);
    return error instanceof TaktError && error.code === 'CLI_USAGE' ? USAGE : 1;
  }
}

async function build(context: CliContext, first: string | undefined): Promise<Command> {
  const { io } = context;
  const program = new Command('takt')
    .description('Takt: durable, low-code automation for revenue teams')
    .version(version(), '--version')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for how it is used)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.replace(/\n$/, '')),
      writeErr: (text) => io.err(text.replace(/\n$/, '')),
      getOutHasColors: () => io.color,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `${examples('takt start', 'takt records import leads.csv --map map.json', 'takt runs --status failed')}

Environment:
  TAKT_DATA        the data folder (./data)
  DATABASE_URL     a PostgreSQL of your own instead of the one in the data folder
  TAKT_SMTP_URL    where mail goes; without it, into the development mailbox
  TAKT_MAIL_FROM   sender of mail that names none
  TAKT_HTTP_ALLOW  hosts and networks that http.request and text.reword may reach though they are not public, separated by commas
  TAKT_NODES       node packages, separated by commas
  TAKT_RETENTION   how long ended runs are kept whose workflow does not say (P365D); without it, for ever
  TAKT_SECRET_KEY  32 bytes in base64 that seal credentials; without it, a file in the data folder
  TAKT_LOG         trace, debug, info, warn, error or silent
  TAKT_DEBUG       1 shows where an error happened`,
    );
  addProcess(program, context);
  // A server that starts does without the modules of the other commands.
  if (!PROCESSES.has(first)) (await import('./commands/index.ts')).addCommands(program, context);
  return program;
}
