/** Several pools, wishes, limits of several kinds, turns that are given back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { creditNode } from '../../nodes/assign/credit.ts';
import { ownerNode } from '../../nodes/assign/owner.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { asObject, left } from './support.ts';

/** A Monday, noon in Moscow. */
const START = '2027-03-01T09:00:00.000Z';

function office(teams: Record<string, Record<string, JsonObject>>) {
  const b = new NodeBench({ now: START, timezone: 'Europe/Moscow' });
  const ids: Record<string, string> = {};
  for (const [key, people] of Object.entries(teams)) {
    for (const [name, data] of Object.entries(people)) ids[name] ??= b.create('user', { name, key: name, ...data }).id;
    b.create('team', { name: key, key, members: Object.keys(people).map((name) => ids[name] ?? '') });
  }
  const nameOf = (id: unknown): string | null => Object.keys(ids).find((name) => ids[name] === id) ?? null;
  const assign = (params: JsonObject, lead: JsonObject = {}) => {
    const { id } = b.create('lead', { name: 'Ann', ...lead });
    const { port, output } = left(b.run(ownerNode, { strategy: ['round_robin'], ...params }, { record: id }));
    const candidates = Array.isArray(output.candidates) ? output.candidates.map(asObject) : [];
    const of = (field: string) => Object.fromEntries(candidates.map((one) => [String(one.name), one[field]]));
    return { lead: id, port, output, who: nameOf(output.owner), reasons: of('reason'), why: of('why') };
  };
  const several = (count: number, params: JsonObject, lead?: JsonObject) => Array.from({ length: count }, () => assign(params, lead).who);
  return { b, ids, assign, several };
}

describe('several pools', () => {
  const tiers = {
    pool: [
      { team: 'top', when: '= record.score >= 80' },
      { team: 'senior', when: '= record.score >= 60' },
      { team: 'middle', when: '= record.score >= 40' },
    ],
  };
  const people = { top: { olga: {} }, senior: { ivan: {}, anna: {} }, middle: { petr: {} } };

  it('are asked in order, those that count for the record', () => {
    const { assign } = office(people);
    expect([95, 70, 65, 45, 10].map((score) => assign(tiers, { score }).who)).toEqual(['olga', 'ivan', 'anna', 'petr', null]);
  });

  it('give the record to the next one where nobody of the first can take it', () => {
    const { b, ids, assign } = office(people);
    b.update(ids.olga ?? '', { active: false });
    expect(assign(tiers, { score: 90 })).toMatchObject({ who: 'ivan', output: { pool: 'senior' }, why: { olga: 'Not active.' } });
  });

  it('say of nobody that they could take it whose pool had no turn, nor of who would have stood in', () => {
    const { b, ids, assign } = office({ ...people, duty: { vera: {} } });
    b.update(ids.olga ?? '', { active: false });
    const { reasons, output } = assign({ ...tiers, fallback: { duty: ids.vera ?? '' } }, { score: 90 });
    expect(reasons).toEqual({ olga: 'inactive', ivan: 'turn', anna: 'able', petr: 'not_asked', vera: 'not_asked' });
    const able = Array.isArray(output.candidates) ? output.candidates.map(asObject).filter(({ eligible }) => eligible === true) : [];
    expect(able.map(({ name }) => name)).toEqual(['ivan', 'anna']);
  });

  it('know a person of both once', () => {
    const { assign } = office({ one: { olga: { active: false } }, two: { olga: {}, ivan: {} } });
    const { who, output } = assign({ pool: [{ team: 'one' }, { team: 'two' }] });
    expect(who).toBe('ivan');
    expect(output.candidates).toHaveLength(2);
  });

  it('are narrowed by fields, and those who are left take turns', () => {
    const { several } = office({ sales: { olga: { grade: 'senior' }, ivan: {}, anna: { grade: 'senior' } } });
    expect(several(3, { pool: { team: 'sales', where: { grade: 'senior' } } })).toEqual(['olga', 'anna', 'olga']);
    expect(several(2, { pool: { where: { grade: 'senior' } } })).toEqual(['olga', 'anna']);
  });

  it('need a team, a list or fields', () => {
    expect(ownerNode.checkFile({ strategy: ['round_robin'], pool: {} }).problems).not.toEqual([]);
    expect(ownerNode.checkFile({ strategy: ['round_robin'], pool: { team: 'a', users: ['b'] } }).problems).not.toEqual([]);
    expect(ownerNode.checkFile({ strategy: ['round_robin'], pool: [] }).problems).not.toEqual([]);
  });

  it('hold a record only in a queue', () => {
    const { problems } = ownerNode.checkFile({ strategy: ['round_robin'], pool: { team: 'a' }, fallback: { hold: 'P1D' } });
    expect(problems).toMatchObject([{ pointer: '/fallback', message: '"hold" says something only with "queue".' }]);
  });
});

