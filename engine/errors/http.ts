import type { ErrorEntry } from './types.ts';

/** What the API says about requests, keys, hooks and credentials. */
export const httpErrors = {
  WORDS_FORM: {
    status: 502,
    title: 'The language model answered in another form',
    hint: 'The text without it was taken. Choose a model that keeps to a JSON schema.',
  },
  WORDS_NUMBERS: {
    status: 502,
    title: 'The language model told a number that nobody has given',
    hint: 'The text without it was taken. Give all numbers among the facts, or choose another model.',
  },
  WORDS_PRIVATE: {
    status: 502,
    title: 'The language model told an address or a person that nobody has given',
    hint: 'The text without it was taken.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this address',
    hint: 'The addresses are listed at /docs and in /openapi.json.',
  },
  REQUEST_INVALID: { status: 400, title: 'The request cannot be read', hint: 'Correct the request; see /docs.' },
  JSON_INVALID: { status: 400, title: 'The body is not JSON', hint: 'Mend the JSON at the named line and column.' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large', hint: 'Send at most 1 MB, or 10 MB to the address for many records.' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The body has a type that is not read here', hint: 'Send Content-Type: application/json.' },
  RATE_LIMITED: { status: 429, title: 'Too many requests', hint: 'Wait as long as Retry-After says, then send slower.' },
  ITEMS_TOO_MANY: { status: 400, title: 'The list is too long', hint: 'Send at most 1,000 items in one request.' },
  KEY_MISSING: { status: 401, title: 'The request carries no API key', hint: 'Send the header Authorization: Bearer takt_….' },
  KEY_INVALID: { status: 401, title: 'The API key is not valid', hint: 'It may be revoked or mistyped; make a new one.' },
  KEY_NOT_FOUND: { status: 404, title: 'There is no such API key', hint: 'List the keys.' },
  SCOPE_MISSING: { status: 403, title: 'The API key may not do this', hint: 'Use a key that has the scope, or make one.' },
  SCOPE_UNKNOWN_NAME: { status: 400, title: 'There is no such scope', hint: 'See docs/api.md for the scopes.' },
  HOOK_UNKNOWN: {
    status: 404,
    title: 'No published workflow listens to this hook',
    hint: 'Publish a workflow with a trigger.webhook of this name, or correct the address.',
  },
  HOOK_SIGNATURE: {
    status: 401,
    title: 'The signature of the request is missing or wrong',
    hint: 'Sign the raw body with the shared secret.',
  },
  HOOK_CREDENTIAL: {
    status: 503,
    title: 'The signature cannot be checked',
    hint: 'An administrator has to store the credential that the trigger names, with kind "webhook".',
  },
  HOOK_KEY: { status: 400, title: 'The idempotency key is not usable', hint: 'Send 1 to 150 visible characters.' },
  EVENT_TYPE_RESERVED: {
    status: 400,
    title: 'Events of this type are written by Takt itself',
    hint: 'Use a type of your own, such as mail.opened; change the record or start the workflow instead.',
  },
  CREDENTIAL_NOT_FOUND: { status: 404, title: 'There is no such credential', hint: 'List the credentials.' },
  CREDENTIAL_UNREADABLE: {
    status: 500,
    title: 'A stored credential cannot be opened',
    hint: 'The secret key has changed since it was stored: bring the old TAKT_SECRET_KEY back, or store the credential anew.',
  },
  CREDENTIAL_KEY: {
    status: 500,
    title: 'The secret key for credentials is not usable',
    hint: 'TAKT_SECRET_KEY is 32 random bytes, such as openssl rand -base64 32 gives.',
  },
  MESSAGE_NOT_FOUND: { status: 404, title: 'There is no such message in the mailbox', hint: 'List the mailbox.' },
  FILE_NOT_FOUND: { status: 404, title: 'There is no such file', hint: 'List the files: takt files list.' },
  NODE_TYPE_NOT_FOUND: { status: 404, title: 'There is no such node type', hint: 'List the node types.' },
} as const satisfies Record<string, ErrorEntry>;
