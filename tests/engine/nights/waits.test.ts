/** Waits of running runs. Lengths are exact, local times are those of the clock. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { clock } from '../../time/support.ts';
import { startOn } from '../support-flow.ts';
import { DAY, type LocalEngine, local, localEngines, NIGHTS } from './support.ts';

const open = localEngines();
const wait = (params: JsonObject): JsonObject => ({ type: 'flow.wait', params });

/** Starts a run and goes on for three days; gives what the local clock showed when its last node was left, and by which port. */
async function waited(takt: LocalEngine, timezone: string, nodes: Record<string, JsonObject>): Promise<[at: string, port: string | null]> {
  const names = Object.keys(nodes);
  const edges = names.map((name, i): [string, string] => [names[i - 1] ?? 'start', name]);
  const { run } = await startOn(takt, 'wait', nodes, edges, {}, { timezone });
  await takt.pass(3 * DAY);
  const { steps } = await run();
  const last = steps.at(-1);
  expect([last?.node, last?.status]).toEqual([names.at(-1), 'done']);
  return [clock(last?.endedAt ?? 0, timezone), last?.port ?? null];
}

describe('a wait', () => {
  it.each(NIGHTS)('for P1D lasts 24 hours when the clocks of $timezone go $way', async ({ timezone, eve }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const expected = takt.shows(DAY);
    expect(await waited(takt, timezone, { pause: wait({ for: 'P1D' }) })).toEqual([expected, 'next']);
  });

  it.each(NIGHTS)('for P1D from the start counts from the start when the clocks of $timezone go $way', async ({ timezone, eve }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const expected = takt.shows(DAY);
    const nodes = { first: wait({ for: 'PT17H' }), pause: wait({ for: 'P1D', from: 'enrolment' }) };
    expect(await waited(takt, timezone, nodes)).toEqual([expected, 'next']);
  });

  it.each(NIGHTS)('for an hour and then until $time ends at $comes when the clocks of $timezone go $way', async (night) => {
    const { timezone, eve, time, comes } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    expect(await waited(takt, timezone, { pause: wait({ for: 'PT1H', at: time }) })).toEqual([comes, 'next']);
  });

  it.each(NIGHTS)('for a day and then until 09:00 ends a day later on the clock of $timezone, which goes $way', async (night) => {
    const { timezone, eve, next } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    expect(await waited(takt, timezone, { pause: wait({ for: 'P1D', at: '09:00' }) })).toEqual([local(`${next}T09:00`, timezone), 'next']);
  });

  it.each(NIGHTS)('until $time of the night ends at $comes when the clocks of $timezone go $way', async (night) => {
    const { timezone, eve, day, time, comes } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    expect(await waited(takt, timezone, { pause: wait({ until: `${day}T${time}` }) })).toEqual([comes, 'next']);
  });

  it.each(NIGHTS)('until a day ends at its midnight, also when the clocks of $timezone go $way that night', async (night) => {
    const { timezone, eve, next } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    expect(await waited(takt, timezone, { pause: wait({ until: next }) })).toEqual([local(`${next}T00:00`, timezone), 'next']);
  });

  it.each(NIGHTS)('for an event gives up after 24 hours when the clocks of $timezone go $way', async ({ timezone, eve }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const expected = takt.shows(DAY);
    const events = [{ event: 'message.answered' }];
    const nodes = { pause: { type: 'flow.wait_event', params: { events, timeout: 'P1D' } } };
    expect(await waited(takt, timezone, nodes)).toEqual([expected, 'timeout']);
  });

  it.each(NIGHTS)('for an event gives up 24 hours after the start when the clocks of $timezone go $way', async ({ timezone, eve }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const expected = takt.shows(DAY);
    const events = [{ event: 'message.answered' }];
    const nodes = {
      first: wait({ for: 'PT17H' }),
      pause: { type: 'flow.wait_event', params: { events, timeout: 'P1D', from: 'enrolment' } },
    };
    expect(await waited(takt, timezone, nodes)).toEqual([expected, 'timeout']);
  });

  it.each(NIGHTS)('until a condition holds gives up after 24 hours when the clocks of $timezone go $way', async ({ timezone, eve }) => {
    const takt = await open(timezone, `${eve}T12:00`);
    const expected = takt.shows(DAY);
    const nodes = { pause: { type: 'flow.wait_until', params: { when: 'record.score > 5', timeout: 'P1D' } } };
    expect(await waited(takt, timezone, nodes)).toEqual([expected, 'timeout']);
  });

  it.each(NIGHTS)('until a condition holds gives up 24 hours after the start when the clocks of $timezone go $way', async (night) => {
    const { timezone, eve } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    const expected = takt.shows(DAY);
    const params = { when: 'record.score > 5', timeout: 'P1D', from: 'enrolment' };
    const nodes = { first: wait({ for: 'PT17H' }), pause: { type: 'flow.wait_until', params } };
    expect(await waited(takt, timezone, nodes)).toEqual([expected, 'timeout']);
  });

  it('for an event takes one that came since a local time of the night, told by the first of the two passes', async () => {
    const takt = await open('Europe/Berlin', '2026-10-24T12:00');
    const at = takt.instant('2026-10-25T02:30');
    expect(at).toBe('2026-10-25T00:30:00.000Z');
    const events = [{ event: 'record.updated' }];
    const nodes = {
      first: wait({ until: '2026-10-25T02:45' }),
      change: { type: 'record.update', params: { fields: { comment: 'came' } } },
      pause: { type: 'flow.wait_event', params: { events, since: '2026-10-25T02:45', timeout: 'PT1H' } },
    };
    expect(await waited(takt, 'Europe/Berlin', nodes)).toEqual(['2026-10-25T02:45+02:00', 'came']);
  });

  it.each([
    ['2026-12-31T23:30', { for: 'PT1H' }, '2027-01-01T00:30+03:00'],
    ['2026-12-31T23:30', { for: 'PT1M', at: '00:10' }, '2027-01-01T00:10+03:00'],
    ['2026-12-31T23:30', { until: '2027-01-01' }, '2027-01-01T00:00+03:00'],
    ['2028-02-28T12:00', { for: 'P1D' }, '2028-02-29T12:00+03:00'],
    ['2028-02-28T12:00', { for: 'PT13H', at: '00:00' }, '2028-03-01T00:00+03:00'],
    ['2028-02-28T12:00', { until: '2028-02-29T09:00' }, '2028-02-29T09:00+03:00'],
  ])('from %s with %j ends at %s in Moscow', async (start, params, end) => {
    const takt = await open('Europe/Moscow', start);
    expect(await waited(takt, 'Europe/Moscow', { pause: wait(params) })).toEqual([end, 'next']);
  });
});

it('a wait for a day of 25 hours is over before the day is', async () => {
  const takt = await open('Europe/Berlin', '2026-10-25T00:00');
  expect(await waited(takt, 'Europe/Berlin', { pause: wait({ for: 'P1D' }) })).toEqual(['2026-10-25T23:00+01:00', 'next']);
});
