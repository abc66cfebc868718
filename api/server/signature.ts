/** Does a request come from whoever knows the shared secret? */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { TaktError } from '../../engine/index.ts';

/** What a trigger.webhook demands. */
export interface SignatureRule {
  credential: string;
  scheme: 'standard-webhooks' | 'hmac-sha256';
  header?: string;
}

const TOLERANCE_MS = 5 * 60_000;
const MAX_SIGNATURES = 10;

const refused = (message: string): TaktError => new TaktError('HOOK_SIGNATURE', { message });

/**
 * Checks a signature over the raw body. Throws HOOK_SIGNATURE, and HOOK_CREDENTIAL where the secret has no usable form.
 * @param now milliseconds since the epoch
 */
export function checkSignature(rule: SignatureRule, secret: string, headers: IncomingHttpHeaders, body: Buffer, now: number): void {
  if (rule.scheme === 'standard-webhooks') checkStandard(secret, headers, body, now);
  else checkHmac(rule.header ?? 'x-signature-256', secret, headers, body);
}

/** Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, one of several signatures, not older than five minutes. */
function checkStandard(secret: string, headers: IncomingHttpHeaders, body: Buffer, now: number): void {
  const id = one(headers, 'webhook-id');
  const timestamp = one(headers, 'webhook-timestamp');
  if (!/^[0-9]{1,12}$/.test(timestamp)) throw refused('The header webhook-timestamp is not a number of seconds.');
  const sent = Number(timestamp) * 1_000;
  if (Math.abs(now - sent) > TOLERANCE_MS) throw refused('The request was signed more than five minutes ago, or in the future.');
  const expected = signer(secret).sign(id, new Date(sent), body);
  const given = one(headers, 'webhook-signature').split(' ').slice(0, MAX_SIGNATURES);
  if (!given.some((signature) => equal(signature, expected))) throw refused('The signature does not fit the body.');
}

function signer(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new TaktError('HOOK_CREDENTIAL', {
      message: 'The secret of the hook is not in the form of Standard Webhooks.',
      hint: 'Store the secret as whsec_ and base64.',
      cause,
    });
  }
}

function checkHmac(header: string, secret: string, headers: IncomingHttpHeaders, body: Buffer): void {
  const given = one(headers, header.toLowerCase())
    .replace(/^sha256=/i, '')
    .toLowerCase();
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  if (!equal(given, expected)) throw refused('The signature does not fit the body.');
}

function one(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw refused(`The header ${name} is missing.`);
}

/** In constant time for texts of equal length; the length of a signature is no secret. */
function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
