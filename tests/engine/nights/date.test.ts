import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { somebody } from '../support.ts';
import { type LocalEngine, local, localEngines, NIGHTS, type Night } from './support.ts';

const open = localEngines();
const date = (params: JsonObject): JsonObject => ({ type: 'trigger.date', params: { entity: 'contract', ...params } });

/** Noon of the day before, and a workflow that waits for the date. */
async function onEve({ timezone, eve }: Night, params: JsonObject): Promise<LocalEngine> {
  const takt = await open(timezone, `${eve}T12:00`);
  await takt.listen('reminder', date(params));
  return takt;
}

describe('a date trigger', () => {
  it.each(NIGHTS)('for $time of the day after the date comes at $comes when the clocks of $timezone go $way', async (night) => {
    const takt = await onEve(night, { field: 'ends_on', offset: 'P1D', at: night.time });
    await takt.create('contract', { subject: 'x', ends_on: night.eve });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('reminder')).toEqual([night.comes]);
  });

  it.each(NIGHTS)('for $time of the day before the date comes at $comes when the clocks of $timezone go $way', async (night) => {
    const takt = await onEve(night, { field: 'ends_on', offset: '-P1D', at: night.time });
    await takt.create('contract', { subject: 'x', ends_on: night.next });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('reminder')).toEqual([night.comes]);
  });

  it.each(NIGHTS)('without a time of day comes at midnight, also when the clocks of $timezone go $way that night', async (night) => {
    const takt = await onEve(night, { field: 'ends_on', offset: 'P1D' });
    await takt.create('contract', { subject: 'first', ends_on: night.eve });
    await takt.create('contract', { subject: 'second', ends_on: night.day });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('reminder')).toEqual([
      local(`${night.day}T00:00`, night.timezone),
      local(`${night.next}T00:00`, night.timezone),
    ]);
  });

  it.each(NIGHTS)('a day after a moment keeps its local time when the clocks of $timezone go $way between', async (night) => {
    const takt = await onEve(night, { field: 'signed_at', offset: 'P1D' });
    await takt.create('contract', { subject: 'evening', signed_at: takt.instant(`${night.eve}T20:00`) });
    await takt.create('contract', { subject: 'night', signed_at: takt.instant(`${night.eve}T${night.time}`) });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('reminder')).toEqual([night.comes, local(`${night.day}T20:00`, night.timezone)]);
  });

  it.each(NIGHTS)('24 hours after a moment are 24 hours when the clocks of $timezone go $way between', async (night) => {
    const takt = await onEve(night, { field: 'signed_at', offset: 'PT24H' });
    const expected = takt.shows(24 * 3_600_000);
    await takt.create('contract', { subject: 'x', signed_at: takt.instant(`${night.eve}T12:00`) });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('reminder')).toEqual([expected]);
  });

  it.each(NIGHTS)('of every year comes at $comes in the year in which the clocks of $timezone go $way that night', async (night) => {
    const takt = await open(night.timezone, `${night.eve}T12:00`);
    await takt.listen('birthday', date({ entity: 'contact', field: 'birthday', at: night.time, yearly: true }));
    await takt.create('contact', { last_name: 'Old', birthday: night.day.replace('2026', '1987') });
    await takt.create('contact', { last_name: 'Other', birthday: night.next.replace('2026', '1987') });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('birthday')).toEqual([night.comes, local(`${night.next}T${night.time}`, night.timezone)]);
  });

  it.each(NIGHTS)('moves with a date that moves into the night in which the clocks of $timezone go $way', async (night) => {
    const takt = await onEve(night, { field: 'ends_on', at: night.time });
    const later = await takt.create('contract', { subject: 'from later', ends_on: '2027-01-15' });
    await takt.update(later.id, { ends_on: night.day });
    await takt.passTo(`${night.next}T12:00`);
    expect(await takt.starts('reminder')).toEqual([night.comes]);
  });

  it.each(NIGHTS)('moves over the night in which the clocks of $timezone go $way, and comes in neither twice', async (night) => {
    const takt = await onEve(night, { field: 'ends_on', at: night.time });
    const { id } = await takt.create('contract', { subject: 'x', ends_on: night.day });
    await takt.passTo(`${night.eve}T23:00`);
    await takt.update(id, { ends_on: night.next });
    await takt.passTo(`${night.next}T12:00`);
    const once = [local(`${night.next}T${night.time}`, night.timezone)];
    expect(await takt.starts('reminder')).toEqual(once);
    // Back to the night, which is over.
    await takt.update(id, { ends_on: night.day });
    await takt.pass(3 * 24 * 3_600_000);
    expect(await takt.starts('reminder')).toEqual(once);
  });

  it.each(NIGHTS)(
    'comes to nothing in the night (clocks of $timezone go $way) when the date goes, or passes, or its record does',
    async (night) => {
      const takt = await onEve(night, { field: 'ends_on', at: night.time });
      const [cleared, past, deleted] = await Promise.all(
        ['cleared', 'past', 'deleted'].map((subject) => takt.create('contract', { subject, ends_on: night.day })),
      );
      await takt.passTo(`${night.eve}T23:00`);
      await takt.update(cleared?.id ?? '', { ends_on: null });
      await takt.update(past?.id ?? '', { ends_on: night.eve });
      await takt.engine.intake.submitOne({ kind: 'delete', id: deleted?.id ?? '' }, somebody);
      await takt.passTo(`${night.next}T12:00`);
      expect(await takt.starts('reminder')).toEqual([]);
    },
  );
});

