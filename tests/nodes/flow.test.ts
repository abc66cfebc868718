import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { setNode } from '../../nodes/data/set.ts';
import { endNode } from '../../nodes/flow/end.ts';
import { ifNode } from '../../nodes/flow/if.ts';
import { switchNode } from '../../nodes/flow/switch.ts';
import { waitNode } from '../../nodes/flow/wait.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

const START = '2027-01-04T09:00:00.000Z';
const bench = (timezone = 'UTC'): NodeBench => new NodeBench({ now: START, timezone });

describe('flow.if', () => {
  it('goes by yes where the condition holds, else by no', () => {
    const b = bench();
    const { id } = b.create('lead', { name: 'Ann', score: 80 });
    expect(left(b.run(ifNode, { when: 'record.score >= 80' }, { record: id }))).toEqual({ port: 'yes', output: { holds: true } });
    expect(left(b.run(ifNode, { when: 'record.score > 80' }, { record: id })).port).toBe('no');
  });

  it('takes a condition about nothing as not met', () => {
    expect(left(bench().run(ifNode, { when: 'record.score >= 80' })).port).toBe('no');
  });
});

describe('flow.switch', () => {
  const cases = [
    { port: 'vip', when: 'record.score >= 80' },
    { port: 'warm', when: 'record.score >= 40' },
  ];

  it('has a port for each case, and else', () => {
    expect(switchNode.ports({ cases })).toEqual(['vip', 'warm', 'else']);
  });

  it.each([
    [100, 'vip'],
    [80, 'vip'],
    [79.9, 'warm'],
    [40, 'warm'],
    [39, 'else'],
  ])('sends a score of %d to %s', (score, port) => {
    const b = bench();
    const { id } = b.create('lead', { name: 'Ann', score });
    expect(left(b.run(switchNode, { cases }, { record: id }))).toEqual({ port, output: { port } });
  });

  it('does not ask the cases below the first that holds', () => {
    const failing = { port: 'later', when: '$error("asked")' };
    expect(left(bench().run(switchNode, { cases: [{ port: 'first', when: 'true' }, failing] })).port).toBe('first');
    expect(refusal(() => bench().run(switchNode, { cases: [failing] })).code).toBe('EXPR_RUNTIME');
  });

  it('does not let a case take the name of a port that is there anyway', () => {
    for (const port of ['else', 'error', 'Vip', ''])
      expect(switchNode.checkFile({ cases: [{ port, when: 'true' }] }).problems).toMatchObject([{ pointer: '/cases/0/port' }]);
  });
});

describe('flow.wait', () => {
  const until = (iso: string) => ({ kind: 'wait', wait: { kind: 'time', until: Date.parse(iso) } });

  it('waits for a length of time from now', () => {
    expect(bench().run(waitNode, { for: 'P1DT30M' }).result).toMatchObject(until('2027-01-05T09:30:00Z'));
  });

  it('counts from the start of the run where it is told to', () => {
    const options = { startedAt: '2027-01-01T00:00:00Z' };
    expect(bench().run(waitNode, { for: 'P7D', from: 'enrolment' }, options).result).toMatchObject(until('2027-01-08T00:00:00Z'));
  });

  it('waits until a moment', () => {
    expect(bench().run(waitNode, { until: '2027-02-01T12:00:00+03:00' }).result).toMatchObject(until('2027-02-01T09:00:00Z'));
  });

  it('reads a moment without an offset as local time of the workflow', () => {
    const moscow = bench('Europe/Moscow');
    expect(moscow.run(waitNode, { until: '2027-02-01T12:00:00' }).result).toMatchObject(until('2027-02-01T09:00:00Z'));
    expect(moscow.run(waitNode, { until: '2027-02-01' }).result).toMatchObject(until('2027-01-31T21:00:00Z'));
  });

  it.each([
    ['Europe/Berlin', '2027-03-28T02:30:00', '2027-03-28T01:30:00Z'],
    ['Europe/Berlin', '2027-10-31T02:30:00', '2027-10-31T00:30:00Z'],
    ['America/New_York', '2027-03-14T02:30:00', '2027-03-14T07:30:00Z'],
    ['America/New_York', '2027-11-07T01:30:00', '2027-11-07T05:30:00Z'],
  ])('in %s, %s is one moment also in the nights when clocks change', (zone, local, utc) => {
    expect(bench(zone).run(waitNode, { until: local }).result).toMatchObject(until(utc));
  });

  it('goes on at once where the moment has passed, or is now', () => {
    for (const until of ['2020-01-01T00:00:00Z', START]) expect(left(bench().run(waitNode, { until })).port).toBe('next');
    expect(left(bench().run(waitNode, { for: 'PT0S' })).port).toBe('next');
  });

  it('goes on with the moment that was waited for', () => {
    const b = bench();
    const { result } = b.run(waitNode, { for: 'PT5M' });
    const memo = result.kind === 'wait' ? result.memo : undefined;
    expect(left(b.resume(waitNode, { kind: 'time' }, memo))).toEqual({ port: 'next', output: { until: '2027-01-04T09:05:00.000Z' } });
  });

  it('refuses both ways of saying how long, and none', () => {
    expect(waitNode.checkFile({ for: 'P1D', until: '2027-02-01' }).problems).not.toEqual([]);
    expect(waitNode.checkFile({}).problems).not.toEqual([]);
    expect(waitNode.checkFile({ for: 'a day' }).problems).toMatchObject([{ pointer: '/for' }]);
  });

  it('tells what is not a moment', () => {
    for (const value of ['tomorrow', '2027-13-01T00:00:00Z', '+123456-01-01T00:00:00Z'])
      expect(refusal(() => bench().run(waitNode, { until: value }))).toMatchObject({ code: 'NODE_TIME' });
  });

  it('an expression that finds nothing is an error, not a wait of no length', () => {
    expect(refusal(() => bench().run(waitNode, { until: '= record.deadline' })).code).toBe('NODE_PARAMS');
  });

  it('any moment given as an instant is kept to the millisecond', () => {
    const moment = fc.date({ min: new Date(START), max: new Date('2999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        const { result } = bench('Asia/Kolkata').run(waitNode, { until: date.toISOString() });
        if (date.getTime() > Date.parse(START)) expect(result).toMatchObject({ wait: { until: date.getTime() } });
      }),
    );
  });
});

describe('flow.end', () => {
  it('ends the run, or only its branch, and says how', () => {
    expect(bench().run(endNode, { outcome: 'not a fit' }).result).toEqual({ kind: 'end', scope: 'run', outcome: 'not a fit' });
    expect(bench().run(endNode, { scope: 'branch' }).result).toEqual({ kind: 'end', scope: 'branch' });
    expect(endNode.ports({})).toEqual([]);
  });
});

describe('data.set', () => {
  it('keeps values for later nodes', () => {
    const b = bench();
    const outcome = b.run(setNode, { values: { twice: '= vars.once * 2', list: [1, '= vars.once'] } }, { vars: { once: 4 } });
    expect(outcome.vars).toEqual({ twice: 8, list: [1, 4] });
    expect(left(outcome).output).toEqual({ twice: 8, list: [1, 4] });
    expect(setNode.vars({ values: { twice: 1, list: [] } })).toEqual(['twice', 'list']);
  });

  it('refuses names that could not be read later', () => {
    for (const name of ['Bad Name', '__proto__', '1st'])
      expect(setNode.checkFile({ values: JSON.parse(`{"${name}": 1}`) }).problems.length).toBeGreaterThan(0);
  });
});
