import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, type Bench, openBench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

describe('the description', () => {
  test('is OpenAPI 3.1 and says of every operation what it answers', async () => {
    const { body } = await bench.call('GET', '/openapi.json', { key: null });
    expect(body.openapi).toBe('3.1.0');
    for (const [path, item] of Object.entries(at(body, 'paths'))) {
      for (const [method, operation] of Object.entries(at(item))) {
        const { responses, summary } = at(operation);
        expect([path, method, Object.keys(at(responses)).length > 1, typeof summary]).toEqual([path, method, true, 'string']);
      }
    }
  });

  test('is shown at /docs by this server alone', async () => {
    const page = await bench.call('GET', '/docs/', { key: null });
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.text).toContain('"withDefaultFonts": false');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    const inline = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(page.text)?.[1] ?? '';
    expect(policy).toContain(`'sha256-${createHash('sha256').update(inline).digest('base64')}'`);
    const script = await bench.call('GET', '/docs/js/scalar.js', { key: null });
    expect([script.status, script.headers['content-type']]).toEqual([200, 'application/javascript; charset=utf-8']);
  });
});

describe('over a real connection', () => {
  let origin: string;
  let port: number;
  beforeAll(async () => {
    origin = await bench.app.listen({ host: '127.0.0.1', port: 0 });
    port = Number(new URL(origin).port);
  });

  test('records are created and errors told', async () => {
    const headers = { authorization: `Bearer ${bench.admin}`, 'content-type': 'application/json' };
    const created = await fetch(`${origin}/api/v1/records/lead`, { method: 'POST', headers, body: '{"first_name":"Ann"}' });
    expect([created.status, created.headers.get('etag')]).toEqual([201, '"1"']);
    const refused = await fetch(`${origin}/api/v1/records/lead`);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8']);
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('a body that is too large is refused while it comes', async () => {
    const headers = { authorization: `Bearer ${bench.admin}`, 'content-type': 'application/json' };
    const chunks = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(200_000, 'x'));
      },
    });
    const answer = await fetch(`${origin}/api/v1/records/lead`, { method: 'POST', headers, body: chunks, duplex: 'half' }).then(
      async (response) => [response.status, Reflect.get(Object(await response.json()), 'code')],
      // The server may have hung up before the answer was read: then it has not taken the rest either.
      () => [413, 'BODY_TOO_LARGE'],
    );
    expect(answer).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('what is no HTTP gets a problem as well', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
      socket.on('data', (bytes) => {
        heard += String(bytes);
      });
      socket.on('close', () => resolve(heard));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1.1 400/);
    expect(text).toContain('"code":"REQUEST_INVALID"');
  });
});