describe('what a person has to have', () => {
  it('a skill on its level at least', () => {
    const { assign } = office({
      sales: { olga: { skills: ['Welding:2'] }, ivan: { skills: ['welding:3', 'gas'] }, anna: { skills: ['welding'] } },
    });
    const needs = (skills: string[]) => assign({ pool: { team: 'sales' }, eligibility: { skills } });
    expect(needs(['welding:3'])).toMatchObject({ who: 'ivan', reasons: { olga: 'skill', anna: 'skill' } });
    expect(needs(['welding:2', 'gas']).who).toBe('ivan');
    expect(needs(['welding']).reasons).not.toContain('skill');
    expect(needs(['welding:4']).port).toBe('nobody');
  });

  it('what is wished for where somebody has it, the first wish first', () => {
    const { several, assign } = office({
      sales: { olga: { regions: ['Perm'], skills: ['gas'] }, ivan: { regions: ['Perm'] }, anna: { regions: ['Moscow'] } },
    });
    const wish = (...prefer: JsonObject[]) => ({ pool: { team: 'sales' }, strategy: [{ prefer }, 'round_robin'] });
    expect(several(3, wish({ regions: 'perm' }))).toEqual(['olga', 'ivan', 'olga']);
    expect(assign(wish({ skills: 'laser' }, { skills: 'gas' }))).toMatchObject({
      who: 'olga',
      output: { method: 'prefer' },
      why: { olga: 'Chosen: fits best.', anna: 'Able to take it, but others fit better.' },
    });
    expect(assign(wish({ regions: 'Omsk' })).port).toBe('assigned');
    expect(several(3, wish({ regions: '= record.region' }))).toHaveLength(3);
  });

  it('not to be one of those who shall not get it this time', () => {
    const { b, ids, assign } = office({ sales: { olga: {}, ivan: {} } });
    const again = { pool: { team: 'sales' }, overwrite: true, eligibility: { except: ['= record.owner'] } };
    expect(assign(again, { owner: ids.olga ?? '' })).toMatchObject({ who: 'ivan', why: { olga: 'Shall not get it this time.' } });
    b.update(ids.ivan ?? '', { active: false });
    expect(assign(again, { owner: ids.olga ?? '' }).port).toBe('nobody');
    expect(assign(again).who).toBe('olga');
  });

  it('done something lately, where idleness counts', () => {
    const { assign } = office({
      sales: {
        olga: { presence: 'online', idle_since: '2027-03-01T08:30:00Z' },
        ivan: { presence: 'online', idle_since: '2027-03-01T08:50:00Z' },
        anna: { presence: 'online' },
      },
    });
    const { reasons, why } = assign({ pool: { team: 'sales' }, eligibility: { presence: { of: ['online'], idle: 'PT15M' } } });
    expect(reasons).toMatchObject({ olga: 'idle', ivan: 'turn', anna: 'able' });
    expect(why.olga).toBe('Has done nothing for 30 min.');
  });

  it("hours in the client's daytime", () => {
    const { assign } = office({ sales: { olga: { time_zone: 'Asia/Vladivostok' }, ivan: { time_zone: 'Europe/Lisbon' }, anna: {} } });
    const day = (zone: string | null, within = 'P1D') =>
      assign({ pool: { team: 'sales' }, eligibility: { daytime: { zone: zone ?? '= record.time_zone', within } } });
    // Office hours of Lisbon are 09:00–18:00 UTC, of Kamchatka 21:00–06:00 UTC, of Vladivostok 23:00–08:00, of Moscow 06:00–15:00.
    expect(day('Asia/Kamchatka')).toMatchObject({ reasons: { olga: 'turn', ivan: 'night', anna: 'night' } });
    expect(day('Asia/Kamchatka').why.ivan).toBe('Works only while it is night for the client.');
    expect(day('Europe/Moscow').reasons).toMatchObject({ olga: 'able', ivan: 'turn' });
    expect(day('Asia/Kamchatka', 'PT2H').port).toBe('nobody');
    expect(day(null).reasons).not.toContain('night');
  });
});

