/** The list of a day: the minutes that are left, what fits into them, and never more than ten. */
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../../engine/testing.ts';
import { queueNode } from '../../../nodes/nba/queue.ts';
import type { Json, JsonObject } from '../../../schemas/json.ts';
import { asObject, left } from '../support.ts';

const HOUR = 3_600_000;

/** Monday, nine in the morning in UTC; office hours are 9 to 18. */
class Desk {
  readonly b: NodeBench;
  readonly olga: string;

  constructor(locale: 'en' | 'ru' = 'en') {
    this.b = new NodeBench({ now: '2026-03-02T09:00:00Z', locale });
    this.olga = this.b.create('user', { name: 'Olga', time_zone: 'UTC' }).id;
  }

  recommend(name: string, minutes: number, gain: number, more: JsonObject = {}): string {
    const { id } = this.b.create('deal', { name });
    const own = { action: 'call', title: 'Call', minutes, gain, value: gain, probability: 0.3, currency: 'RUB' };
    const record = { entity: 'deal', id };
    return this.b.create('recommendation', { ...own, record, owner: this.olga, expires_at: '2026-03-09T09:00:00Z', ...more }).id;
  }

  meet(from: string, to: string, more: JsonObject = {}): void {
    const participants = [{ entity: 'user', id: this.olga }];
    this.b.create('meeting', { title: 'M', starts_at: `2026-03-02T${from}Z`, ends_at: `2026-03-02T${to}Z`, participants, ...more });
  }

  queue(more: JsonObject = {}): JsonObject {
    return left(this.b.run(queueNode, { users: [this.olga], ...more })).output;
  }

  /** Names of the records of Olga's list. */
  list(more: JsonObject = {}): Json[] {
    return itemsOf(this.queue(more)).map((item) => item.record_name ?? null);
  }
}

const firstOf = (output: JsonObject): JsonObject => asObject(Array.isArray(output.people) ? output.people[0] : undefined);
function itemsOf(output: JsonObject): JsonObject[] {
  if (!Array.isArray(output.people) || output.people.length === 0) return [];
  const { items } = firstOf(output);
  return Array.isArray(items) ? items.map(asObject) : [];
}

