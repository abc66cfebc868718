/** Waits, deadlines and due dates in somebody's working hours. */
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { waitNode } from '../../nodes/flow/wait.ts';
import { waitUntilNode } from '../../nodes/flow/wait-until.ts';
import { createTaskNode } from '../../nodes/task/create.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';

/** A Monday, noon in Moscow. */
const START = '2027-03-01T09:00:00.000Z';
const week = (...hours: [string, string][]): JsonObject => ({
  days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, hours])),
});
const NINE_TO_SIX = week(['09:00', '13:00'], ['14:00', '18:00']);

function shop(user: JsonObject = {}, lead: JsonObject = {}): { b: NodeBench; record: string; owner: string } {
  const b = new NodeBench({ now: START, timezone: 'Europe/Moscow' });
  const owner = b.create('user', { name: 'Olga', ...user }).id;
  return { b, owner, record: b.create('lead', { name: 'Ann', owner, ...lead }).id };
}

function until(b: NodeBench, params: JsonObject, record?: string): string {
  const { result } = b.run(waitNode, params, record === undefined ? {} : { record });
  if (result.kind === 'wait' && result.wait.kind === 'time') return new Date(result.wait.until).toISOString().replace(':00.000', '');
  throw new Error(`It does not wait: ${JSON.stringify(result)}`);
}

describe('in working hours', () => {
  it.each<[string, JsonObject, string]>([
    ['four working hours, over lunch', { for: 'PT4H' }, '2027-03-01T14:00Z'],
    ['seven working hours, over the night', { for: 'PT7H' }, '2027-03-02T08:00Z'],
    ['a working day is the next one at the same time', { for: 'P1D' }, '2027-03-02T09:00Z'],
    ['the next working day at 14:00', { for: 'P1D', at: '14:00' }, '2027-03-02T11:00Z'],
    ['a week is seven working days', { for: 'P1W' }, '2027-03-10T09:00Z'],
    ['a working day and two hours', { for: 'P1DT2H' }, '2027-03-02T12:00Z'],
  ])('%s', (_, params, expected) => {
    const { b, record, owner } = shop();
    b.create('calendar', { name: 'Company', key: 'company', hours: NINE_TO_SIX });
    expect(until(b, { ...params, calendar: 'company' }, record)).toBe(expected);
    expect(until(b, { ...params, calendar: 'owner' }, record)).toBe(expected);
    expect(until(b, { ...params, calendar: owner }, record)).toBe(expected);
  });

  it('nothing is waited for where work goes on already, and its beginning where it does not', () => {
    const { b, record } = shop();
    b.create('calendar', { name: 'Evenings', key: 'evenings', hours: week(['18:00', '20:00']) });
    expect(until(b, { for: 'PT0S', calendar: 'evenings' }, record)).toBe('2027-03-01T15:00Z');
    expect(b.run(waitNode, { for: 'PT0S', calendar: 'company' }, { record }).result).toMatchObject({ kind: 'next' });
  });

  it('slots of the week are a calendar, on the clock of the client', () => {
    const { b, record } = shop({}, { time_zone: 'Asia/Vladivostok' });
    const slots: JsonObject = {
      days: Object.fromEntries(
        ['tue', 'wed', 'thu'].map((day) => [
          day,
          [
            ['10:00', '11:00'],
            ['14:00', '15:00'],
          ],
        ]),
      ),
    };
    b.create('calendar', { name: 'Calls', key: 'calls', hours: slots });
    expect(until(b, { for: 'PT0S', calendar: 'calls', zone: '= record.time_zone' }, record)).toBe('2027-03-02T00:00Z');
    expect(until(b, { for: 'PT0S', calendar: 'calls' }, record)).toBe('2027-03-02T07:00Z');
  });
});

