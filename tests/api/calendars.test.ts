import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type Bench, listOf, openMemoryBench } from './support.ts';

let bench: Omit<Bench, 'database'>;
beforeAll(async () => {
  bench = await openMemoryBench();
  const hours = { timezone: 'Asia/Kolkata', holidays: ['2027-01-26'] };
  expect((await bench.call('POST', '/api/v1/records/calendar', { body: { name: 'India', key: 'in', hours } })).status).toBe(201);
});
afterAll(() => bench.close());

test('a calendar says where its hours come from, and what each day of a month is; this month without another', async () => {
  const { status, body } = await bench.call('GET', '/api/v1/calendars/in');
  expect([status, body.month, body.by, body.zone, body.zoneFrom]).toEqual([200, '2027-01', 'calendar', 'Asia/Kolkata', 'calendar']);
  expect(listOf(body.days)).toHaveLength(31);
  expect(listOf(body.days)[25]).toEqual({
    date: '2027-01-26',
    weekday: 'tue',
    hours: [],
    minutes: 0,
    kind: 'holiday',
    like: null,
    shorter: null,
    from: 'India',
  });
  expect([body.workingDays, body.workingMinutes]).toEqual([20, 10_800]);
  expect(at(body.week).mon).toEqual([['09:00', '18:00']]);
  expect((await bench.call('GET', '/api/v1/calendars/in?month=2028-02&zone=UTC')).body).toMatchObject({ zone: 'UTC', workingDays: 21 });
});

test('it is refused where there is none, no such month, or the key may not read records', async () => {
  expect((await bench.call('GET', '/api/v1/calendars/nights')).body).toMatchObject({ status: 422, code: 'CALENDAR_UNKNOWN' });
  expect((await bench.call('GET', '/api/v1/calendars/in?month=2027-13')).status).toBe(400);
  expect((await bench.call('GET', '/api/v1/calendars/in', { key: await bench.keyWith('runs:read') })).status).toBe(403);
});

test('measures of distribution come with their aims, and are refused over too long a time', async () => {
  const owner = String((await bench.call('POST', '/api/v1/records/user', { body: { name: 'Olga' } })).body.id);
  const lead = await bench.call('POST', '/api/v1/records/lead', { body: { first_name: 'Ann' } });
  bench.clock.advance(90_000);
  await bench.call('PATCH', `/api/v1/records/lead/${String(lead.body.id)}`, { body: { owner } });
  bench.clock.advance(1);
  const { status, body } = await bench.call('GET', '/api/v1/assignments/measures?by=person');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    entity: 'lead',
    from: '2026-12-28T09:01:30.001Z',
    until: '2027-01-04T09:01:30.001Z',
    zone: 'UTC',
    aims: { p95Ms: 60_000, variation: 0.2, reassigned: 0.1, inTime: 0.95 },
    total: { given: 1, records: 1, medianMs: 90_000, variation: null, missed: ['p95Ms'] },
    groups: [{ key: owner, title: 'Olga', given: 1 }],
  });
  const asked = (query: string) => bench.call('GET', `/api/v1/assignments/measures?${query}`);
  expect((await asked('from=2027-01-01&until=2027-01-05&zone=Europe/Moscow&by=day')).body).toMatchObject({
    from: '2026-12-31T21:00:00.000Z',
    groups: [{ key: '2027-01-04' }],
  });
  expect((await asked('from=2026-01-01&until=2027-01-01')).body).toMatchObject({ status: 422, code: 'MEASURES_SPAN' });
  expect((await asked('entity=leed')).body.code).toBe('ENTITY_UNKNOWN');
  expect((await asked('by=colour')).status).toBe(400);
  expect((await asked('from=yesterday')).body.code).toBe('NODE_TIME');
});
