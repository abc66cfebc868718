/** Who can take a record, who is chosen, and what is said of the others. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { ownerNode } from '../../nodes/assign/owner.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { asObject, left } from './support.ts';

/** A Monday, noon in Moscow. */
const START = '2027-03-01T09:00:00.000Z';
const NINE_TO_SIX = {
  days: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [
      day,
      [
        ['09:00', '13:00'],
        ['14:00', '18:00'],
      ],
    ]),
  ),
};

function office(people: Record<string, JsonObject>, locale: 'en' | 'ru' = 'en') {
  const b = new NodeBench({ now: START, timezone: 'Europe/Moscow', locale });
  b.create('calendar', { name: 'Company', key: 'company', hours: NINE_TO_SIX });
  const ids = Object.fromEntries(Object.entries(people).map(([name, data]) => [name, b.create('user', { name, key: name, ...data }).id]));
  b.create('team', { name: 'Sales', key: 'sales', members: Object.values(ids) });
  const nameOf = (id: unknown): string | null => Object.keys(ids).find((name) => ids[name] === id) ?? null;
  const assign = (params: JsonObject, lead: JsonObject = {}) => {
    const { id } = b.create('lead', { name: 'Ann', ...lead });
    const { port, output } = left(b.run(ownerNode, { pool: { team: 'sales' }, strategy: ['round_robin'], ...params }, { record: id }));
    const candidates = Array.isArray(output.candidates) ? output.candidates.map(asObject) : [];
    const of = (field: string) => Object.fromEntries(candidates.map((one) => [String(one.name), one[field]]));
    return { lead: id, port, output, who: nameOf(output.owner), reasons: of('reason'), why: of('why') };
  };
  const several = (count: number, params: JsonObject, lead?: JsonObject) => Array.from({ length: count }, () => assign(params, lead).who);
  return { b, ids, assign, several };
}

const counts = (given: readonly (string | null)[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(given.map(String), (name) => name)].map(([name, all]) => [name, all.length]));

describe('who can take it', () => {
  it('nobody on leave, and the leave is told', () => {
    const { assign } = office({
      olga: { away_from: '2027-02-20T00:00:00Z', away_until: '2027-03-10T00:00:00Z' },
      ivan: {},
      anna: { away_from: '2027-03-02T00:00:00Z' },
    });
    const { who, reasons, why } = assign({});
    expect(who).toBe('ivan');
    expect(reasons).toEqual({ ivan: 'turn', olga: 'away', anna: 'able' });
    expect(why.olga).toBe('Away until 10 Mar 2027, 03:00.');
  });

  it('only who works now, and nobody shortly before lunch', () => {
    const { b, assign } = office({ olga: {}, ivan: { time_zone: 'Asia/Vladivostok' } });
    const rules = { eligibility: { working: true, before_break: 'PT10M' } };
    expect(assign(rules)).toMatchObject({ who: 'olga', reasons: { ivan: 'off_hours' } });
    b.clock.advance(51 * 60_000);
    const soon = assign(rules);
    expect(soon).toMatchObject({
      port: 'nobody',
      why: { olga: 'Has a break or the end of the day in 9 min.' },
      output: { free_at: '2027-03-01T11:00:00.000Z' },
    });
    b.clock.advance(30 * 60_000);
    expect(assign(rules)).toMatchObject({
      port: 'nobody',
      reasons: { olga: 'off_hours', ivan: 'off_hours' },
      output: { free_at: '2027-03-01T11:00:00.000Z' },
    });
  });

  it('only who is there, as long as the word is fresh', () => {
    const { assign } = office({
      olga: { presence: 'on_call', presence_at: START },
      ivan: { presence: 'online', presence_at: '2027-03-01T08:50:00Z' },
      anna: { presence: 'online', presence_at: '2027-03-01T08:56:00Z' },
      petr: {},
    });
    expect(assign({ eligibility: { presence: { of: ['online'], fresh: 'PT5M' } } })).toMatchObject({
      who: 'anna',
      why: { olga: 'Is on call now.', ivan: 'Was last heard of 10 min ago.', petr: 'Has not said to be there.' },
    });
  });

  it('who has gone home is told by their hours, which say when they are back; who is on a call by that', () => {
    const { b, assign } = office({ olga: { presence: 'on_call' }, ivan: { presence: 'offline', time_zone: 'Asia/Vladivostok' } });
    const rules = { eligibility: { working: true, presence: { of: ['online'] } } };
    expect(assign(rules)).toMatchObject({
      reasons: { olga: 'presence', ivan: 'off_hours' },
      output: { free_at: '2027-03-01T23:00:00.000Z' },
    });
    b.clock.advance(9 * 3_600_000);
    expect(assign(rules)).toMatchObject({
      reasons: { olga: 'off_hours', ivan: 'off_hours' },
      output: { free_at: '2027-03-01T23:00:00.000Z' },
    });
  });

  it('only who has the skills and fits by the fields, written in any case', () => {
    const { assign } = office({
      olga: { skills: ['Compressors'], regions: ['Moscow'] },
      ivan: { skills: ['compressors', 'gas'], regions: ['moscow'] },
      anna: { skills: ['gas', 'compressors'], regions: ['Perm'] },
    });
    const rules = {
      eligibility: { skills: ['gas', 'COMPRESSORS'], match: { regions: '= record.region', languages: '= record.language' } },
    };
    expect(assign(rules, { region: 'Moscow' })).toMatchObject({
      who: 'ivan',
      why: { olga: 'Lacks the skill "gas".', anna: 'Does not fit by "regions".' },
    });
  });

  it('nobody beyond their capacity; who was full comes back only below the lower mark', () => {
    const { b, ids, assign, several } = office({ olga: {}, ivan: { capacity: 1 } });
    const rules = { eligibility: { capacity: { load: 'open', max: 3, back: 2 } } };
    const given = [1, 2, 3, 4].map(() => assign(rules));
    expect(given.map(({ who }) => who)).toEqual(['olga', 'ivan', 'olga', 'olga']);
    expect(assign(rules)).toMatchObject({ port: 'nobody', why: { olga: 'Has 3, may have 3.', ivan: 'Has 1, may have 1.' } });
    b.update(given[0]?.lead ?? '', { stage: 'lost' });
    expect(assign(rules)).toMatchObject({ port: 'nobody', why: { olga: 'Full since 3; has 2, back below 2.' } });
    b.update(given[2]?.lead ?? '', { owner: ids.ivan ?? '' });
    expect(several(3, rules)).toEqual(['olga', 'olga', null]);
  });

  it('nobody beyond so many a day, which begins anew at midnight', () => {
    const { b, several } = office({ olga: {}, ivan: {} });
    const rules = { eligibility: { caps: { day: 2 } } };
    expect(several(5, rules)).toEqual(['olga', 'ivan', 'olga', 'ivan', null]);
    b.clock.advance(24 * 3_600_000);
    expect(several(1, rules)).toEqual(['olga']);
  });
});