describe('whose hours', () => {
  const late = week(['12:00', '21:00']);

  it('the calendar of the person goes before that of the team, that before the company, that before office hours', () => {
    const { b, record, owner } = shop();
    const wait = (): string => until(b, { for: 'P1D', at: '08:00', calendar: 'owner' }, record);
    const hours = (): string => until(b, { for: 'PT8H', calendar: 'owner' }, record);
    expect([hours(), wait()]).toEqual(['2027-03-02T08:00Z', '2027-03-02T05:00Z']);
    b.create('calendar', { name: 'Company', key: 'company', hours: week(['10:00', '20:00']) });
    expect(hours()).toBe('2027-03-01T17:00Z');
    const team = b.create('calendar', { name: 'Team', hours: late }).id;
    b.create('team', { name: 'Sales', members: [owner], calendar: team });
    expect(hours()).toBe('2027-03-01T17:00Z');
    const own = b.create('calendar', { name: 'Olga', hours: week(['15:00', '16:00']) }).id;
    b.update(owner, { calendar: own });
    expect(hours()).toBe('2027-03-10T13:00Z');
  });

  it('a person who moves works at the same hours on another clock', () => {
    const { b, record } = shop({ time_zone: 'Asia/Vladivostok' });
    b.create('calendar', { name: 'Company', key: 'company', hours: { ...NINE_TO_SIX, timezone: 'Europe/Moscow' } });
    expect(until(b, { for: 'PT1H', calendar: 'owner' }, record)).toBe('2027-03-02T00:00Z');
    expect(until(b, { for: 'PT1H', calendar: 'company' }, record)).toBe('2027-03-01T10:00Z');
  });

  it('holidays and moved days come from the calendar that it is based on, and what is said nearer counts', () => {
    const { b, record } = shop();
    const production = b.create('calendar', {
      name: 'Production calendar',
      hours: { holidays: ['2027-03-02', '2027-03-03'], special_days: { '2027-03-06': { like: 'mon' }, '2027-03-01': { shorter: 60 } } },
    }).id;
    b.create('calendar', {
      name: 'Company',
      key: 'company',
      based_on: production,
      hours: { ...NINE_TO_SIX, special_days: { '2027-03-03': [['09:00', '10:00']] } },
    });
    expect(until(b, { for: 'PT5H', calendar: 'company' }, record)).toBe('2027-03-03T07:00Z');
    expect(until(b, { for: 'P4D', calendar: 'company' }, record)).toBe('2027-03-06T09:00Z');
  });

  it('a calendar that is not there, or that stands on itself, is told', () => {
    const { b, record } = shop();
    expect(refusal(() => until(b, { for: 'PT1H', calendar: 'nights' }, record))).toMatchObject({ code: 'CALENDAR_UNKNOWN' });
    const first = b.create('calendar', { name: 'First', key: 'first' }).id;
    const second = b.create('calendar', { name: 'Second', based_on: first }).id;
    b.update(first, { based_on: second });
    expect(refusal(() => until(b, { for: 'PT1H', calendar: 'first' }, record))).toMatchObject({ code: 'CALENDAR_CIRCLE' });
  });

  it('a calendar without a working hour in the next year is told, whatever is asked', () => {
    const { b, record } = shop();
    b.create('calendar', { name: 'Once', key: 'once', hours: { days: {}, special_days: { '2026-03-02': [['09:00', '10:00']] } } });
    for (const params of [{ for: 'PT0S' }, { for: 'PT1H' }, { for: 'P1D' }, { for: 'P1DT1H' }])
      expect(refusal(() => until(b, { ...params, calendar: 'once' }, record)).code).toBe('CALENDAR_WITHOUT_HOURS');
  });

  it('hours that cannot be used are refused when the calendar is written, with their place', () => {
    const { b } = shop();
    const error = refusal(() => b.create('calendar', { name: 'Wrong', hours: { days: { mon: [['18:00', '09:00']] } } }));
    expect(error.toData().errors).toMatchObject([{ code: 'CALENDAR_INVALID', pointer: '/hours/days/mon/0' }]);
  });
});

it('a deadline and a due date count in working hours, too', () => {
  const { b, record } = shop();
  b.create('calendar', { name: 'Company', key: 'company', hours: NINE_TO_SIX });
  const { result } = b.run(waitUntilNode, { when: 'false', timeout: 'PT7H', calendar: 'owner' }, { record });
  expect(result).toMatchObject({ kind: 'wait', wait: { until: Date.parse('2027-03-02T08:00Z') } });
  b.run(createTaskNode, { title: 'Call', due: { in: 'P1D', time: '14:00', calendar: 'owner' } }, { record });
  expect(b.list('task').map((task) => task.due_at)).toEqual(['2027-03-02T11:00:00.000Z']);
});
