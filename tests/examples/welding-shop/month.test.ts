/** The month is believable, and what is aimed at can be reached in it. */
import { describe, expect, it } from 'vitest';
import { readEvents, readRecords, readScript } from '../../../engine/simulate/index.ts';
import { spanAt } from '../../../examples/welding-shop/hours.ts';
import { type Assignment, measure, type WorkingHours } from '../../../examples/welding-shop/measures.ts';
import { makeMonth } from '../../../examples/welding-shop/month/month.ts';
import { readShop } from '../../../examples/welding-shop/people.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const shop = readShop();
const month = makeMonth(shop, 18);
const lines = (list: readonly unknown[]): string => list.map((one) => JSON.stringify(one)).join('\n');
const localDay = (at: number): string => new Date(at + 3 * HOUR).toISOString().slice(0, 10);
const localHour = (at: number): number => new Date(at + 3 * HOUR).getUTCHours();
const countBy = <K>(keys: readonly K[]): Map<K, number> => {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

describe('a month', () => {
  it('is the same for its seed, and another for another', () => {
    expect(makeMonth(shop, 18)).toEqual(month);
    expect(makeMonth(shop, 19).events).not.toEqual(month.events);
  });

  it('is files that Takt reads', () => {
    const events = readEvents(lines(month.events));
    expect(events.filter(({ action }) => action.kind === 'create')).toHaveLength(4_000);
    expect(events.filter(({ action }) => action.kind === 'update')).toHaveLength(month.presence.length);
    expect(countBy(readRecords(lines(month.records)).map(({ entity }) => entity))).toEqual(
      new Map([
        ['calendar', 9],
        ['user', 8],
        ['team', 3],
        ['company', 150],
      ]),
    );
    expect(readScript(JSON.stringify(month.script)).behaviours).toHaveLength(8);
  });

  it('tells where somebody is before a lead of the same second comes', () => {
    const updates = new Map(month.events.map((event, i) => [`${event.at} ${'update' in event}`, i]));
    const leads = month.events.flatMap((event, i) => ('create' in event ? [[i, updates.get(`${event.at} true`) ?? -1] as const] : []));
    expect(leads.filter(([, told]) => told >= 0).length).toBeGreaterThan(0);
    expect(leads.every(([came, told]) => told < came)).toBe(true);
  });

  it('has its leads in their order, all within its thirty days', () => {
    const moments = month.leads.map(({ arrivedAt }) => arrivedAt);
    expect(moments.toSorted((a, b) => a - b)).toEqual(moments);
    expect(countBy(moments.map(localDay)).size).toBe(30);
    expect([localDay(moments[0] ?? 0), localDay(moments.at(-1) ?? 0)]).toEqual(['2026-06-01', '2026-06-30']);
  });

  it('is busy on workdays before and after lunch, quiet at night, on Sundays and on the holiday', () => {
    const days = countBy(month.leads.map(({ arrivedAt }) => localDay(arrivedAt)));
    const hours = countBy(month.leads.map(({ arrivedAt }) => localHour(arrivedAt)));
    const [day, hour] = [(key: string) => days.get(key) ?? 0, (key: number) => hours.get(key) ?? 0];
    expect(day('2026-06-08')).toBeGreaterThan(3 * day('2026-06-07'));
    expect(day('2026-06-05')).toBeGreaterThan(2 * day('2026-06-12'));
    expect(hour(11)).toBeGreaterThan(hour(13));
    expect(hour(15)).toBeGreaterThan(hour(13));
    expect(hour(11)).toBeGreaterThan(20 * hour(3));
  });

  it('has three groups of deals, and the specialities among the large ones', () => {
    const groups = countBy(month.leads.map(({ group }) => group));
    const share = (group: 'small' | 'middle' | 'large') => (groups.get(group) ?? 0) / 4_000;
    expect([share('small') > 0.4, share('middle') > 0.3, share('large') > 0.08]).toEqual([true, true, true]);
    const special = month.leads.filter(({ data }) => data.industry === 'Gas power stations' || data.industry === 'Large compressors');
    expect(special.filter(({ group }) => group === 'large').length).toBeGreaterThan(special.length / 2);
  });

  it('has a few who write twice and a few who have bought before', () => {
    const senders = new Set(month.leads.map(({ data }) => JSON.stringify(data.emails)));
    expect(4_000 - senders.size).toBeGreaterThan(60);
    expect(4_000 - senders.size).toBeLessThan(200);
    expect(month.leads.filter(({ data }) => data.returning === true).length).toBeGreaterThan(200);
  });
});

describe('people', () => {
  it('begin at different times from eight to eleven', () => {
    const starts = month.timetables.map(({ days }) => localHour(days[0]?.work[0]?.from ?? 0));
    expect([Math.min(...starts), Math.max(...starts), new Set(starts).size > 3]).toEqual([8, 11, true]);
  });

  it('are on calls and breaks only at work, one after the other, a quarter of their time', () => {
    let [busy, worked] = [0, 0];
    for (const { days, away } of month.timetables) {
      for (const [i, { from, until }] of away.entries()) {
        const stretch = spanAt(spanAt(days, from)?.work ?? [], from);
        expect([until > from, until <= (stretch?.until ?? 0), from > (away[i - 1]?.until ?? 0)]).toEqual([true, true, true]);
        busy += until - from;
      }
      for (const { work } of days) for (const { from, until } of work) worked += until - from;
    }
    expect(busy / worked).toBeGreaterThan(0.15);
    expect(busy / worked).toBeLessThan(0.35);
  });

  it('have their leave as records: two weeks, the last day included', () => {
    const away = month.records.flatMap(({ as, data = {} }) =>
      data.away_from === undefined ? [] : [[as, data.away_from, data.away_until]],
    );
    expect(away).toEqual([['pavel', '2026-06-14T21:00:00.000Z', '2026-06-28T21:00:00.000Z']]);
  });

  it('are in three groups, each in the ones for smaller deals, too', () => {
    const teams = month.records.flatMap(({ entity, data = {} }) => (entity === 'team' ? [data.members] : []));
    expect(teams.map((members) => (Array.isArray(members) ? members.length : 0))).toEqual([8, 6, 4]);
  });

  it('are told to come, to be busy and to go, and are gone at night, at lunch and on leave', () => {
    const last = (person: string, at: number) => month.presence.findLast((change) => change.person === person && change.at <= at)?.presence;
    for (const { person, days, away } of month.timetables) {
      for (const { from, until } of days.flatMap(({ work }) => work).slice(0, 10)) {
        expect([last(person, from - 1) ?? 'offline', last(person, until)]).toEqual(['offline', 'offline']);
      }
      for (const { from, until, ...one } of away.slice(0, 10))
        expect(last(person, (from + until) / 2)).toBe('presence' in one && one.presence);
    }
    expect(last('pavel', Date.parse('2026-06-17T12:00:00+03:00'))).toBe('offline');
  });
});

describe('what is aimed at', () => {
  /** Whoever is there, not in the last ten minutes, and has least today gets a lead; one that nobody can take waits. */
  function byRules(): Assignment[] {
    const today = new Map<string, number>();
    const takes = ({ days, away }: WorkingHours, at: number): boolean => {
      const stretch = spanAt(spanAt(days, at)?.work ?? [], at);
      return stretch !== undefined && at < stretch.until - 10 * MINUTE && !spanAt(away, at);
    };
    return month.leads.map(({ as: lead, arrivedAt, dueAt }) => {
      const able = (at: number): WorkingHours[] => month.timetables.filter((plan) => takes(plan, at));
      let assignedAt = arrivedAt;
      while (able(assignedAt).length === 0) assignedAt += assignedAt < arrivedAt + MINUTE ? MINUTE / 6 : MINUTE;
      const count = ({ person }: WorkingHours): number => today.get(`${person} ${localDay(assignedAt)}`) ?? 0;
      const [{ person } = { person: '' }] = able(assignedAt).toSorted((a, b) => count(a) - count(b));
      today.set(`${person} ${localDay(assignedAt)}`, (today.get(`${person} ${localDay(assignedAt)}`) ?? 0) + 1);
      return { lead, person, arrivedAt, assignedAt, firstTouchAt: null, dueAt };
    });
  }

  it('can be reached: by hours, presence and the number of today alone', () => {
    const { measures } = measure(byRules(), month.timetables, month.period);
    expect(measures.cv_day_max).toBeLessThan(0.2);
    expect(measures.cv_month).toBeLessThan(0.2);
    expect(measures.within_minute_share).toBeGreaterThan(0.99);
    expect([measures.last10_share, measures.away_share]).toEqual([0, 0]);
  });
});
