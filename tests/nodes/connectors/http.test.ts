import { afterEach, describe, expect, it } from 'vitest';
import { NodeBench } from '../../../engine/testing.ts';
import { requestNode } from '../../../nodes/http/request.ts';
import { type HttpConnectorOptions, type HttpCredential, httpConnector } from '../../../nodes/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { refusal, rejection } from '../../support/refusal.ts';
import { asObject } from '../support.ts';
import { delivery, openSite, type Site } from './support.ts';

const SECRET = 's3cret-Pa55word';
const credentials: Record<string, HttpCredential> = {
  crm: { kind: 'bearer', token: SECRET },
  shop: { kind: 'basic', username: 'takt', password: SECRET },
  key: { kind: 'header', name: 'X-Api-Key', value: SECRET },
  broken: { kind: 'bearer', token: `${SECRET}\r\nX: y` },
};
const open = httpConnector({ allowPrivate: ['127.0.0.0/8', '::1'], resolveCredential: async (name) => credentials[name] });
const guarded = (allowPrivate: HttpConnectorOptions['allowPrivate'] = []) =>
  httpConnector({ allowPrivate, resolveCredential: async () => undefined });

const sites: Site[] = [];
async function site(...args: Parameters<typeof openSite>): Promise<Site> {
  const opened = await openSite(...args);
  sites.push(opened);
  return opened;
}
afterEach(async () => {
  for (const opened of sites.splice(0)) await opened.close();
});

/** The payload that the node files for these parameters. */
function payload(params: JsonObject): JsonObject {
  const { result } = new NodeBench().run(requestNode, { method: 'GET', ...params });
  if (result.kind !== 'wait' || result.wait.kind !== 'effect') throw new Error('No effect was filed.');
  return result.wait.effect.payload;
}

const echo = (status: number, body: string, headers: Record<string, string> = {}): Promise<Site> =>
  site((_request, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));

describe('http.request', () => {
  it('files the request with the host as its destination', () => {
    const { result } = new NodeBench().run(requestNode, { method: 'GET', url: 'https://api.example.com:8443/x' });
    expect(result).toMatchObject({ kind: 'wait', wait: { effect: { connector: 'http', destination: 'api.example.com:8443' } } });
  });

  it.each(['ftp://x.example/', 'file:///etc/passwd', '/leads', 'javascript:1', 'https://user:pw@x.example/', 'https://'])(
    'refuses %s',
    (url) => {
      expect(refusal(() => payload({ url })).code).toBe('HTTP_URL');
    },
  );

  it.each([
    ['Host', 'x'],
    ['content-length', '5'],
    ['Idempotency-Key', 'x'],
    ['X Y', 'x'],
    ['X-A', 'a\r\nX-B: c'],
    ['X-A', 'naïve'],
    ['X-A', 'a\0'],
  ])('refuses the header %j: %j', (name, value) => {
    expect(refusal(() => payload({ url: 'https://x.example', headers: { [name]: value } })).code).toBe('HTTP_HEADER');
  });

  it('does not wait longer than a minute', () => {
    for (const timeout of ['PT61S', 'PT2M', 'P1D', 'PT0S'])
      expect(requestNode.checkFile({ method: 'GET', url: 'https://x.example', timeout }).problems).toMatchObject([{ pointer: '/timeout' }]);
    expect(payload({ url: 'https://x.example', timeout: 'PT1M' }).timeoutMs).toBe(60_000);
  });
});

