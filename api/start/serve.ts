/** The server over what was opened: first start, engine, HTTP, and the way to all of it in words. */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { Logger } from 'pino';
import { TaktError } from '../../engine/errors/index.ts';
import { keepHome } from '../../engine/home/keeper.ts';
import type { Io } from '../cli/io.ts';
import { keyFile, makeFirstKey, prepareFirstStart } from '../demo/first-start.ts';
import { buildServer } from '../server/index.ts';
import { closeAll } from './closers.ts';
import type { Takt } from './open.ts';
import { stopped } from './process.ts';
import { carryOut } from './work.ts';

export interface ServeOptions {
  host: string;
  port: number;
  /** Load the demo workspace into an empty database? */
  demo: boolean;
  /** Carry runs and effects out in this process, too? Otherwise that is left to workers (`takt worker`). */
  work: boolean;
}

/** Resolves when it was told to stop and all is closed, `takt` too. Throws TaktError START_PORT. */
export async function serve(takt: Takt, io: Io, logger: Logger, options: ServeOptions): Promise<void> {
  const closers: (() => Promise<unknown>)[] = [() => takt.close()];
  try {
    if (takt.home.note !== undefined) io.out(takt.home.note);
    if (io.signal.aborted) return;
    const loaded = await prepareFirstStart(takt, options.demo);
    await makeFirstKey(takt);
    if (options.work) await carryOut(takt, closers);
    // What has been accepted is written before the database is closed, also where no worker runs here.
    else closers.push(() => takt.engine.intake.drained());
    const { vitals } = takt.engine.ports;
    closers.push(keepHome(takt.home, vitals));
    const { engine, credentials } = takt;
    const server = await buildServer({ engine, credentials, logger });
    closers.push(() => server.close());
    await listen(server, options);
    for (const line of welcome(takt, options, loaded)) io.out(line);
    await stopped(io.signal);
    io.out('Takt is stopping (Ctrl-C again ends it at once) …');
  } finally {
    await closeAll(closers);
  }
}

async function listen(server: Awaited<ReturnType<typeof buildServer>>, { host, port }: ServeOptions): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE')
      throw new TaktError('START_PORT', { message: `Port ${port} of ${host} is taken by another program.`, cause });
    if (code === 'EACCES') throw new TaktError('START_PORT', { message: `This user may not use port ${port}.`, cause });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new TaktError('START_PORT', {
        message: `${host} is not an address of this machine.`,
        hint: 'Use --host 127.0.0.1, or 0.0.0.0 for all.',
        cause,
      });
    }
    throw cause;
  }
}

/** Where to look, and what to try first. */
function welcome({ folder, home }: Takt, { host, port, work }: ServeOptions, loaded: boolean): string[] {
  const at = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${at}:${port}`;
  const key = keyFile(folder);
  const hasKey = existsSync(key);
  const near = (path: string): string => {
    const short = relative(process.cwd(), path);
    return short === '' || short.startsWith('..') ? path : short;
  };
  return [
    ...(loaded ? ['A demo workspace was loaded: two teams, five people, six leads, two workflows.'] : []),
    `Takt is ready. Data: ${home.kind === 'embedded' ? near(folder) : 'the server of DATABASE_URL'}`,
    ...(work ? [] : ['Runs are left to workers: npm run -s takt -- worker']),
    '',
    `  API         ${url}/docs`,
    `  Health      ${url}/health`,
    `  Your key    ${hasKey ? near(key) : 'npm run -s takt -- keys create me --scopes admin'}`,
    '',
    'Try this in another terminal: a new lead, which is scored, given to somebody and written to.',
    '',
    `  curl -s ${url}/api/v1/records/lead \\`,
    `    -H "Authorization: Bearer ${hasKey ? `$(cat ${quoted(near(key))})` : '$KEY'}" -H 'Content-Type: application/json' \\`,
    `    -d '{"first_name":"Ada","last_name":"Byron","emails":["ada@engines.example"],"company_name":"Engines Ltd","employees":120,"source":"Reference","phones":["+442079460001"]}'`,
    '',
    '  npm run -s takt -- runs          what happened',
    '  npm run -s takt -- run <id>      every step of one run',
    '  npm run -s takt -- mailbox       the mail that would have gone out',
    '  npm run -s takt -- --help        everything else',
    '',
    'Ctrl-C stops Takt.',
  ];
}

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
