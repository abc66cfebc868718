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