describe('limits', () => {
  it('count for the records that they are for', () => {
    const { b, ids, assign } = office({ sales: { olga: {}, ivan: {} } });
    const target = { load: { entity: 'lead', where: { source: 'fair' } }, max: 2, when: "= record.source = 'fair'" };
    const params = { pool: { team: 'sales' }, eligibility: { capacity: [target, { load: 'open', max: 50, back: 45 }] } };
    for (let i = 0; i < 2; i++) b.create('lead', { name: 'Old', source: 'fair', owner: ids.olga ?? '' });
    expect(assign(params, { source: 'fair' })).toMatchObject({ who: 'ivan', why: { olga: 'Has 2, may have 2.' } });
    expect(assign(params, { source: 'web' }).reasons).toMatchObject({ olga: 'turn' });
  });

  it('of two measures with a way back do not get mixed up', () => {
    const { b, ids, assign } = office({ sales: { olga: {} } });
    const by = (entity: string) => ({ pool: { team: 'sales' }, eligibility: { capacity: { load: { entity }, max: 2, back: 1 } } });
    const deals = [1, 2].map(() => b.create('deal', { name: 'D', owner: ids.olga ?? '' }));
    expect(assign(by('deal')).port).toBe('nobody');
    expect(assign(by('lead')).who).toBe('olga');
    b.update(deals[0]?.id ?? '', { stage: 'lost' });
    expect(assign(by('deal')).why.olga).toBe('Full since 2; has 1, back below 1.');
    expect(assign(by('lead')).who).toBe('olga');
  });

  it('and loads may be the tasks of today or the meetings of this week', () => {
    const { b, ids, several, assign } = office({ sales: { olga: {}, ivan: {} } });
    const [olga, ivan] = [ids.olga ?? '', ids.ivan ?? ''];
    b.create('task', { title: 'T', owner: olga, due_at: '2027-03-01T20:59:00Z' });
    b.create('task', { title: 'T', owner: ivan, due_at: '2027-03-01T21:00:00Z' });
    b.create('task', { title: 'T', owner: ivan, status: 'done', due_at: '2027-03-01T10:00:00Z' });
    expect(several(2, { pool: { team: 'sales' }, strategy: [{ least: 'tasks_today' }] })).toEqual(['ivan', 'ivan']);
    b.create('meeting', { title: 'M', owner: ivan, starts_at: '2027-03-07T20:00:00Z' });
    b.create('meeting', { title: 'M', owner: olga, starts_at: '2027-03-07T21:00:00Z' });
    b.create('meeting', { title: 'M', owner: olga, status: 'cancelled', starts_at: '2027-03-02T09:00:00Z' });
    expect(several(2, { pool: { team: 'sales' }, strategy: [{ least: 'meetings_week' }] })).toEqual(['olga', 'olga']);
    const bad = { entity: 'task', at: 'title', during: 'day' };
    expect(refusal(() => assign({ pool: { team: 'sales' }, strategy: [{ least: bad }] })).code).toBe('ASSIGN_LOAD_FIELD');
  });

  it('who has hardly more than the least is still equal', () => {
    const { b, ids, several } = office({ sales: { olga: {}, ivan: {}, anna: {} } });
    for (let i = 0; i < 2; i++) b.create('deal', { name: 'D', owner: ids.ivan ?? '' });
    for (let i = 0; i < 5; i++) b.create('deal', { name: 'D', owner: ids.anna ?? '' });
    const strategy = [{ least: { entity: 'deal' }, within: 2 }, 'round_robin'];
    expect(several(4, { pool: { team: 'sales' }, strategy })).toEqual(['olga', 'ivan', 'olga', 'ivan']);
  });
});

