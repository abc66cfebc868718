/** Triggers that count in working time: dates, what has not happened, silences. 2 March 2026 is a Monday. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, type TestEngine } from '../support.ts';
import { emit, listen, runsOf } from '../support-flow.ts';

const DAY = 24 * 3_600_000;
const NINE_TO_SIX = [['09:00', '18:00']];
const WEEK = { mon: NINE_TO_SIX, tue: NINE_TO_SIX, wed: NINE_TO_SIX, thu: NINE_TO_SIX, fri: NINE_TO_SIX };

describe.each(databaseKinds)('triggers in working time on %s', (kind) => {
  let takt: TestEngine;
  beforeEach(async () => {
    takt = await openTestEngine(kind);
  });
  afterEach(() => takt.close());

  const watch = (name: string, type: string, params: JsonObject) => listen(takt, name, { type, params });
  const startsAt = async (name: string) =>
    (await runsOf(takt, name)).map((run) => new Date(run.createdAt).toISOString().slice(0, 16)).sort();
  const at = (moment: string) => takt.pass(Date.parse(moment) - takt.clock.now());
  const calendar = (key: string, hours: JsonObject) => takt.create('calendar', { key, name: key, hours });

  describe('a date', () => {
    const contract = (ends_on: string, more: JsonObject = {}) => takt.create('contract', { subject: 'x', ends_on, ...more });
    const remind = (more: JsonObject) => watch('remind', 'trigger.date', { entity: 'contract', field: 'ends_on', ...more });

    it.each([
      ['a Monday', '2026-03-16', '2026-03-12T10:00'],
      ['a Sunday, from which the Friday before it is one day away', '2026-03-15', '2026-03-12T10:00'],
      ['a Thursday behind a holiday', '2026-03-26', '2026-03-23T10:00'],
    ])('two working days before %s', async (_what, ends, expected) => {
      await calendar('company', { timezone: 'UTC', days: WEEK, holidays: ['2026-03-25'] });
      await remind({ offset: '-P2D', at: '10:00', calendar: 'company' });
      await contract(ends);
      await takt.pass(40 * DAY);
      expect(await startsAt('remind')).toEqual([expected]);
    });

    it('four working hours after it, on the clock of the calendar', async () => {
      await calendar('moscow', { timezone: 'Europe/Moscow', days: WEEK });
      await remind({ offset: 'PT4H', calendar: 'moscow' });
      await contract('2026-03-14');
      await takt.pass(40 * DAY);
      expect(await startsAt('remind')).toEqual(['2026-03-16T10:00']);
    });

    it('in the hours of the owner of the record, who has them from elsewhere', async () => {
      const evenings = await calendar('evenings', { days: { thu: [['18:00', '20:00']] } });
      const owner = await takt.create('user', { name: 'Olga', calendar: evenings.id, time_zone: 'Asia/Almaty' });
      await remind({ offset: 'P1D', calendar: 'owner' });
      await contract('2026-03-11', { owner: owner.id });
      await takt.pass(40 * DAY);
      expect(await startsAt('remind')).toEqual(['2026-03-12T13:00']);
    });

    it('every year: the working day before a birthday', async () => {
      await watch('birthday', 'trigger.date', {
        entity: 'contact',
        field: 'birthday',
        offset: '-P1D',
        at: '09:00',
        yearly: true,
        calendar: 'office',
        timezone: 'UTC',
      });
      await takt.create('contact', { last_name: 'Doe', birthday: '1990-03-15' });
      await takt.pass(800 * DAY);
      // A Sunday, a Monday, a Wednesday.
      expect(await startsAt('birthday')).toEqual(['2026-03-13T09:00', '2027-03-12T09:00', '2028-03-14T09:00']);
    });

    it('moves with its date, and the record is written also where there is no such calendar', async () => {
      await remind({ offset: '-P1D', at: '10:00', calendar: 'nowhere' });
      const { id } = await contract('2026-03-16');
      await takt.pass(DAY);
      expect(await takt.engine.records.get(id)).toMatchObject({ ends_on: '2026-03-16' });
      await calendar('nowhere', { timezone: 'UTC', days: WEEK });
      await takt.update(id, { ends_on: '2026-03-18' });
      await takt.update(id, { ends_on: '2026-03-23' });
      await takt.pass(40 * DAY);
      expect(await startsAt('remind')).toEqual(['2026-03-20T10:00']);
    });
  });

  it('what has not happened within four working hours of a Friday afternoon has not on Monday', async () => {
    await calendar('company', { timezone: 'UTC', days: WEEK });
    await watch('silent', 'trigger.absence', {
      event: 'mail.sent',
      missing: { event: 'mail.opened' },
      within: 'PT4H',
      calendar: 'company',
    });
    const { id } = await takt.create('lead', { last_name: 'Doe' });
    const other = await takt.create('lead', { last_name: 'Roe' });
    await at('2026-03-06T16:00Z');
    await emit(takt, 'mail.sent', id);
    await emit(takt, 'mail.sent', other.id);
    await at('2026-03-09T10:59Z');
    await emit(takt, 'mail.opened', other.id);
    expect(await startsAt('silent')).toEqual([]);
    await takt.pass(DAY);
    expect(await startsAt('silent')).toEqual(['2026-03-09T11:00']);
  });

  it('a silence of two working days, also about another record, whose owner is asked', async () => {
    const sundays = await calendar('sundays', { timezone: 'UTC', days: { sun: NINE_TO_SIX } });
    const owner = await takt.create('user', { name: 'Olga', calendar: sundays.id });
    const deal = await takt.create('deal', { name: 'Big', owner: owner.id });
    await watch('silent', 'trigger.inactivity', {
      entity: 'deal',
      for: 'P2D',
      calendar: 'owner',
      activity: [{ event: 'record.created', topic: 'call', via: 'record' }],
      where: "record.name = 'Big'",
    });
    await at('2026-03-06T16:00Z');
    await takt.create('call', { from_number: '1', record: { entity: 'deal', id: deal.id } });
    await takt.pass(60 * DAY);
    expect(await startsAt('silent')).toEqual(['2026-03-15T16:00']);
  });

  it('deals that were there before have their working days since their last change', async () => {
    await takt.create('deal', { name: 'Old' });
    await at('2026-03-03T10:00Z');
    await watch('silent', 'trigger.inactivity', {
      entity: 'deal',
      for: 'P3D',
      calendar: 'office',
      zone: 'UTC',
      activity: [{ event: 'message.answered' }],
    });
    await takt.pass(60 * DAY);
    expect(await startsAt('silent')).toEqual(['2026-03-05T09:00']);
  });
});
