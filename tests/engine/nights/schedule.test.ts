import { describe, expect, it } from 'vitest';
import { HOUR, local, localEngines, NIGHTS } from './support.ts';

const open = localEngines();

/** The same daily time in both languages of recurrence. */
const daily = (eve: string, time: string): Record<string, object> => {
  const [hour, minute] = time.split(':').map(Number);
  return {
    cron: { cron: `${minute} ${hour} * * *` },
    rrule: { rrule: `FREQ=DAILY;BYHOUR=${hour};BYMINUTE=${minute}`, start: `${eve}T00:00` },
  };
};

describe.each(['cron', 'rrule'])('a schedule by %s', (language) => {
  it.each(NIGHTS)('at $time comes once, at $comes, in the night in which the clocks of $timezone go $way', async (night) => {
    const { timezone, eve, day, next, time, comes } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    await takt.listen('nightly', { type: 'trigger.schedule', params: { ...daily(eve, time)[language] } });
    await takt.passTo(`${day}T12:00`);
    expect(await takt.starts('nightly')).toEqual([comes]);
    await takt.passTo(`${next}T12:00`);
    expect(await takt.starts('nightly')).toEqual([comes, local(`${next}T${time}`, timezone)]);
  });

  it.each(NIGHTS)('that was missed while nothing ran in the night ($timezone, $way) is made up for once in the morning', async (night) => {
    const { timezone, eve, day, next, time, hours } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    const params = { ...daily(eve, time)[language], missed: 'once' };
    await takt.listen('nightly', { type: 'trigger.schedule', params });
    takt.clock.advance(hours * HOUR);
    await takt.passTo(`${next}T12:00`);
    expect(await takt.starts('nightly')).toEqual([local(`${day}T12:00`, timezone), local(`${next}T${time}`, timezone)]);
  });

  it.each(NIGHTS)('that was missed in the night ($timezone, $way) is passed over where the schedule says never', async (night) => {
    const { timezone, eve, next, time, hours } = night;
    const takt = await open(timezone, `${eve}T12:00`);
    const params = { ...daily(eve, time)[language], missed: 'never' };
    await takt.listen('nightly', { type: 'trigger.schedule', params });
    takt.clock.advance(hours * HOUR);
    await takt.passTo(`${next}T12:00`);
    expect(await takt.starts('nightly')).toEqual([local(`${next}T${time}`, timezone)]);
  });
});

const OFTEN = [
  ['cron', { cron: '*/30 * * * *' }],
  ['rrule', { rrule: 'FREQ=MINUTELY;INTERVAL=30', start: '2026-01-01T00:00' }],
] as const;

describe.each(OFTEN)('a schedule of every half hour by %s', (_language, params) => {
  it.each(NIGHTS)(
    'comes every half hour of the $hours hours when the clocks of $timezone go $way',
    async ({ timezone, eve, day, hours }) => {
      const takt = await open(timezone, `${eve}T12:00`);
      await takt.listen('often', { type: 'trigger.schedule', params });
      const expected = Array.from({ length: 2 * hours }, (_, i) => takt.shows((i + 1) * (HOUR / 2)));
      await takt.passTo(`${day}T12:00`);
      expect(await takt.starts('often')).toEqual(expected);
    },
  );
});

it('a schedule of its own zone does not care for the zone of the workflow', async () => {
  const takt = await open('Europe/Moscow', '2026-03-28T12:00');
  await takt.listen('nightly', { type: 'trigger.schedule', params: { cron: '30 2 * * *', timezone: 'Europe/Berlin' } });
  await takt.passTo('2026-03-29T12:00');
  expect(await takt.starts('nightly')).toEqual(['2026-03-29T04:30+03:00']);
});