describe('nba.queue', () => {
  it('takes the best set for the minutes that are left beside meetings, not what is best alone', () => {
    const desk = new Desk();
    desk.b.clock.advance(7 * HOUR);
    desk.meet('16:30:00', '17:15:00');
    desk.recommend('long', 70, 100);
    for (const name of ['a', 'b', 'c']) desk.recommend(name, 25, 60);
    // 16:00 to 16:30 and 17:15 to 18:00.
    expect(firstOf(desk.queue())).toMatchObject({
      minutes: 75,
      waiting: 1,
      why_waiting: [{ record_name: 'long', why: expect.stringContaining('longest free stretch') }],
    });
    expect(desk.list()).toEqual(['a', 'b', 'c']);
  });

  it('has short actions only on a day of meetings, also instead of a long one that was recommended', () => {
    const desk = new Desk();
    for (const hour of ['09', '11', '13', '15', '17']) desk.meet(`${hour}:20:00`, `${Number(hour) + 2}:00:00`.padStart(8, '0'));
    desk.recommend('long only', 45, 900);
    desk.recommend('both', 45, 500, {
      candidates: [
        { action: 'call', title: 'Call', minutes: 45, gain: 500, probability: 0.5 },
        { action: 'mail', title: 'Mail', minutes: 5, gain: 100, probability: 0.2 },
        { action: null, title: '', minutes: 0, gain: 0, probability: 0.1 },
      ],
    });
    expect(itemsOf(desk.queue())).toMatchObject([{ record_name: 'both', action: 'mail', title: 'Mail', minutes: 5 }]);
    expect(desk.b.list('recommendation')[1]).toMatchObject({ action: 'mail', minutes: 5, gain: 100, place: 1 });
  });

  it('gives what was drawn to be tried the place that the best one would have', () => {
    const desk = new Desk();
    const best = { action: 'call', title: 'Call', minutes: 15, gain: 500, probability: 0.5 };
    const tried = { action: 'case', title: 'Send a case', chance: 0.04 };
    desk.recommend('tried', 5, -20, { ...tried, candidates: [best, { action: 'case', title: 'Send a case', minutes: 5, gain: -20 }] });
    desk.recommend('worse than nothing', 5, -20);
    desk.recommend('small', 5, 10);
    expect(desk.list()).toEqual(['tried', 'small']);
    expect(itemsOf(desk.queue())[0]).toMatchObject({ action: 'case', gain: -20 });
  });

  it('goes back to the longer action when there is time for it after all', () => {
    const desk = new Desk();
    desk.b.clock.advance(8.5 * HOUR);
    desk.recommend('both', 45, 500, {
      chance: 1,
      candidates: [
        { action: 'call', title: 'Call', minutes: 45, gain: 500 },
        { action: 'mail', title: 'Mail', minutes: 5, gain: 100 },
      ],
    });
    expect(itemsOf(desk.queue())).toMatchObject([{ action: 'mail' }]);
    desk.b.clock.advance(15.5 * HOUR);
    expect(itemsOf(desk.queue())).toMatchObject([{ action: 'call', minutes: 45 }]);
  });

  it('counts no meeting that is cancelled, of another day or of somebody else', () => {
    const desk = new Desk();
    desk.meet('09:00:00', '18:00:00', { status: 'cancelled' });
    desk.meet('09:00:00', '18:00:00', { participants: [] });
    desk.b.create('meeting', { title: 'tomorrow', owner: desk.olga, starts_at: '2026-03-03T09:00:00Z', ends_at: '2026-03-03T18:00:00Z' });
    desk.recommend('a', 30, 10);
    expect(firstOf(desk.queue())).toMatchObject({ minutes: 540 });
    desk.b.create('meeting', { title: 'own', owner: desk.olga, starts_at: '2026-03-02T10:00:00Z' });
    expect(firstOf(desk.queue())).toMatchObject({ minutes: 480 });
  });

  it('is empty for who is away, or has no hours today', () => {
    const desk = new Desk();
    desk.recommend('a', 30, 10);
    desk.b.update(desk.olga, { away_from: '2026-03-02T00:00:00Z', away_until: '2026-03-04T00:00:00Z' });
    expect(desk.queue()).toMatchObject({ people: [], count: 0, without: ['Olga'] });
    desk.b.update(desk.olga, { away_from: null, away_until: null });
    desk.b.clock.advance(5 * 24 * HOUR);
    expect(desk.queue({ tell: false })).toMatchObject({ people: [], without: ['Olga'] });
  });

  it('tells a person never more than ten in a day, whatever is done meanwhile', () => {
    const desk = new Desk();
    for (let i = 0; i < 15; i++) desk.recommend(`r${i}`, 5, 100 - i);
    expect(desk.list()).toHaveLength(10);
    const [first] = desk.b.list('recommendation');
    desk.b.update(first?.id ?? '', { stage: 'done', settled_at: '2026-03-02T09:10:00Z' });
    // One is done, and the next one would be an eleventh.
    expect(desk.list()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9']);
    desk.recommend('urgent', 5, 10_000);
    expect(desk.list()).not.toContain('urgent');
    expect(firstOf(desk.queue())).toMatchObject({
      why_waiting: expect.arrayContaining([expect.objectContaining({ record_name: 'urgent', why: 'Enough was proposed today.' })]),
    });
    desk.b.clock.advance(24 * HOUR);
    expect(desk.list()).toContain('urgent');
  });

  it('is planned again when something comes, and keeps what was told', () => {
    const desk = new Desk();
    desk.b.clock.advance(8 * HOUR);
    desk.recommend('small', 40, 10);
    expect(desk.list()).toEqual(['small']);
    desk.recommend('big', 50, 1_000);
    expect(desk.list()).toEqual(['big']);
    expect(desk.b.list('recommendation')).toMatchObject([{ told_on: '2026-03-02' }, { place: 1 }]);
    expect(desk.b.list('recommendation')[0]).not.toHaveProperty('place');
  });

  it('puts first what loses most by waiting', () => {
    const desk = new Desk();
    desk.recommend('calm', 10, 500);
    desk.recommend('urgent', 10, 100, { loss_per_hour: 20 });
    expect(desk.list()).toEqual(['urgent', 'calm']);
  });

  it('leaves out what was put off, has expired, or is about a record that is gone', () => {
    const desk = new Desk();
    desk.recommend('put off', 5, 10, { snoozed_until: '2026-03-02T12:00:00Z' });
    const late = desk.recommend('late', 5, 10, { expires_at: '2026-03-02T08:00:00Z' });
    const gone = desk.recommend('gone', 5, 10);
    const [, , deal] = desk.b.list('deal');
    desk.b.remove(deal?.id ?? '');
    expect(desk.queue()).toMatchObject({ people: [] });
    expect([late, gone].map((id) => desk.b.read(id)?.stage)).toEqual(['expired', 'expired']);
    desk.b.clock.advance(4 * HOUR);
    expect(desk.list()).toEqual(['put off']);
  });

  it('compares in the currency of most, and says so of the others', () => {
    const desk = new Desk();
    desk.recommend('a', 5, 10);
    desk.recommend('b', 5, 10);
    desk.recommend('dollars', 5, 999, { currency: 'USD' });
    expect(firstOf(desk.queue())).toMatchObject({
      why_waiting: [{ record_name: 'dollars', why: expect.stringContaining('another currency') }],
    });
  });

  it.each([
    [
      'en',
      [
        'Today: 1, of the 540 minutes that you have.',
        '1. Call – Boiler house (15 min, gains 125,000 RUB): They look at the price',
        'Nothing',
      ],
    ],
    ['ru', ['На сегодня: 1, из ваших 540 мин.', '1. Call — Boiler house (15 мин, даёт 125 000 RUB): They look at the price', '']],
  ] as const)('is a text for people: %s', (locale, [head, line]) => {
    const desk = new Desk(locale);
    desk.recommend('Boiler house', 15, 125_000, { reason: 'They look at the price' });
    expect(
      String(firstOf(desk.queue()).text)
        .replaceAll(/[\u00a0\u202f]/g, ' ')
        .split('\n'),
    ).toEqual([head, line]);
  });
});
