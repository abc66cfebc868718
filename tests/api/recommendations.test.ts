import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, listOf, openMemoryBench } from './support.ts';

const DAY = 86_400_000;

describe('recommendations', () => {
  let bench: Omit<Bench, 'database'>;
  let olga: string;
  let deal: string;
  beforeAll(async () => {
    bench = await openMemoryBench();
    olga = await made('user', { name: 'Olga', time_zone: 'UTC' });
    deal = await made('deal', { name: 'Boiler house', owner: olga });
    // Into the hours of a working day.
    const hour = new Date(bench.clock.now()).getUTCHours();
    bench.clock.advance(((33 - hour) % 24) * 3_600_000);
    while ([0, 6].includes(new Date(bench.clock.now()).getUTCDay())) bench.clock.advance(DAY);
  });
  afterAll(() => bench.close());

  async function made(entity: string, body: object): Promise<string> {
    return String((await bench.call('POST', `/api/v1/records/${entity}`, { body: { ...body } })).body.id);
  }
  const recommended = (more: object = {}) =>
    made('recommendation', {
      title: 'Call now',
      action: 'call',
      record: { entity: 'deal', id: deal },
      owner: olga,
      minutes: 15,
      gain: 125_000,
      currency: 'RUB',
      ...more,
    });
  const answer = (id: string, body: object) => bench.call('POST', `/api/v1/recommendations/${id}/answer`, { body: { ...body } });
  const queue = async () => (await bench.call('GET', `/api/v1/people/${olga}/queue`)).body;

  test('a person has a queue, which is planned anew when something was answered', async () => {
    const first = await recommended();
    const second = await recommended({
      title: 'Write',
      action: 'mail',
      record: { entity: 'deal', id: await made('deal', { name: 'Other' }) },
      gain: 5,
    });
    expect(await queue()).toMatchObject({
      name: 'Olga',
      minutes: 540,
      items: [
        { recommendation: first, title: 'Call now', record: deal, record_name: 'Boiler house' },
        { recommendation: second, title: 'Write' },
      ],
      waiting: 0,
    });
    expect((await answer(first, { answer: 'done' })).body).toMatchObject({ stage: 'done', settled_at: expect.any(String) });
    expect(listOf((await queue()).items)).toMatchObject([{ recommendation: second }]);
    expect(String((await bench.call('GET', `/api/v1/people/${olga}/queue?locale=ru`)).body.text)).toContain('На сегодня: 1');
    expect((await bench.call('GET', `/api/v1/people/${deal}/queue`)).body).toMatchObject({ status: 404, code: 'RECORD_NOT_FOUND' });
  });

  test('a late second answer is told that it is late, and the first one can be taken back', async () => {
    const id = await recommended();
    const until = new Date(bench.clock.now() + 5 * DAY).toISOString();
    expect((await answer(id, { answer: 'decline', reason: 'on_holiday', until })).body).toMatchObject({
      stage: 'declined',
      suppressed_until: until,
    });
    expect((await answer(id, { answer: 'accept' })).body).toMatchObject({ status: 409, code: 'RECOMMENDATION_ANSWERED' });
    expect((await answer(id, { answer: 'undo' })).body).toMatchObject({ stage: 'open' });
    expect((await answer(id, { answer: 'decline' })).body).toMatchObject({ status: 422, code: 'RECOMMENDATION_ANSWER' });
    expect((await answer(id, { answer: 'maybe' })).status).toBe(400);
    expect((await answer(deal, { answer: 'done' })).body.code).toBe('RECORD_NOT_FOUND');
  });

  test('of two answers at once one counts', async () => {
    const id = await recommended();
    const both = await Promise.all([answer(id, { answer: 'done' }), answer(id, { answer: 'decline', reason: 'other' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('a record has a hint, which does not tell that it is held out', async () => {
    const record = { entity: 'deal', id: await made('deal', { name: 'Third' }) };
    await recommended({ record, stage: 'held_out', owner: null });
    const past = await recommended({ record, stage: 'expired' });
    const small = await recommended({ record, gain: 1 });
    const big = await recommended({ record, gain: 9 });
    const { body } = await bench.call('GET', `/api/v1/recommendations/hint/${record.id}`);
    expect([listOf(body.open), listOf(body.past)].map((list) => list.map(({ id }) => id))).toEqual([[big, small], [past]]);
  });

  test('what recommending brings is measured, with the aims beside', async () => {
    bench.clock.advance(1);
    const { body } = await bench.call('GET', '/api/v1/recommendations/measures?by=person');
    expect(body).toMatchObject({
      by: 'person',
      aims: { adoption: { good: 0.6 } },
      total: { lift: null, standing: { adoption: 'too_few' } },
    });
    expect(listOf(body.groups).map(({ title }) => title)).toContain('Olga');
    expect((await bench.call('GET', '/api/v1/recommendations/measures?from=2020-01-01')).body.code).toBe('MEASURES_SPAN');
  });

  test('another way to choose is judged by what was tried', async () => {
    const judge = async (query: string) => (await bench.call('GET', `/api/v1/recommendations/judge?${query}`)).body;
    expect((await judge('policy=best')).code).toBe('LOGS_INVALID');
    const candidates = [
      { action: 'call', gain: 9, probability: 0.3, chance: 0.5 },
      { action: 'mail', gain: 5, probability: 0.2, chance: 0.5 },
    ];
    for (const [action, outcome] of [
      ['call', 'success'],
      ['mail', 'failure'],
      ['call', 'failure'],
      ['mail', 'failure'],
    ])
      await recommended({ action, outcome, chance: 0.5, candidates, stage: 'done' });
    bench.clock.advance(1);
    expect(await judge('policy=always&action=call')).toMatchObject({
      rows: 4,
      logged: { value: 0.25 },
      ips: { value: 0.5 },
      answer: 'too_little',
    });
    expect((await judge('policy=always')).code).toBe('DECISION_INVALID');
  });
});
