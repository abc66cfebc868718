import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Files } from '../../engine/services/files.ts';
import { at, type Bench, listOf, openBench, publish } from './support.ts';

describe('files', () => {
  let bench: Bench;
  let id: string;
  beforeAll(async () => {
    bench = await openBench();
    const { id: stored } = await new Files(bench.engine.ports).store({
      effectKey: 'run:pdf:1',
      name: 'Отчёт "март" 100%.pdf',
      mime: 'application/pdf',
      bytes: Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0, 255),
      runId: crypto.randomUUID(),
      recordId: null,
    });
    id = stored;
  });
  afterAll(() => bench.close());

  test('come as they are, to be saved under their names', async () => {
    const { statusCode, rawPayload, headers } = await bench.app.inject({
      url: `/api/v1/files/${id}`,
      headers: { authorization: `Bearer ${bench.admin}` },
    });
    expect(statusCode).toBe(200);
    expect([...rawPayload]).toEqual([0x25, 0x50, 0x44, 0x46, 0, 255]);
    expect(headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff' });
    const disposition = String(headers['content-disposition']);
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''/);
    expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe('Отчёт "март" 100%.pdf');
  });

  test('need the scope records:read', async () => {
    const key = await bench.keyWith('mailbox:read');
    expect((await bench.call('GET', `/api/v1/files/${id}`, { key })).status).toBe(403);
    expect((await bench.call('GET', `/api/v1/files/${id}`, { key: await bench.keyWith('records:read') })).status).toBe(200);
  });

  test('that do not exist are told by a code', async () => {
    const answer = await bench.call('GET', '/api/v1/files/00000000-0000-7000-8000-0000000000ff');
    expect([answer.status, answer.body.code]).toEqual([404, 'FILE_NOT_FOUND']);
    expect((await bench.call('GET', '/api/v1/files/report.pdf')).status).toBe(400);
  });

  test('that go with a message are named in the mailbox', async () => {
    await publish(bench, {
      takt: 1,
      id: 'send-file',
      name: 'Send a file',
      nodes: {
        start: { type: 'trigger.manual', params: {} },
        mail: {
          type: 'message.send',
          params: { channel: 'email', to: 'ann@shop.example', subject: 'Report', text: 'Here', attachments: [id] },
        },
      },
      edges: [['start', 'mail']],
    });
    await bench.call('POST', '/api/v1/workflows/send-file/runs', { body: {} });
    await bench.engine.drain();
    const page = await bench.call('GET', '/api/v1/mailbox');
    expect(listOf(at(page.body).items)).toMatchObject([
      { subject: 'Report', attachments: [{ file: id, name: 'Отчёт "март" 100%.pdf', size: 6 }] },
    ]);
  });
});
