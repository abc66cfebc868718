import type { Logger } from '../ports/logger.ts';

/** Where the database lives: a PostgreSQL that Takt runs itself in a data folder, or a server of `DATABASE_URL`. */
export interface Home {
  /** A `postgres://` address for postgres.js. It holds the password: never log it. */
  readonly url: string;
  /** The data folder when embedded. May differ from the wanted one; `note` then says why. */
  readonly folder: string | undefined;
  readonly kind: 'embedded' | 'server';
  /** A sentence for the person, when there is something that they should know. */
  readonly note: string | undefined;
  /**
   * Starts the embedded PostgreSQL again where it has ended, and leaves alone one that runs. A server of somebody else is theirs.
   * Throws TaktError HOME_START_FAILED where it does not start, or only on another port than the one that is in use.
   */
  revive(): Promise<void>;
  /** Leaves the home; the last one who leaves stops the embedded PostgreSQL. Calling it twice is harmless. */
  close(): Promise<void>;
}

/** `main` is the one server process of a folder; `guest` is a short visit (the command line) beside it or alone. */
export type HomeRole = 'main' | 'guest';

export interface HomeOptions {
  databaseUrl?: string;
  folder: string;
  role: HomeRole;
  logger: Logger;
  /** Called when an embedded PostgreSQL has been started and comes up, in a process of its own: time for work of ours. */
  launched?: (() => void) | undefined;
}
