/** Reads an answer within bounds and turns it into what a node gets to see. */
import type { IncomingHttpHeaders } from 'node:http';
import { TaktError } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { storable } from './credential.ts';

/** Bytes that are read at most, and bytes of a body that a node gets. */
const MOST_READ = 1_000_000;
const MOST_KEPT = 256 * 1024;
const KEPT_HEADERS = ['content-type', 'etag', 'last-modified', 'link', 'location', 'x-request-id'] as const;
const LONGEST_RETRY_MS = 24 * 3_600_000;

/** Throws TaktError HTTP_TOO_LARGE as soon as the bound is passed, and whatever the stream throws. */
export async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_READ) throw new TaktError('HTTP_TOO_LARGE', { message: `The answer has more than ${MOST_READ} bytes.` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @param clean takes secrets out of a text */
export function resultOf(status: number, headers: IncomingHttpHeaders, bytes: Uint8Array, clean: (text: string) => string): JsonObject {
  const kept: [string, string][] = [];
  for (const name of KEPT_HEADERS) {
    const value = headerOf(headers, name);
    if (value !== undefined) kept.push([name, clean(value).slice(0, 2_000)]);
  }
  return { status, headers: Object.fromEntries(kept), ...bodyOf(headers, bytes, clean) };
}

function bodyOf(headers: IncomingHttpHeaders, bytes: Uint8Array, clean: (text: string) => string): { body: Json; truncated: boolean } {
  const type = headerOf(headers, 'content-type')?.toLowerCase() ?? '';
  const encoding = headerOf(headers, 'content-encoding')?.toLowerCase() ?? 'identity';
  const json = /^application\/(?:[a-z0-9.+-]*\+)?json\b/.test(type);
  const text = json || type === '' || /^text\/|^application\/(?:[a-z0-9.+-]*\+)?(?:xml|x-www-form-urlencoded|javascript)\b/.test(type);
  if (bytes.byteLength === 0 || !text || encoding !== 'identity') return { body: null, truncated: false };

  const whole = decoded(bytes, type);
  const parsed = json && bytes.byteLength <= MOST_KEPT ? storable(parse(whole), clean) : undefined;
  if (parsed !== undefined) return { body: parsed, truncated: false };
  // Cleaned before it is cut: a secret across the cut would survive in part.
  const cleaned = clean(whole).replaceAll('\0', '\ufffd');
  const truncated = Buffer.byteLength(cleaned) > MOST_KEPT;
  return { body: truncated ? Buffer.from(cleaned).subarray(0, MOST_KEPT).toString() : cleaned, truncated };
}

/** Says it is JSON and is not: kept as the text that it is. */
function parse(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** In the character set that the server names; UTF-8 where it names none or an unknown one. */
function decoded(bytes: Uint8Array, type: string): string {
  const charset = /charset="?([a-z0-9_:-]{1,40})/.exec(type)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** What the server says in Retry-After (RFC 9110, 10.2.3), milliseconds; a date is measured by the server's own Date. */
export function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headerOf(headers, 'retry-after')?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.parse(headerOf(headers, 'date') ?? '');
  return Number.isFinite(ms) ? Math.min(LONGEST_RETRY_MS, Math.max(0, ms)) : undefined;
}

export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
