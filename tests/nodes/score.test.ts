import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { pointsNode } from '../../nodes/score/points.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

const rules: JsonObject[] = [
  { when: "record.source = 'referral'", points: 30, reason: 'Comes by referral' },
  { when: 'record.employees >= 50', points: '= $floor(record.employees / 10)', reason: "= record.employees & ' people'" },
  { when: 'record.do_not_call', points: -20 },
];
const bands = [
  { name: 'hot', from: 80 },
  { name: 'cold', from: 0 },
  { name: 'warm', from: 40 },
];

function score(lead: JsonObject, params: JsonObject = {}) {
  const b = new NodeBench();
  const { id } = b.create('lead', { name: 'Ann', ...lead });
  const { output } = left(b.run(pointsNode, { rules, ...params }, { record: id }));
  return { output, record: b.read(id) };
}

describe('score.points', () => {
  it('adds what every rule that holds gives, and says why', () => {
    const { output, record } = score({ source: 'referral', employees: 120, do_not_call: true }, { bands });
    expect(output).toEqual({
      score: 22,
      band: 'cold',
      reasons: [
        { reason: 'Comes by referral', points: 30 },
        { reason: '120 people', points: 12 },
        { reason: 'Rule 3', points: -20 },
      ],
    });
    expect(record?.score).toBe(22);
  });

  it('begins at the base and stays between the bounds', () => {
    expect(score({}, { base: 5 }).output.score).toBe(5);
    expect(score({ source: 'referral' }, { base: 90, max: 100 }).output.score).toBe(100);
    expect(score({ do_not_call: true }, { min: 0 }).output.score).toBe(0);
  });

  it.each([
    [-1, null],
    [0, 'cold'],
    [39.99, 'cold'],
    [40, 'warm'],
    [79, 'warm'],
    [80, 'hot'],
  ])('a score of %d belongs to the band %s, in whatever order the bands stand', (base, band) => {
    expect(score({}, { base, bands }).output.band).toBe(band);
  });

  it('counts no points where their expression finds nothing, also in a rule that does not hold', () => {
    const shaky = [
      { when: 'true', points: '= record.nothing' },
      { when: 'false', points: '= record.nothing' },
      { when: 'true', points: 1 },
    ];
    const b = new NodeBench();
    expect(left(b.run(pointsNode, { rules: shaky, field: null })).output).toMatchObject({ score: 1 });
  });

  it('writes into another field, or nowhere', () => {
    expect(score({ source: 'referral' }, { field: 'employees' }).record?.employees).toBe(30);
    expect(score({ source: 'referral' }, { field: null }).record).not.toHaveProperty('score');
  });

  it('tells when there is no record to write into', () => {
    expect(refusal(() => new NodeBench().run(pointsNode, { rules })).code).toBe('RUN_NO_RECORD');
  });

  it('an unchanged score is no change of the record', () => {
    const b = new NodeBench();
    const { id } = b.create('lead', { name: 'Ann' });
    expect(b.run(pointsNode, { rules }, { record: id }).events).toHaveLength(1);
    expect(b.run(pointsNode, { rules }, { record: id }).events).toEqual([]);
  });

  it('the score is the base and the reasons added up, and within the bounds', () => {
    const rule = fc.record({ holds: fc.boolean(), points: fc.integer({ min: -1_000, max: 1_000 }) });
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 8 }), fc.integer({ min: -50, max: 50 }), (given, base) => {
        const b = new NodeBench();
        const params = {
          base,
          min: -100,
          max: 100,
          field: null,
          rules: given.map(({ holds, points }) => ({ when: String(holds), points })),
        };
        const sum = given.reduce((total, { holds, points }) => total + (holds ? points : 0), base);
        expect(left(b.run(pointsNode, params)).output.score).toBe(Math.min(100, Math.max(-100, sum)));
      }),
      { numRuns: 50 },
    );
  });
});