describe('who is chosen', () => {
  it('by turns in proportion to their share, evenly spread', () => {
    const { several } = office({ olga: { weight: 2 }, ivan: {}, anna: { weight: 0.5 } });
    const given = several(70, {});
    expect(counts(given)).toEqual({ olga: 40, ivan: 20, anna: 10 });
    expect(given.join(' ')).not.toContain('anna anna');
  });

  it('keeps the position of who cannot take it for a while', () => {
    const { b, ids, several } = office({ olga: {}, ivan: {}, anna: {} });
    expect(several(1, {})).toEqual(['olga']);
    b.update(ids.ivan ?? '', { active: false });
    expect(several(4, {})).toEqual(['anna', 'olga', 'anna', 'olga']);
    b.update(ids.ivan ?? '', { active: true });
    expect(several(3, {}).sort()).toEqual(['anna', 'ivan', 'olga']);
  });

  it('who has least; of equals by the next strategy', () => {
    const { b, ids, assign, several } = office({ olga: {}, ivan: {}, anna: {} });
    b.create('deal', { name: 'Big', owner: ids.olga ?? '', amount: { amount: 900, currency: 'RUB' } });
    b.create('deal', { name: 'Small', owner: ids.ivan ?? '', amount: { amount: 10, currency: 'RUB' } });
    b.create('deal', { name: 'Small', owner: ids.ivan ?? '', amount: { amount: 10, currency: 'RUB' } });
    expect(assign({ strategy: [{ least: { entity: 'deal', sum: 'amount' } }] })).toMatchObject({
      who: 'anna',
      reasons: { olga: 'others_less', anna: 'least' },
    });
    expect(
      several(6, { strategy: [{ least: 'given_day' }, 'random'] })
        .slice(0, 2)
        .sort(),
    ).toEqual(['ivan', 'olga']);
  });

  it('evens out different starts of the day: who begins later catches up', () => {
    const late = { days: { mon: [['13:00', '20:00']] } };
    const { b, ids, several } = office({ olga: {}, ivan: {}, anna: {} });
    b.update(ids.anna ?? '', { calendar: b.create('calendar', { name: 'Late', hours: late }).id });
    const rules = { strategy: [{ least: 'given_day' }, 'round_robin'], eligibility: { working: true } };
    expect(counts(several(6, rules))).toEqual({ olga: 3, ivan: 3 });
    b.clock.advance(3 * 3_600_000);
    expect(several(3, rules)).toEqual(['anna', 'anna', 'anna']);
    expect(counts(several(9, rules))).toEqual({ olga: 3, ivan: 3, anna: 3 });
  });

  it('by pace: who begins later is not given all at once, and has as much as the others when the day is over', () => {
    const late = { days: { tue: [['14:00', '22:00']] } };
    const dayOf = (least: string) => {
      const { b, ids, assign } = office({ olga: {}, ivan: {} });
      b.update(ids.ivan ?? '', { calendar: b.create('calendar', { name: 'Late', hours: late }).id });
      b.clock.advance(21 * 3_600_000);
      // From nine to ten in the evening, two an hour; at lunch nobody is there.
      return Array.from({ length: 13 }, () => {
        const hour = [1, 2].map(() => assign({ strategy: [{ least }], eligibility: { working: true } }).who);
        b.clock.advance(3_600_000);
        return hour;
      });
    };
    const [all, pace] = [dayOf('given_day'), dayOf('given_pace')];
    expect(counts(all.slice(5, 9).flat())).toEqual({ ivan: 8 });
    expect(counts(pace.slice(5, 9).flat())).toEqual({ ivan: 5, olga: 3 });
    const { olga = 0, ivan = 0 } = counts(pace.flat());
    expect(Math.abs(olga - ivan)).toBeLessThanOrEqual(2);
  });

  it('by the best number that something else has found; without any, by turns', () => {
    const { ids, assign } = office({ olga: {}, ivan: {} });
    const strategy = [{ best: `= {"${ids.ivan}": 0.4, "${ids.olga}": 0.3}` }];
    expect(assign({ strategy })).toMatchObject({
      who: 'ivan',
      why: { ivan: 'Chosen: best prospects (0.4).', olga: 'Able to take it, but others have better prospects.' },
    });
    expect(assign({ strategy: [{ best: '= {}' }] }).who).toBe('olga');
  });

  it('who knows the client, or the deputy of who is away', () => {
    const { b, ids, assign } = office({ olga: {}, ivan: {}, anna: {} });
    const known = { strategy: ['known', 'round_robin'], known: ids.anna ?? '' };
    expect(assign(known)).toMatchObject({ who: 'anna', why: { anna: 'Chosen: knows this client.' } });
    b.update(ids.anna ?? '', { away_until: '2027-03-05T00:00:00Z', deputy: ids.ivan ?? '' });
    expect(assign(known)).toMatchObject({ who: 'ivan', why: { ivan: 'Chosen: stands in for anna.' } });
    b.update(ids.ivan ?? '', { away_until: '2027-03-05T00:00:00Z', deputy: ids.anna ?? '' });
    expect(assign(known)).toMatchObject({ who: 'olga', output: { method: 'round_robin' } });
    expect(assign({ ...known, strategy: ['known'] }).port).toBe('nobody');
  });

  it('whoever is on duty where nobody else can, whatever the hours', () => {
    const { b, ids, assign } = office({ olga: {}, ivan: {} });
    b.clock.advance(12 * 3_600_000);
    const rules = { eligibility: { working: true }, fallback: { duty: ids.ivan ?? '', queue: 'night' } };
    expect(assign(rules)).toMatchObject({ who: 'ivan', output: { method: 'duty', queue: null } });
    b.update(ids.ivan ?? '', { active: false });
    expect(assign(rules)).toMatchObject({ port: 'nobody', output: { queue: 'night' } });
  });
});