it('a yearly date in whose year the condition does not hold comes again in the next', async () => {
  const takt = await open('Europe/Moscow', '2026-03-01T12:00');
  await takt.listen('birthday', date({ entity: 'contact', field: 'birthday', at: '09:00', yearly: true, where: 'record.vip' }));
  const { id } = await takt.create('contact', { last_name: 'Doe', birthday: '1990-04-01', vip: false });
  await takt.passTo('2026-05-01T12:00');
  expect(await takt.starts('birthday')).toEqual([]);
  await takt.update(id, { vip: true });
  await takt.passTo('2028-05-01T12:00');
  expect(await takt.starts('birthday')).toEqual(['2027-04-01T09:00+03:00', '2028-04-01T09:00+03:00']);
});

describe('the 29 February', () => {
  it('is kept on the 28th in 2027 and 2029, on the 29th in 2028', async () => {
    const takt = await open('Europe/Berlin', '2026-12-01T12:00');
    await takt.listen('birthday', date({ entity: 'contact', field: 'birthday', at: '09:00', yearly: true }));
    await takt.create('contact', { last_name: 'Leap', birthday: '1988-02-29' });
    await takt.passTo('2029-12-01T12:00');
    expect(await takt.starts('birthday')).toEqual(['2027-02-28T09:00+01:00', '2028-02-29T09:00+01:00', '2029-02-28T09:00+01:00']);
  });

  it('as the first of the yearly dates comes on its day, with offsets counted from the day that is kept', async () => {
    const takt = await open('Europe/Berlin', '2027-12-01T12:00');
    const params = { field: 'ends_on', at: '09:00', yearly: true };
    await takt.listen('before', date({ ...params, offset: '-P30D' }));
    await takt.listen('after', date({ ...params, offset: 'P1D' }));
    await takt.create('contract', { subject: 'x', ends_on: '2028-02-29' });
    await takt.passTo('2029-12-01T12:00');
    expect(await takt.starts('before')).toEqual(['2028-01-30T09:00+01:00', '2029-01-29T09:00+01:00']);
    expect(await takt.starts('after')).toEqual(['2028-03-01T09:00+01:00', '2029-03-01T09:00+01:00']);
  });

  it('lies between the 28th and the 1 March of 2028 for dates and schedules', async () => {
    const takt = await open('Europe/Berlin', '2028-02-28T12:00');
    await takt.listen('after', date({ field: 'ends_on', offset: 'P1D', at: '09:00' }));
    await takt.listen('before', date({ field: 'starts_on', offset: '-P1D', at: '10:00' }));
    await takt.listen('cron', { type: 'trigger.schedule', params: { cron: '0 8 29 2 *' } });
    await takt.listen('rrule', { type: 'trigger.schedule', params: { rrule: 'FREQ=YEARLY', start: '2024-02-29T08:30' } });
    await takt.create('contract', { subject: 'x', ends_on: '2028-02-28' });
    await takt.create('contract', { subject: 'y', starts_on: '2028-03-01' });
    await takt.passTo('2031-12-31T12:00');
    const starts = await Promise.all(['cron', 'rrule', 'after', 'before'].map((id) => takt.starts(id)));
    expect(starts).toEqual([
      ['2028-02-29T08:00+01:00'],
      ['2028-02-29T08:30+01:00'],
      ['2028-02-29T09:00+01:00'],
      ['2028-02-29T10:00+01:00'],
    ]);
  });
});

describe('the end of the year', () => {
  it('lies between a date and its day after, and a yearly date half an hour before New Year comes in the old year', async () => {
    const takt = await open('Europe/Moscow', '2026-12-31T12:00');
    await takt.listen('after', date({ field: 'ends_on', offset: 'P1D', at: '00:10' }));
    await takt.listen('eve', date({ entity: 'contact', field: 'birthday', offset: '-PT30M', yearly: true }));
    await takt.create('contract', { subject: 'x', ends_on: '2026-12-31' });
    await takt.create('contact', { last_name: 'New Year', birthday: '1990-01-01' });
    await takt.passTo('2028-01-02T12:00');
    expect(await takt.starts('after')).toEqual(['2027-01-01T00:10+03:00']);
    expect(await takt.starts('eve')).toEqual(['2026-12-31T23:30+03:00', '2027-12-31T23:30+03:00']);
  });

  it('is passed by schedules in the order of the clock', async () => {
    const takt = await open('Europe/Moscow', '2026-12-31T12:00');
    await takt.listen('last', { type: 'trigger.schedule', params: { cron: '30 23 31 12 *' } });
    await takt.listen('first', {
      type: 'trigger.schedule',
      params: { rrule: 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1', start: '2020-01-01T00:00' },
    });
    await takt.passTo('2027-12-31T12:00');
    expect(await takt.starts('last')).toEqual(['2026-12-31T23:30+03:00']);
    expect(await takt.starts('first')).toEqual(['2027-01-01T00:00+03:00']);
  });
});
