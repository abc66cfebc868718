import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type Engine, TaktError } from '../../engine/index.ts';
import type { Credentials } from '../../engine/services/credentials.ts';
import type { Files } from '../../engine/services/files.ts';
import type { Keys } from '../../engine/services/keys.ts';
import type { Mailbox } from '../../engine/services/mailbox.ts';
import type { Outsider } from '../../engine/store/schema.ts';

/** What routes work with. */
export interface Services {
  engine: Engine;
  keys: Keys;
  credentials: Credentials;
  mailbox: Mailbox;
  files: Files;
}

/** The routes of one resource. */
export type Routes = (services: Services) => FastifyPluginAsyncTypebox;

/** Who changes something: the key that the request came with. */
export function authorOf(request: FastifyRequest): Outsider {
  if (!request.caller) throw new TaktError('KEY_MISSING');
  return { kind: 'key', id: request.caller.id };
}

/**
 * The version that a change was made on: of the header If-Match (`"3"`), else of the query. `If-Match: *` stands for any.
 * Throws INPUT_INVALID.
 */
export function expectedVersion(request: FastifyRequest, fromQuery: number | undefined): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return fromQuery;
  if (header.trim() === '*') return undefined;
  const version = /^(?:W\/)?"?([0-9]{1,9})"?$/.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw new TaktError('INPUT_INVALID', { message: 'If-Match does not hold a version.', hint: 'Send the ETag that you got, such as "3".' });
}
