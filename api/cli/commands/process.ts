/** The processes that run until Ctrl-C. What they do is loaded when they are asked for: the other commands do without the HTTP server. */
import type { Command } from 'commander';
import { readSettings } from '../../start/settings.ts';
import { examples, wholeNumber } from '../arguments.ts';
import type { CliContext } from '../context.ts';

/** The first words by which they are asked for. */
export const PROCESSES: ReadonlySet<string | undefined> = new Set(['start', 'worker']);

export function addProcess(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('start')
    .description('run Takt: database, engine and API in one process, until Ctrl-C')
    .option('--port <n>', 'port of the API', wholeNumber(1, 65_535), 7070)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for all of this machine', '127.0.0.1')
    .option('--no-demo', 'leave an empty database empty')
    .option('--api-only', 'leave runs and effects to processes of their own: takt worker')
    .addHelpText(
      'after',
      examples('npm start', 'npm start -- --port 8080', 'npm start -- --api-only', "DATABASE_URL='postgres://…' npm start"),
    )
    .action(async ({ apiOnly = false, ...options }: { port: number; host: string; demo: boolean; apiOnly?: boolean }) => {
      const { start } = await import('../../start/start.ts');
      await start(io, readSettings(io.env), { ...options, work: !apiOnly });
    });
  program
    .command('worker')
    .description('carry runs and effects out in a process of its own, beside a server or several, until Ctrl-C')
    .addHelpText('after', examples('npm run -s takt -- worker', "DATABASE_URL='postgres://…' npm run -s takt -- worker"))
    .action(async () => {
      const { work } = await import('../../start/work.ts');
      await work(io, readSettings(io.env));
    });
}
