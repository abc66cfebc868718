import { TaktError } from '../../engine/sdk.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
// Visible ASCII and space (RFC 9110 field-value without obs-text); nothing that could end the line.
const VALUE = /^[\x20-\x7e]{0,8000}$/;
/** Set by the connector, or meant for one connection only. */
const RESERVED = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'idempotency-key',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers with names in lower case. Throws TaktError HTTP_HEADER; a value never stands in the message. */
export function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked = new Map<string, string>();
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    const refuse = (why: string): TaktError =>
      new TaktError('HTTP_HEADER', { message: `The header ${JSON.stringify(given.slice(0, 60))} ${why}.`, pointer: '/params/headers' });
    if (!NAME.test(given)) throw refuse('has a name that is not allowed');
    if (RESERVED.has(name)) throw refuse('is set by Takt');
    if (!VALUE.test(value)) throw refuse('has a value that is not one line of plain ASCII');
    checked.set(name, value);
  }
  return Object.fromEntries(checked);
}