describe('the connector', () => {
  it('sends JSON with the idempotency key and gives the parsed answer', async () => {
    const server = await echo(201, '{"id": 7, "ok": true}', { etag: '"1"', 'set-cookie': 'a=b' });
    const sent = payload({ method: 'POST', url: `${server.origin}/leads?a=1`, headers: { 'X-Source': 'takt' }, body: { name: 'Ann' } });
    expect(await open.send(sent, delivery())).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', etag: '"1"' },
      body: { id: 7, ok: true },
      truncated: false,
    });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: '/leads?a=1',
        body: '{"name":"Ann"}',
        headers: { 'content-type': 'application/json', 'x-source': 'takt', 'idempotency-key': 'run-1:send:1' },
      },
    ]);
  });

  it('sends text as it stands', async () => {
    const server = await echo(200, '');
    await open.send(payload({ method: 'PUT', url: server.origin, body: 'a=1', headers: { 'Content-Type': 'text/csv' } }), delivery());
    expect(server.requests[0]).toMatchObject({ body: 'a=1', headers: { 'content-type': 'text/csv' } });
  });

  it.each([
    ['crm', { authorization: `Bearer ${SECRET}` }],
    ['shop', { authorization: `Basic ${Buffer.from(`takt:${SECRET}`).toString('base64')}` }],
    ['key', { 'x-api-key': SECRET }],
  ])('authorises by the credential %s', async (credential, headers) => {
    const server = await echo(200, '{}');
    await open.send(payload({ url: server.origin, credential }), delivery());
    expect(server.requests[0]?.headers).toMatchObject(headers);
  });

  it('tells nobody a secret: not in results, not in errors', async () => {
    const server = await site((request, response) => {
      const said = JSON.stringify({ sent: request.headers, [SECRET]: 1 });
      response.writeHead(request.url === '/fail' ? 400 : 200, { 'content-type': 'application/json', 'x-request-id': SECRET }).end(said);
    });
    for (const credential of ['crm', 'shop', 'key']) {
      const result = await open.send(payload({ url: server.origin, credential }), delivery());
      const error = await rejection(open.send(payload({ url: `${server.origin}/fail`, credential }), delivery()));
      const broken = await rejection(open.send(payload({ url: server.origin, credential: 'broken' }), delivery()));
      const told = JSON.stringify([result, error.toData(), broken.toData()]);
      expect(told).not.toContain(SECRET);
      expect(told).not.toContain(Buffer.from(`takt:${SECRET}`).toString('base64'));
      expect(told).toContain('[secret]');
    }
  });

  it('tells when a credential is not there', async () => {
    const server = await echo(200, '{}');
    expect((await rejection(open.send(payload({ url: server.origin, credential: 'gone' }), delivery()))).code).toBe('CREDENTIAL_UNKNOWN');
    expect(server.requests).toEqual([]);
  });

  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ])('a status of %d is an error; worth another attempt: %s', async (status, transient) => {
    const server = await echo(status, '{"error":"no"}');
    const error = await rejection(open.send(payload({ url: server.origin }), delivery()));
    expect(error).toMatchObject({ code: 'HTTP_STATUS', transient, message: `The server answered ${status}: {"error":"no"}.` });
  });

  it('takes a status for success that the workflow names', async () => {
    const server = await echo(404, '{}');
    expect(await open.send(payload({ url: server.origin, okStatus: [404] }), delivery())).toMatchObject({ status: 404 });
  });

  it.each([
    ['7', undefined, 7_000],
    ['Mon, 04 Jan 2027 09:01:00 GMT', 'Mon, 04 Jan 2027 09:00:00 GMT', 60_000],
    ['Mon, 04 Jan 2027 08:00:00 GMT', 'Mon, 04 Jan 2027 09:00:00 GMT', 0],
    ['999999999', undefined, 86_400_000],
    ['soon', undefined, undefined],
  ])('comes back when the server says so: %s', async (retryAfter, date, expected) => {
    const server = await echo(503, '', { 'retry-after': retryAfter, ...(date === undefined ? {} : { date }) });
    expect((await rejection(open.send(payload({ url: server.origin }), delivery()))).retryAfterMs).toBe(expected);
  });

  it('gives text as text, what is no text as nothing, and broken JSON as the text that it is', async () => {
    const answers: Record<string, [string, string | Buffer]> = {
      '/text': ['text/plain; charset=windows-1251', Buffer.from([0xcf, 0xf0, 0xe8])],
      '/image': ['image/png', 'PNG'],
      '/broken': ['application/json', '{"a": '],
      '/zero': ['text/plain', 'a\0b'],
    };
    const server = await site((request, response) => {
      const [type, body] = answers[request.url ?? ''] ?? ['', ''];
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    const bodyOf = async (path: string) => (await open.send(payload({ url: server.origin + path }), delivery())).body;
    expect(await bodyOf('/text')).toBe('При');
    expect(await bodyOf('/image')).toBeNull();
    expect(await bodyOf('/broken')).toBe('{"a": ');
    expect(await bodyOf('/zero')).toBe('a\ufffdb');
  });

  it('keeps what an answer must not bring in: deep nesting, U+0000, __proto__', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const server = await site((request, response) => {
      const body = request.url === '/deep' ? deep : '{"__proto__": {"x": 1}, "a\\u0000": "b\\u0000"}';
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    expect((await open.send(payload({ url: server.origin }), delivery())).body).toEqual({ 'a\ufffd': 'b\ufffd' });
    expect((await open.send(payload({ url: `${server.origin}/deep` }), delivery())).body).toBe(deep);
  });

  it('cuts a long text off, and stops reading at 1 MB', async () => {
    const server = await site((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const size = request.url === '/long' ? 500_000 : 5_000_000;
      response.end('x'.repeat(size));
    });
    const long = await open.send(payload({ url: `${server.origin}/long` }), delivery());
    expect(long.truncated).toBe(true);
    expect(String(long.body)).toHaveLength(256 * 1024);
    expect(await rejection(open.send(payload({ url: server.origin }), delivery()))).toMatchObject({
      code: 'HTTP_TOO_LARGE',
      transient: false,
    });
  });

  it('gives up when the answer takes too long, also when it only trickles', async () => {
    const server = await site((request, response) => {
      if (request.url === '/trickle') response.writeHead(200).write('a');
    });
    for (const path of ['/silent', '/trickle']) {
      const slow = { ...payload({ url: server.origin + path }), timeoutMs: 50 };
      expect(await rejection(open.send(slow, delivery()))).toMatchObject({ code: 'HTTP_TIMEOUT', transient: true });
    }
  });

  it('stops when the process stops', async () => {
    const stop = new AbortController();
    const server = await site(() => stop.abort());
    const error = await rejection(open.send(payload({ url: server.origin }), delivery({ signal: stop.signal })));
    expect(error).toMatchObject({ code: 'HTTP_UNREACHABLE', transient: true });
  });

  it('a server that is not there is worth another attempt', async () => {
    const server = await echo(200, '');
    await server.close();
    expect(await rejection(open.send(payload({ url: server.origin }), delivery()))).toMatchObject({
      code: 'HTTP_UNREACHABLE',
      transient: true,
    });
  });
});

describe('redirects', () => {
  const redirecting = (status: number, to: (own: Site) => string): Promise<Site> =>
    site((request, response, own) => {
      if (request.url === '/end') response.writeHead(200, { 'content-type': 'text/plain' }).end('done');
      else response.writeHead(status, { location: to(own) }).end();
    });

  it('are followed, and keep method and body where the status says so', async () => {
    for (const [status, method, body] of [
      [301, 'GET', ''],
      [302, 'GET', ''],
      [303, 'GET', ''],
      [307, 'POST', '{"a":1}'],
      [308, 'POST', '{"a":1}'],
    ] as const) {
      const server = await redirecting(status, () => '/end');
      const result = await open.send(payload({ method: 'POST', url: `${server.origin}/start`, body: { a: 1 } }), delivery());
      expect(result.body).toBe('done');
      expect(server.requests[1]).toMatchObject({ method, body });
    }
  });

  it('take no authorisation along to another origin', async () => {
    const other = await redirecting(200, () => '');
    const server = await redirecting(307, () => `${other.origin}/end`);
    await open.send(payload({ url: `${server.origin}/start`, credential: 'crm', headers: { Cookie: 'a=b', 'X-Token': 'c' } }), delivery());
    expect(server.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, cookie: 'a=b', 'x-token': 'c' });
    for (const name of ['authorization', 'cookie', 'x-token']) expect(other.requests[0]?.headers).not.toHaveProperty(name);
    expect(other.requests[0]?.headers).toHaveProperty('idempotency-key');
  });

  it('keep the authorisation within the origin', async () => {
    const server = await redirecting(302, () => '/end');
    await open.send(payload({ url: `${server.origin}/start`, credential: 'key' }), delivery());
    expect(server.requests[1]?.headers).toHaveProperty('x-api-key', SECRET);
  });

  it('end after five', async () => {
    const server = await redirecting(302, () => '/again');
    expect(await rejection(open.send(payload({ url: server.origin }), delivery()))).toMatchObject({ code: 'HTTP_REDIRECTS' });
    expect(server.requests).toHaveLength(6);
  });

  it('lead nowhere but to http', async () => {
    const server = await redirecting(302, () => 'file:///etc/passwd');
    expect(await rejection(open.send(payload({ url: server.origin }), delivery()))).toMatchObject({ code: 'HTTP_URL' });
  });

  it('do not lead into the house', async () => {
    const inside = await redirecting(200, () => '');
    const server = await redirecting(302, () => `http://127.0.0.2:${inside.port}/end`);
    const careful = guarded(['127.0.0.1']);
    const error = await rejection(careful.send(payload({ url: `${server.origin}/start` }), delivery()));
    expect(error).toMatchObject({ code: 'HTTP_ADDRESS', transient: false });
    expect(server.requests).toHaveLength(1);
    expect(inside.requests).toEqual([]);
  });
});

