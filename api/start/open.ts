/** The composition root: everything that a process of Takt is made of, put together in one place. */
import { readFileSync } from 'node:fs';
import { Engine } from '../../engine/engine.ts';
import { type Home, openHome } from '../../engine/home/index.ts';
import { openPgBossQueue } from '../../engine/outbox/pgboss-queue.ts';
import { systemClock } from '../../engine/ports/clock.ts';
import { idMaker } from '../../engine/ports/ids.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { systemRandom } from '../../engine/ports/random.ts';
import { Credentials } from '../../engine/services/credentials.ts';
import { Keys } from '../../engine/services/keys.ts';
import { Mailbox } from '../../engine/services/mailbox.ts';
import { connectPostgres, type Database } from '../../engine/store/database.ts';
import { builtInNodes, httpConnector, loadNodePackages, mailConnector } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import { serverRuns } from './presence.ts';
import { secretKey } from './secret.ts';
import type { Settings } from './settings.ts';

/** What commands work with. */
export interface Workbench {
  engine: Engine;
  keys: Keys;
  credentials: Credentials;
  mailbox: Mailbox;
  database: Database;
  /** Does a server of Takt carry runs out on this database now? */
  serverRuns(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Takt extends Workbench {
  home: Home;
  /** The data folder; with DATABASE_URL it holds the key files only. */
  folder: string;
}

/** Opens home, database and engine; nothing is started yet. What was opened is closed again where a later part fails. */
export async function openTakt(options: { role: 'main' | 'guest'; settings: Settings; logger: Logger }): Promise<Takt> {
  const { role, settings, logger } = options;
  const { databaseUrl, folder: wanted } = settings;
  const home = await openHome({ role, logger, folder: wanted, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const closers: (() => Promise<void>)[] = [() => home.close()];
  const close = async (): Promise<void> => {
    for (let next = closers.pop(); next; next = closers.pop()) await next();
  };
  try {
    const folder = home.folder ?? wanted;
    const database = connectPostgres(home.url);
    closers.push(() => database.close());
    await database.migrate();
    const queue = await openPgBossQueue(database, logger);
    closers.push(() => queue.close());

    const ports = { database, clock: systemClock, newId: idMaker(systemClock, systemRandom), logger };
    const credentials = new Credentials(ports, await secretKey(settings.secretKey, folder));
    const mailbox = new Mailbox(ports);
    const packages = await loadNodePackages(settings.nodePackages);
    const engine = new Engine({
      database,
      queue,
      logger,
      entities: builtInEntities,
      nodes: [...builtInNodes, ...packages.nodes],
      connectors: [
        mailConnector({ smtpUrl: settings.smtpUrl, from: settings.mailFrom, storeMailbox: (message) => mailbox.store(message) }),
        httpConnector({ allowPrivate: settings.httpAllow, resolveCredential: (name) => credentials.forRequests(name) }),
        ...packages.connectors,
      ],
    });
    return { engine, keys: new Keys(ports), credentials, mailbox, database, home, folder, close, serverRuns: () => serverRuns(database) };
  } catch (error) {
    await close();
    throw error;
  }
}

export const version = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(Object(manifest).version);
};