it('explains itself in Russian where the workflow is Russian', () => {
  const { assign } = office({ olga: {}, ivan: { away_until: '2027-03-10T00:00:00Z' } }, 'ru');
  expect(assign({}).why).toEqual({
    olga: 'Выбран: больше всех отстал в очереди из 1, кто может взять.',
    ivan: 'Отсутствует до 10 мар. 2027 г., 03:00.',
  });
});

it('equal people are never more than one apart, and no cap is passed, whoever comes and goes', () => {
  const people = ['a', 'b', 'c', 'd'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...people, 'assign', 'assign', 'assign'), { maxLength: 40 }), (steps) => {
      const { b, ids, assign } = office(Object.fromEntries(people.map((name) => [name, {}])));
      const given: (string | null)[] = [];
      for (const step of steps) {
        if (step === 'assign') given.push(assign({ eligibility: { caps: { day: 5 } } }).who);
        else b.update(ids[step] ?? '', { active: b.read(ids[step] ?? '')?.active === false });
      }
      const sums = counts(given.filter((who) => who !== null));
      expect(Math.max(0, ...Object.values(sums))).toBeLessThanOrEqual(5);
      if (steps.every((step) => step === 'assign')) {
        const all = people.map((name) => sums[name] ?? 0);
        expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 30 },
  );
});
