import type { ErrorEntry } from './types.ts';

export const storeErrors = {
  RECORD_NOT_FOUND: { status: 404, title: 'There is no such record', hint: 'Check the id; list the records first.' },
  RECORD_DELETED: { status: 410, title: 'The record is deleted', hint: 'Restore it first.' },
  RECORD_VERSION_STALE: {
    status: 409,
    title: 'The record was changed by somebody else meanwhile',
    hint: 'Load it again and repeat your change.',
  },
  RECORD_KEY_TAKEN: {
    status: 409,
    title: 'Another record of this entity has that key',
    hint: 'Use another key, or update the existing record.',
  },
  REFERENCE_NOT_FOUND: {
    status: 400,
    title: 'A reference leads to a record that does not exist',
    hint: 'Create that record first, or correct the id.',
  },
  REFERENCE_DELETED: { status: 400, title: 'A reference leads to a deleted record', hint: 'Restore that record, or refer to another.' },
  REFERENCE_WRONG_ENTITY: {
    status: 400,
    title: 'A reference leads to a record of another entity',
    hint: 'Refer to a record of the wanted entity.',
  },
  WRITE_CONFLICT: { status: 409, title: 'Others kept writing the same rows', hint: 'Try again.' },
  CURSOR_INVALID: { status: 400, title: 'The cursor is not one of ours', hint: 'Leave the cursor out to begin from the start.' },
  FILTER_INVALID: { status: 400, title: 'The filter cannot be used', hint: 'See the documentation of the list.' },
  OVERLOADED: { status: 503, title: 'More changes are waiting than can be kept', hint: 'Send again in a moment.' },
  ANSWER_LATE: {
    status: 503,
    title: 'The change is still waiting for the database',
    hint: 'It may be written yet. Send it again under the same idempotency key or record key, or look first; see /health.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: 'The database does not answer',
    hint: 'Start PostgreSQL or mend the way to it; Takt goes on by itself then. Try again; see /health.',
  },
  DATABASE_CONNECTIONS: {
    status: 503,
    title: 'The database has no connection left',
    hint: "Close other clients or raise PostgreSQL's max_connections; each process of Takt takes up to 14.",
  },
  DATABASE_FULL: {
    status: 503,
    title: "The database's disk is full",
    hint: 'Make room on the disk of PostgreSQL. Nothing that was accepted is lost; Takt goes on by itself.',
  },
  DATABASE_READ_ONLY: {
    status: 503,
    title: 'The database takes no writes',
    hint: 'It is a standby or set to read only: point DATABASE_URL to the primary, or unset default_transaction_read_only.',
  },
  DATABASE_REFUSES: {
    status: 503,
    title: 'The database does not let Takt in',
    hint: 'User, password or database of DATABASE_URL are not accepted any more: see the log of PostgreSQL, correct them, start again.',
  },
  DATABASE_TABLES: {
    status: 503,
    title: 'Tables of Takt are missing or of another version',
    hint: 'Start this version of Takt anew: a start makes and changes its tables.',
  },
} as const satisfies Record<string, ErrorEntry>;