describe('addresses that are not public', () => {
  it.each([
    (port: number) => `http://127.0.0.1:${port}/`,
    (port: number) => `http://localhost:${port}/`,
    (port: number) => `http://2130706433:${port}/`,
    (port: number) => `http://0x7f.1:${port}/`,
    (port: number) => `http://[::1]:${port}/`,
    (port: number) => `http://[::ffff:127.0.0.1]:${port}/`,
    (port: number) => `http://[::127.0.0.1]:${port}/`,
    (port: number) => `http://0.0.0.0:${port}/`,
    () => 'http://169.254.169.254/latest/meta-data/',
    () => 'http://10.0.0.1/',
  ])('are refused in whatever form they are written (%#)', async (url) => {
    const server = await echo(200, '{}');
    const error = await rejection(guarded().send(payload({ url: url(server.port) }), delivery()));
    expect(error).toMatchObject({ code: 'HTTP_ADDRESS', transient: false });
    expect(server.requests).toEqual([]);
  });

  it('are reached where an administrator allows the host or the network', async () => {
    const server = await echo(200, '{}');
    expect(asObject(await guarded(['localhost']).send(payload({ url: `http://localhost:${server.port}/` }), delivery())).status).toBe(200);
    expect(asObject(await guarded(['127.0.0.0/8']).send(payload({ url: server.origin }), delivery())).status).toBe(200);
    expect((await rejection(guarded(['127.0.0.2']).send(payload({ url: server.origin }), delivery()))).code).toBe('HTTP_ADDRESS');
  });
});

it('refuses an effect that it does not understand', async () => {
  expect((await rejection(open.send({ url: 'https://x.example' }, delivery()))).code).toBe('INTERNAL');
});
