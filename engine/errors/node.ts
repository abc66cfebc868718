import type { ErrorEntry } from './types.ts';

export const nodeErrors = {
  NODE_RECORD_ID: {
    status: 422,
    title: 'A node was given something that is not the id of a record',
    hint: 'Give the id of a record, such as "= record.id" or "= nodes.find.id".',
  },
  NODE_TIME: {
    status: 422,
    title: 'A node was given something that is not a moment',
    hint: 'Give an ISO 8601 date-time such as 2027-03-01T09:00:00Z; without an offset the zone of the workflow counts.',
  },
  WAIT_KEY: {
    status: 422,
    title: 'The key by which an event is known was not found',
    hint: 'Branch before with flow.if where the record has none.',
  },
  NODE_KEY_TAKEN: {
    status: 409,
    title: 'A record with this key exists already',
    hint: 'Set "onExisting" to "skip" or "update", or give another key.',
  },
  AGGREGATE_FIELD: {
    status: 422,
    title: 'A statistic cannot be taken over this field',
    hint: 'Give a field of the right type; a formula is not stored and cannot be counted by.',
  },
  REPORT_CURRENCIES: {
    status: 422,
    title: 'A statistic would mix several currencies',
    hint: 'Match one currency, such as { "amount": { "currency": "RUB" } }, and take the others by nodes of their own.',
  },
  DOCUMENT_VALUE: {
    status: 422,
    title: 'A value cannot be written in the format that the document wants',
    hint: 'Give another "format", or a value that fits it.',
  },
  DOCUMENT_TOO_LARGE: {
    status: 422,
    title: 'The document is too large',
    hint: 'Show less, or make several documents: at most 5,000 rows, 200 pages and 10 MB.',
  },
  ASSIGN_TEAM_UNKNOWN: { status: 422, title: 'There is no such team', hint: 'Give the key, the id or the name of a team.' },
  ASSIGN_LOAD_FIELD: {
    status: 422,
    title: 'This field cannot be added up as somebody’s work',
    hint: 'Give a number or money field, or leave `sum` out to count records.',
  },
  ASSIGN_INACTIVE: {
    status: 409,
    title: 'This user is not active and gets no records',
    hint: 'Name somebody else, or make the user active first.',
  },
  ASSIGN_TEAM_AMBIGUOUS: { status: 422, title: 'Several teams have this name', hint: 'Give the key or the id of the team.' },
  MESSAGE_ADDRESS: {
    status: 422,
    title: 'An address cannot be used in this channel',
    hint: 'Write an e-mail address as name@example.com, several addresses as a list.',
  },
  MESSAGE_NO_RECIPIENT: {
    status: 422,
    title: 'The message has nobody to go to',
    hint: 'Give "to", or branch before with flow.if where the record has no address in this channel.',
  },
  MESSAGE_TOO_LONG: { status: 422, title: 'The text is too long for the channel', hint: 'Shorten it, or choose another channel.' },
  MESSAGE_ATTACHMENT: {
    status: 422,
    title: 'A file cannot go with the message',
    hint: 'Give ids of files, such as "= nodes.pdf.file": at most 10 and 20 MB in all; sms and push take none.',
  },
  MAIL_UNREACHABLE: {
    status: 502,
    title: 'The mail server could not be reached',
    hint: 'Check host, port and password of the mail server.',
  },
  MAIL_POSTPONED: { status: 502, title: 'The mail server does not take the message now', hint: 'Nothing to do; it is tried again.' },
  MAIL_REFUSED: { status: 502, title: 'The mail server refused the message', hint: "See the server's words; mend address or sender." },
  CREDENTIAL_UNKNOWN: {
    status: 422,
    title: 'There is no credential with this name',
    hint: 'Add the credential first, or correct the name.',
  },
  HTTP_URL: { status: 422, title: 'The URL cannot be used', hint: 'Give an absolute http or https URL without user and password.' },
  HTTP_HEADER: {
    status: 422,
    title: 'A header cannot be sent',
    hint: 'Names are letters, digits and -; values are one line. Host, length, connection and Idempotency-Key are set by Takt.',
  },
  HTTP_ADDRESS: {
    status: 403,
    title: 'The URL leads to an address that is not public',
    hint: 'Requests go to public addresses only. An administrator can allow hosts and networks of an intranet.',
  },
  HTTP_REDIRECTS: { status: 502, title: 'The server redirected too often', hint: 'Give the final URL; at most 5 redirects are followed.' },
  HTTP_UNREACHABLE: { status: 502, title: 'The server could not be reached', hint: 'Check host and port, and that the server runs.' },
  HTTP_TIMEOUT: { status: 504, title: 'The server did not answer in time', hint: 'Raise "timeout", at most PT60S, or ask for less.' },
  HTTP_STATUS: {
    status: 502,
    title: 'The server answered with a status that means failure',
    hint: 'See the status; a status that is fine for you belongs into "okStatus".',
  },
  HTTP_TOO_LARGE: { status: 502, title: "The server's answer is too large", hint: 'Ask for less; at most 1 MB is read.' },
  NODE_PACKAGE: {
    status: 500,
    title: 'A node package cannot be loaded',
    hint: 'The module exports by default { nodes, connectors? }; see docs/custom-nodes.md.',
  },
} as const satisfies Record<string, ErrorEntry>;
