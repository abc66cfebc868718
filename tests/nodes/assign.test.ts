import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { ownerNode } from '../../nodes/assign/owner.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { asObject, left } from './support.ts';

function team(size: number) {
  const b = new NodeBench();
  const users = Array.from({ length: size }, (_, i) => b.create('user', { name: `Person ${i}`, key: `p${i}` }));
  const sales = b.create('team', { name: 'Sales', key: 'sales', members: users.map((user) => user.id) });
  const assign = (params: JsonObject = {}, lead: JsonObject = {}) => {
    const { id } = b.create('lead', { name: 'Ann', ...lead });
    const { port, output } = left(b.run(ownerNode, { pool: { team: 'sales' }, strategy: ['round_robin'], ...params }, { record: id }));
    return { port, output, owner: b.read(id)?.owner, turn: users.findIndex((user) => user.id === output.owner) };
  };
  const why = (output: JsonObject): Record<string, unknown> =>
    Object.fromEntries((Array.isArray(output.candidates) ? output.candidates : []).map(asObject).map((one) => [String(one.name), one.why]));
  return { b, users, sales, assign, why };
}

describe('assign.owner', () => {
  it('gives records to the members of a team one after the other', () => {
    const { assign } = team(3);
    expect([1, 2, 3, 4, 5].map(() => assign().turn)).toEqual([0, 1, 2, 0, 1]);
  });

  it('writes the owner into the record and says how it came about', () => {
    const { assign, users, why } = team(3);
    assign();
    const { port, output, owner } = assign();
    expect(port).toBe('assigned');
    expect(owner).toBe(users[1]?.id);
    expect(output).toMatchObject({ owner: users[1]?.id, kept: false, method: 'round_robin', pool: 'Sales', queue: null });
    expect(why(output)).toEqual({
      'Person 1': 'Chosen: furthest behind in the turns of 3 who can take it.',
      'Person 0': 'Able to take it, but not chosen.',
      'Person 2': 'Able to take it, but not chosen.',
    });
  });

  it('leaves out who is inactive or deleted, and says so', () => {
    const { b, users, assign, why } = team(4);
    b.update(users[0]?.id ?? '', { active: false });
    b.remove(users[2]?.id ?? '');
    expect([1, 2, 3].map(() => assign().turn)).toEqual([1, 3, 1]);
    expect(why(assign().output)).toMatchObject({ 'Person 0': 'Not active.', 'Person 2': 'Deleted.' });
  });

  it('goes by nobody, with the fallback queue, when nobody can take it', () => {
    const { b, users, assign, why } = team(1);
    b.update(users[0]?.id ?? '', { active: false });
    const { port, output, owner } = assign({ fallback: { queue: 'duty' } });
    expect(port).toBe('nobody');
    expect(owner).toBeUndefined();
    expect(output).toMatchObject({ owner: null, queue: 'duty', method: null });
    expect(why(output)).toEqual({ 'Person 0': 'Not active.' });
  });

  it('goes by nobody where a team has no members', () => {
    expect(team(0).assign().port).toBe('nobody');
  });

  it('keeps an owner that is there, and takes no turn for it', () => {
    const { assign, users } = team(2);
    const { port, output } = assign({}, { owner: users[1]?.id ?? '' });
    expect({ port, output }).toMatchObject({ port: 'assigned', output: { owner: users[1]?.id, kept: true } });
    expect(assign().turn).toBe(0);
  });

  it('replaces the owner where it is told to', () => {
    const { assign, users } = team(2);
    expect(assign({ overwrite: true }, { owner: users[1]?.id ?? '' })).toMatchObject({ turn: 0, owner: users[0]?.id });
  });

  it('finds the team by key, by name, by id, or by an expression', () => {
    const { assign, sales } = team(1);
    for (const named of ['sales', 'Sales', sales.id, "= 'sa' & 'les'"]) expect(assign({ pool: { team: named } }).port).toBe('assigned');
  });

  it('tells when there is no such team, or several of that name', () => {
    const { b, assign } = team(1);
    expect(refusal(() => assign({ pool: { team: 'support' } }))).toMatchObject({ code: 'ASSIGN_TEAM_UNKNOWN' });
    b.create('team', { name: 'Sales' });
    expect(refusal(() => assign({ pool: { team: 'Sales' } }))).toMatchObject({ code: 'ASSIGN_TEAM_AMBIGUOUS' });
    expect(assign({ pool: { team: 'sales' } }).port).toBe('assigned');
  });

  it('takes a list of users by id or key, each once, with a position of its own', () => {
    const { assign, users, why } = team(3);
    assign();
    const pool = { users: ['p2', users[0]?.id ?? '', 'p2', 'gone'] };
    const turns = [1, 2, 3].map(() => assign({ pool }));
    expect(turns.map(({ turn }) => turn)).toEqual([2, 0, 2]);
    expect(why(turns[0]?.output ?? {})).toMatchObject({ gone: 'There is no such user.' });
  });

  it('gives the record to the one who is named', () => {
    const { assign, why } = team(3);
    const fixed = assign({ strategy: ['fixed'], user: 'p2' });
    expect(fixed).toMatchObject({ turn: 2, output: { method: 'fixed' } });
    expect(why(fixed.output)['Person 2']).toBe('Chosen: the user that the workflow names.');
  });

  it('tries the next strategy where one gives nobody', () => {
    const { b, users, assign, why } = team(3);
    b.update(users[2]?.id ?? '', { active: false });
    const second = assign({ strategy: ['fixed', 'round_robin'], user: 'p2' });
    expect(second).toMatchObject({ turn: 0, output: { method: 'round_robin' } });
    expect(why(second.output)['Person 2']).toBe('Not active.');
    expect(assign({ strategy: ['fixed'], user: '= null' }).port).toBe('nobody');
  });

  it('explains at most 50 of a large pool, the chosen one among them', () => {
    const { assign, users, why } = team(80);
    for (let i = 0; i < 60; i++) assign();
    const { output } = assign();
    expect(output.owner).toBe(users[60]?.id);
    expect(Object.keys(why(output))).toHaveLength(50);
    expect(why(output)).toHaveProperty('Person 60');
  });

  it('refuses a strategy without what it needs', () => {
    expect(ownerNode.checkFile({ strategy: ['round_robin'] }).problems).not.toEqual([]);
    expect(ownerNode.checkFile({ strategy: ['fixed'] }).problems).not.toEqual([]);
    expect(ownerNode.checkFile({ strategy: ['fixed'], user: 'p1' }).problems).toEqual([]);
    expect(ownerNode.checkFile({ strategy: ['by_moon'], pool: { team: 'x' } }).problems).toMatchObject([{ pointer: '/strategy/0' }]);
  });

  it('needs a record', () => {
    const run = () => new NodeBench().run(ownerNode, { pool: { team: 'sales' }, strategy: ['round_robin'] });
    expect(refusal(run).code).toBe('RUN_NO_RECORD');
  });

  it('whatever the size of the team, nobody gets more than one record ahead of another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 25 }), (size, leads) => {
        const { assign } = team(size);
        const load = Array.from({ length: size }, () => 0);
        for (let i = 0; i < leads; i++) {
          const { turn } = assign();
          load[turn] = (load[turn] ?? 0) + 1;
        }
        expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(1);
        expect(load.reduce((sum, n) => sum + n, 0)).toBe(leads);
      }),
      { numRuns: 25 },
    );
  });
});
