import type { ErrorEntry } from './types.ts';

export const homeErrors = {
  HOME_IN_USE: {
    status: 409,
    title: 'Another process of Takt already works on this data folder',
    hint: 'Stop the other process first, give this one another folder, or let several share one server through DATABASE_URL.',
  },
  HOME_SERVER_UNREACHABLE: {
    status: 503,
    title: 'The PostgreSQL server of DATABASE_URL does not let us in',
    hint: 'Check host, port, database, user and password of DATABASE_URL, and that the server runs and allows this machine.',
  },
  HOME_SERVER_TOO_OLD: {
    status: 503,
    title: 'The PostgreSQL server of DATABASE_URL is too old',
    hint: 'Use PostgreSQL 15 or newer, or leave DATABASE_URL away to use the PostgreSQL that Takt brings.',
  },
  HOME_SERVER_ENCODING: {
    status: 503,
    title: 'The database of DATABASE_URL does not store text as UTF-8',
    hint: "Create the database anew: create database takt encoding 'UTF8' template template0.",
  },
  HOME_START_FAILED: {
    status: 503,
    title: 'The PostgreSQL that Takt brings did not start',
    hint: 'Read the last lines of postgres.log in the data folder; free memory and disk space are the usual causes.',
  },
  HOME_FOLDER_UNUSABLE: {
    status: 503,
    title: 'The data folder cannot be used',
    hint: 'Choose a folder on a local disk that this user may write to.',
  },
  HOME_PLATFORM_UNSUPPORTED: {
    status: 501,
    title: 'Takt brings no PostgreSQL for this system',
    hint: 'Set DATABASE_URL to a PostgreSQL 15 or newer.',
  },
} as const satisfies Record<string, ErrorEntry>;