describe('turns', () => {
  const rr = { pool: { team: 'sales' } };

  it('that were missed are made up for, where it is said so', () => {
    const { b, ids, several } = office({ sales: { olga: {}, ivan: {} } });
    const catchUp = { ...rr, after_absence: 'catch_up' };
    expect(several(2, catchUp)).toEqual(['olga', 'ivan']);
    b.update(ids.olga ?? '', { active: false });
    expect(several(2, catchUp)).toEqual(['ivan', 'ivan']);
    b.update(ids.olga ?? '', { active: true });
    expect(several(4, catchUp)).toEqual(['olga', 'olga', 'olga', 'ivan']);
  });

  it('who is new while somebody catches up begins where the others are', () => {
    const { b, ids, several } = office({ sales: { olga: {}, ivan: {}, anna: { active: false } } });
    const catchUp = { ...rr, after_absence: 'catch_up' };
    several(2, catchUp);
    b.update(ids.olga ?? '', { active: false });
    several(3, catchUp);
    b.update(ids.olga ?? '', { active: true });
    b.update(ids.anna ?? '', { active: true });
    expect(several(3, catchUp).filter((who) => who === 'anna')).toHaveLength(0);
    expect(several(6, catchUp).filter((who) => who === 'anna')).toHaveLength(2);
  });

  it('that were for nothing are given back, and do not count for the day', () => {
    const { b, ids, assign, several } = office({ sales: { olga: {}, ivan: {} } });
    const first = assign(rr);
    expect([first.who, assign(rr).who]).toEqual(['olga', 'ivan']);
    expect(left(b.run(creditNode, { team: 'sales' }, { record: first.lead })).output).toEqual({ user: ids.olga });
    expect(several(3, rr)).toEqual(['olga', 'olga', 'ivan']);
    expect(several(1, { ...rr, eligibility: { caps: { day: 3 } } })).toEqual(['olga']);
    expect(refusal(() => b.run(creditNode, { team: 'sales', user: 'gone' })).code).toBe('NODE_RECORD_ID');
  });
});

/** What may happen between two assignments. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'assign' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 90 }) }) },
);

describe('whatever happens in between', () => {
  it('nobody away gets a record, no cap and no capacity is passed, and nobody is left out while there is room', () => {
    const limits = fc.record({
      max: fc.integer({ min: 1, max: 6 }),
      lower: fc.nat(3),
      hour: fc.integer({ min: 1, max: 5 }),
      strategy: fc.constantFrom<JsonObject['strategy'][]>(
        ['round_robin'],
        [{ least: 'open' }, 'round_robin'],
        [{ least: 'given_hour' }],
        ['random'],
      ),
      after_absence: fc.constantFrom('hold', 'catch_up'),
    });
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 5 }), fc.array(happening, { maxLength: 60 }), (limit, size, happenings) => {
        const names = Array.from({ length: size }, (_, i) => `p${i}`);
        const { b, ids, assign } = office({ sales: Object.fromEntries(names.map((name) => [name, {}])) });
        const { max, lower, hour, strategy, after_absence } = limit;
        const capacity = { load: 'open', max, back: Math.max(0, max - lower) };
        const params = { pool: { team: 'sales' }, eligibility: { capacity, caps: { hour } }, strategy, after_absence };
        const away = new Set<string>();
        const open = new Map<string, string[]>(names.map((name) => [name, []]));
        const given = new Map<string, number>();
        const hourNow = (): string => new Date(b.clock.now()).toISOString().slice(0, 13);
        for (const one of happenings) {
          if (one.kind === 'pass') b.clock.advance(one.minutes * 60_000);
          const who = 'who' in one ? (names[one.who % size] ?? '') : '';
          if (one.kind === 'leave' || one.kind === 'return') {
            b.update(ids[who] ?? '', { active: one.kind === 'return' });
            if (one.kind === 'leave') away.add(who);
            else away.delete(who);
          }
          const last = one.kind === 'close' ? open.get(who)?.pop() : undefined;
          if (last !== undefined) b.update(last, { stage: 'lost' });
          if (one.kind !== 'assign') continue;
          const { who: owner, lead } = assign(params);
          const room = names.filter(
            (name) => !away.has(name) && (open.get(name)?.length ?? 0) < capacity.back && (given.get(`${name} ${hourNow()}`) ?? 0) < hour,
          );
          if (owner === null) {
            expect(room).toEqual([]);
            continue;
          }
          expect(away).not.toContain(owner);
          open.get(owner)?.push(lead);
          const key = `${owner} ${hourNow()}`;
          given.set(key, (given.get(key) ?? 0) + 1);
          expect(open.get(owner)?.length).toBeLessThanOrEqual(max);
          expect(given.get(key)).toBeLessThanOrEqual(hour);
        }
      }),
      { numRuns: 60 },
    );
  });
});
