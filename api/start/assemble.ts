/** Everything above the database, put together in one place: connectors, nodes, engine, services. */
import { Engine } from '../../engine/engine.ts';
import { asTaktError, TaktError } from '../../engine/errors/index.ts';
import { learnInThread } from '../../engine/models/learner-thread.ts';
import { openPgBossQueue } from '../../engine/outbox/pgboss-queue.ts';
import { serversOf } from '../../engine/outbox/server.ts';
import { systemClock } from '../../engine/ports/clock.ts';
import { idMaker } from '../../engine/ports/ids.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { systemRandom } from '../../engine/ports/random.ts';
import type { Connector } from '../../engine/sdk.ts';
import { Credentials } from '../../engine/services/credentials.ts';
import { Files } from '../../engine/services/files.ts';
import { Keys } from '../../engine/services/keys.ts';
import { Mailbox } from '../../engine/services/mailbox.ts';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import {
  builtInNodes,
  documentConnector,
  httpConnector,
  loadNodePackages,
  type MessageStore,
  mailConnector,
  messageConnector,
  wordsConnector,
} from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { Settings } from './settings.ts';

/** What commands work with. */
export interface Workbench {
  engine: Engine;
  keys: Keys;
  credentials: Credentials;
  mailbox: Mailbox;
  files: Files;
  database: SqlDatabase;
  /** Does a server of Takt carry runs out on this database now? */
  serverRuns(): Promise<boolean>;
  close(): Promise<void>;
}

export interface AssembleOptions {
  /** Migrated. */
  database: SqlDatabase;
  /** 32 bytes that seal credentials. */
  secret: Uint8Array;
  settings: Settings;
  logger: Logger;
}

/** Nothing is started yet; closing it leaves the database open. Throws NODE_PACKAGE, CREDENTIAL_KEY, MESSAGE_ADDRESS. */
export async function assemble({ database, secret, settings, logger }: AssembleOptions): Promise<Omit<Workbench, 'serverRuns'>> {
  const ports = { database, clock: systemClock, newId: idMaker(systemClock, systemRandom), logger };
  const credentials = new Credentials(ports, secret);
  const mailbox = new Mailbox(ports);
  const files = new Files(ports);
  const messages: MessageStore = { storeMailbox: (message) => mailbox.store(message), readFile: (id) => files.read(id) };
  const packages = await loadNodePackages(settings.nodePackages);
  const connectors = [
    mail(settings, messages),
    messageConnector(messages),
    documentConnector({ storeFile: (file) => files.store(file) }),
    wordsConnector({ allowPrivate: settings.httpAllow, resolveCredential: (name) => credentials.forRequests(name) }),
    httpConnector({ allowPrivate: settings.httpAllow, resolveCredential: (name) => credentials.forRequests(name) }),
    ...packages.connectors,
  ];
  const queue = await openPgBossQueue(database, logger, serversOf(connectors));
  try {
    const nodes = [...builtInNodes, ...packages.nodes];
    const engine = new Engine({
      database,
      queue,
      logger,
      entities: builtInEntities,
      nodes,
      connectors,
      retentionMs: settings.retentionMs,
      learner: learnInThread,
    });
    return { engine, keys: new Keys(ports), credentials, mailbox, files, database, close: () => queue.close() };
  } catch (error) {
    await queue.close();
    throw error;
  }
}

function mail({ smtpUrl, mailFrom }: Settings, messages: MessageStore): Connector {
  try {
    return mailConnector({ ...messages, smtpUrl, from: mailFrom });
  } catch (cause) {
    const { code, message, hint } = asTaktError(cause);
    throw new TaktError(code, { message: `TAKT_MAIL_FROM or TAKT_SMTP_URL cannot be used: ${message}`, hint, cause });
  }
}
