/** Sends the effects of http.request. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Static, Type } from 'typebox';
import type { Agent } from 'undici';
import { type Connector, type Delivery, TaktError } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { AnyJson } from '../support/params.ts';
import { AllowList, CONNECTIONS, guardedAgent } from './addresses.ts';
import { credentialHeader, type HttpCredential, hider } from './credential.ts';
import { payloadReader } from './payload.ts';
import { headerOf, readBounded, resultOf, retryAfterMs } from './response.ts';

const MOST_REDIRECTS = 5;
/** Statuses that mean "later, perhaps" (RFC 9110, 6585, 8470), beside all of 500–599. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);
/** What still goes along when a redirect leads to another origin: nothing that could authorise. */
const HARMLESS: ReadonlySet<string> = new Set(['accept', 'content-type', 'idempotency-key', 'user-agent', 'accept-encoding']);

const Method = Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']);
const Payload = Type.Object({
  method: Method,
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  timeoutMs: Type.Number(),
  okStatus: Type.Array(Type.Number()),
  body: Type.Optional(AnyJson),
  credential: Type.Optional(Type.String()),
});
type Payload = Static<typeof Payload>;
const payloadOf = payloadReader(Payload);

export interface HttpConnectorOptions {
  /** Host names, addresses and networks (CIDR) that may be reached though they are not public. */
  allowPrivate?: readonly string[];
  /** The secret behind a name; undefined where there is none. */
  resolveCredential(name: string): Promise<HttpCredential | undefined>;
}

interface Call {
  method: Static<typeof Method>;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Uint8Array;
}

/**
 * The connector `http`. Result: `{ status, headers, body, truncated }`. Throws TaktError, transient: HTTP_UNREACHABLE, HTTP_TIMEOUT,
 * HTTP_STATUS of 408, 425, 429 and 5xx; for good: HTTP_STATUS otherwise, HTTP_ADDRESS, HTTP_REDIRECTS, HTTP_TOO_LARGE, HTTP_URL,
 * HTTP_HEADER, CREDENTIAL_UNKNOWN.
 */
export function httpConnector(options: HttpConnectorOptions): Connector {
  const allow = new AllowList(options.allowPrivate ?? []);
  // With the first request: the client takes 70 ms to load.
  let agent: Promise<Agent> | undefined;
  return {
    name: 'http',
    atOnce: CONNECTIONS,
    async send(payload, delivery) {
      const wanted = payloadOf(payload);
      const credential = await credentialOf(wanted, options);
      const clean = hider(credential);
      agent ??= guardedAgent(allow);
      const call = callOf(wanted, delivery, credential);
      const { status, headers, bytes } = await follow(await agent, call, delivery.signal, wanted.timeoutMs);
      const result = resultOf(status, headers, bytes, clean);
      if ((status >= 200 && status < 300) || wanted.okStatus.includes(status)) return result;
      throw statusError(status, headers, result);
    },
  };
}

async function credentialOf(payload: Payload, options: HttpConnectorOptions): Promise<HttpCredential | undefined> {
  const { credential: name } = payload;
  if (name === undefined) return undefined;
  const found = await options.resolveCredential(name);
  if (found) return found;
  throw new TaktError('CREDENTIAL_UNKNOWN', { message: `There is no credential ${JSON.stringify(name)}.` });
}

function callOf({ method, url, headers, body }: Payload, delivery: Delivery, credential: HttpCredential | undefined): Call {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return {
    method,
    url: new URL(url),
    headers: {
      'user-agent': 'takt',
      accept: 'application/json, text/*;q=0.9, */*;q=0.5',
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headers,
      ...(credential ? credentialHeader(credential) : {}),
      // Compressed answers could unfold to any size.
      'accept-encoding': 'identity',
      'idempotency-key': delivery.key,
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  };
}

async function follow(agent: Agent, first: Call, stop: AbortSignal, timeoutMs: number): Promise<Answer> {
  // `AbortSignal.any` and `timeout`, here and in the dispatcher, took 50 of the 315 µs that an effect cost the process.
  const given = new AbortController();
  const giveUp = (): void => given.abort();
  let late = false;
  const watch = setTimeout(() => {
    late = true;
    giveUp();
  }, timeoutMs);
  if (stop.aborted) giveUp();
  stop.addEventListener('abort', giveUp, { once: true });
  let call = first;
  try {
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const answer = await once(agent, call, given.signal);
      const next = redirected(call, answer);
      if (!next) return answer;
      call = next;
    }
  } catch (thrown) {
    throw failure(thrown, call.url, late ? timeoutMs : undefined);
  } finally {
    clearTimeout(watch);
    stop.removeEventListener('abort', giveUp);
  }
  throw new TaktError('HTTP_REDIRECTS', { message: `${first.url.host} redirected more than ${MOST_REDIRECTS} times.` });
}

async function once(agent: Agent, { method, url, headers, body }: Call, signal: AbortSignal): Promise<Answer> {
  const response = await agent.request({ origin: url.origin, path: url.pathname + url.search, method, headers, body, signal });
  const bytes = await readBounded(response.body);
  return { status: response.statusCode, headers: response.headers, bytes };
}

/** The next call where the answer is a redirect (RFC 9110, 15.4). Throws TaktError HTTP_URL. */
function redirected(call: Call, { status, headers }: Answer): Call | undefined {
  const location = headerOf(headers, 'location');
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = URL.canParse(location, call.url.href) ? new URL(location, call.url.href) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new TaktError('HTTP_URL', { message: `${call.url.host} redirects to something that is not an http address.` });
  url.username = '';
  url.password = '';
  const keeps = status === 307 || status === 308 || call.method === 'GET' || call.method === 'HEAD';
  const sameOrigin = url.origin === call.url.origin;
  const kept = Object.entries(call.headers).filter(([name]) => (sameOrigin || HARMLESS.has(name)) && (keeps || name !== 'content-type'));
  return { method: keeps ? call.method : 'GET', url, headers: Object.fromEntries(kept), body: keeps ? call.body : undefined };
}

/** What was thrown on the way, told without anything that was sent. */
function failure(thrown: unknown, { host }: URL, timeoutMs: number | undefined): TaktError {
  if (thrown instanceof TaktError) return thrown;
  if (timeoutMs !== undefined)
    return new TaktError('HTTP_TIMEOUT', { message: `${host} did not answer within ${timeoutMs / 1_000} s.`, transient: true });
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
  const why = typeof code === 'string' ? code : 'the connection broke';
  return new TaktError('HTTP_UNREACHABLE', { message: `${host} could not be reached: ${why}.`, cause: thrown, transient: true });
}

function statusError(status: number, headers: IncomingHttpHeaders, result: JsonObject): TaktError {
  const transient = status >= 500 || LATER.has(status);
  const said = typeof result.body === 'string' ? result.body : result.body === null ? '' : JSON.stringify(result.body);
  return new TaktError('HTTP_STATUS', {
    message: `The server answered ${status}${said ? `: ${said.slice(0, 300)}` : ''}.`,
    transient,
    ...(transient ? { retryAfterMs: retryAfterMs(headers) } : {}),
  });
}
