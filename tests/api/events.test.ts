import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { type Bench, listOf, openBench, publish, workflowFile } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await publish(bench, workflowFile('opened', { type: 'trigger.event', params: { event: 'mail.opened', topic: 'spring' } }));
});
afterAll(() => bench.close());

const EVENTS = '/api/v1/events';

describe('an event', () => {
  test('is written once for a key, and starts what listens', async () => {
    const body = { type: 'mail.opened', topic: 'spring', data: { n: 1 }, key: 'e-1' };
    const first = await bench.call('POST', EVENTS, { body });
    expect([first.status, first.body.duplicate]).toEqual([201, false]);
    expect(first.body.runs).toHaveLength(1);
    const again = await bench.call('POST', EVENTS, { body });
    expect([again.status, again.body]).toEqual([200, { id: first.body.id, duplicate: true, runs: [] }]);
    const other = await bench.call('POST', EVENTS, { body: { ...body, type: 'mail.clicked' } });
    expect(other.body.duplicate).toBe(false);
  });

  test('takes its key from the header where the body has none', async () => {
    const send = () => bench.call('POST', EVENTS, { body: { type: 'mail.bounced' }, headers: { 'idempotency-key': 'h-1' } });
    expect((await send()).body.duplicate).toBe(false);
    expect((await send()).body.duplicate).toBe(true);
  });

  test('about a record is found by it', async () => {
    const { id } = (await bench.call('POST', '/api/v1/records/lead', { body: { first_name: 'Ann' } })).body;
    await bench.call('POST', EVENTS, { body: { type: 'mail.opened', record: id ?? '' } });
    const { body } = await bench.call('GET', `${EVENTS}?record=${String(id)}&limit=1`);
    expect(listOf(body.items)).toMatchObject([{ type: 'mail.opened', record: id, topic: '', data: {} }]);
    const next = await bench.call('GET', `${EVENTS}?record=${String(id)}&cursor=${String(body.next)}`);
    expect(listOf(next.body.items)).toMatchObject([{ type: 'record.created', topic: 'lead' }]);
  });

  test.each(['record.created', 'run.requested', 'webhook.received', 'schedule.fired'])(
    'of the type %s is written by Takt alone',
    async (type) => {
      expect((await bench.call('POST', EVENTS, { body: { type } })).body).toMatchObject({ status: 400, code: 'EVENT_TYPE_RESERVED' });
    },
  );

  test('about a record that does not exist is refused', async () => {
    const record = '01900000-0000-7000-8000-000000000000';
    expect((await bench.call('POST', EVENTS, { body: { type: 'mail.opened', record } })).body.code).toBe('RECORD_NOT_FOUND');
  });
});

test('many events succeed or fail each by itself', async () => {
  const body: JsonObject[] = [
    { type: 'visit' },
    { type: 'record.deleted' },
    { type: 'visit', record: '01900000-0000-7000-8000-000000000000' },
    { type: 'visit', key: 'v' },
  ];
  const answer = await bench.call('POST', `${EVENTS}/bulk`, { body });
  expect([answer.status, answer.body.failed]).toEqual([200, 2]);
  expect(listOf(answer.body.items)).toMatchObject([
    { index: 0, event: { duplicate: false } },
    { index: 1, error: { code: 'EVENT_TYPE_RESERVED' } },
    { index: 2, error: { code: 'RECORD_NOT_FOUND' } },
    { index: 3, event: { duplicate: false } },
  ]);
});
