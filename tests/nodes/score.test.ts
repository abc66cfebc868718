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

describe('points for events', () => {
  const DAY = 86_400_000;
  const changed = { types: ['record.updated'], half_life: 'P7D' };

  /** A lead that was changed so many days ago, the first longest ago. */
  function scored(daysAgo: readonly number[], rule: JsonObject, params: JsonObject = {}) {
    const b = new NodeBench();
    const { id } = b.create('lead', { name: 'Ann' });
    let ago = daysAgo[0] ?? 0;
    for (const [i, days] of daysAgo.entries()) {
      b.clock.advance((ago - days) * DAY);
      ago = days;
      b.update(id, { city: `City ${i}` });
    }
    b.clock.advance(ago * DAY);
    return left(b.run(pointsNode, { rules: [{ events: changed, points: 16, reason: 'Stirs', ...rule }], ...params }, { record: id }))
      .output;
  }

  it('halve with time: after one half-life, two, and a part of one', () => {
    expect(scored([0], {}).score).toBe(16);
    expect(scored([7], {}).score).toBe(8);
    expect(scored([14], {}).score).toBe(4);
    expect(scored([3.5], {}).score).toBe(11.31);
  });

  it('add up, and the reason says how many there were', () => {
    expect(scored([14, 7, 0], {})).toMatchObject({ score: 28, reasons: [{ reason: 'Stirs', points: 28, times: 3 }] });
  });

  it('are not more than the most of their rule, above nought or below', () => {
    expect(scored([7, 1, 0], { most: 20 }).score).toBe(20);
    expect(scored([7, 1, 0], { points: -16, most: 20 }).score).toBe(-20);
  });

  it('all count alike without a half-life, and what is too long ago does not count', () => {
    expect(scored([80, 7, 0], { events: { types: ['record.updated'] } }).score).toBe(48);
    expect(scored([91, 7, 0], { events: { types: ['record.updated'] } }).score).toBe(32);
    expect(scored([7, 2, 0], { events: { types: ['record.updated'], within: 'P3D' } }).score).toBe(32);
  });

  it('give no reason where nothing has happened, or the rule does not hold', () => {
    expect(scored([0], { events: { types: ['message.opened'] } })).toMatchObject({ score: 0, reasons: [] });
    expect(scored([0], { when: "record.source = 'x'" })).toMatchObject({ score: 0, reasons: [] });
  });

  it('count more events than one question gives', () => {
    expect(scored(Array<number>(250).fill(0), { points: 0.1 }).score).toBe(25);
  });
});
