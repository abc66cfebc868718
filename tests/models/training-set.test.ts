import { describe, expect, it } from 'vitest';
import { gather, together } from '../../engine/models/training-set.ts';
import type { ModelDefinition } from '../../schemas/model.ts';
import { BEGIN, DAY, deal, entities, type Past, WON } from './support.ts';

const gathered = (pasts: readonly Past[], more: Partial<ModelDefinition> = {}, nowDay = 100) =>
  gather(
    pasts.map(({ row }) => row),
    new Map(pasts.map(({ row, changes }) => [row.id, changes])),
    { definition: { ...WON, ...more }, entity: entities.require('deal'), entities, now: BEGIN + nowDay * DAY, random: () => 0.5 },
  );

const rub = (amount: number) => ({ amount, currency: 'RUB' });

describe('what a model learns from', () => {
  it('is what was known when the record came in, not what is known now', () => {
    const past = deal(
      1,
      [0, { name: 'A', source: 'ads', amount: rub(100) }],
      [5, { amount: rub(900), source: 'referral' }],
      [9, { stage: 'won' }],
      [12, { amount: rub(5) }],
    );
    expect(gathered([past]).rows).toEqual([{ at: BEGIN + 9 * DAY, success: 1, values: ['ads', 100, null] }]);
  });

  it('is what was known a while after that, where the model looks later', () => {
    const past = deal(1, [0, { name: 'A', source: 'ads' }], [5, { amount: rub(900) }], [9, { stage: 'lost' }], [12, { source: 'x' }]);
    expect(gathered([past], { seenAfter: 'P7D' }).rows).toEqual([{ at: BEGIN + 9 * DAY, success: 0, values: ['ads', 900, null] }]);
  });

  it('leaves out open records, and counts a deal that was reopened and closed again by its last outcome', () => {
    const open = deal(1, [0, { name: 'A' }], [3, { stage: 'negotiation' }]);
    const twice = deal(2, [0, { name: 'B' }], [3, { stage: 'lost' }], [6, { stage: 'new' }], [8, { stage: 'won' }]);
    expect(gathered([open, twice]).rows).toMatchObject([{ at: BEGIN + 8 * DAY, success: 1 }]);
  });

  it('takes the moment of the outcome from the field that says it', () => {
    const past = deal(1, [0, { name: 'A' }], [9, { stage: 'won', closed_at: '2026-01-08T00:00:00Z' }]);
    expect(gathered([past], { known: 'closed_at' }).rows).toMatchObject([{ at: BEGIN + 7 * DAY }]);
  });

  it('tells in how many closed records a field was filled only with the outcome or after it', () => {
    const late = deal(1, [0, { name: 'A', source: 'ads' }], [9, { stage: 'lost', refusal_reason: 'price' }]);
    const later = deal(2, [0, { name: 'B' }], [9, { stage: 'lost' }], [10, { refusal_reason: 'price' }]);
    const before = deal(3, [0, { name: 'C' }], [4, { refusal_reason: 'price' }], [9, { stage: 'lost' }]);
    expect(gathered([late, later, before]).filled).toEqual({
      source: { filled: 1, late: 0 },
      refusal_reason: { filled: 3, late: 2 },
    });
  });

  it.each([
    ['came in with its outcome', deal(1, [0, { name: 'A', stage: 'won' }]), {}, 'MODEL_CLOSED_AT_CREATION'],
    ['does not say when', deal(1, [0, { name: 'A' }], [9, { stage: 'won' }]), { known: 'closed_at' }, 'MODEL_OUTCOME_UNDATED'],
    [
      'has its outcome in the future',
      deal(1, [0, { name: 'A' }], [9, { stage: 'won', closed_at: '2030-01-01T00:00:00Z' }]),
      { known: 'closed_at' },
      'MODEL_OUTCOME_FUTURE',
    ],
    ['was closed before it was looked at', deal(1, [0, { name: 'A' }], [2, { stage: 'won' }]), { seenAfter: 'P3D' }, 'MODEL_OUTCOME_EARLY'],
    ['has ended both ways', deal(1, [0, { name: 'A' }], [9, { stage: 'won' }]), { failure: "stage != 'new'" }, 'MODEL_OUTCOME_BOTH'],
    [
      'makes the condition fail',
      deal(1, [0, { name: 'A' }], [9, { stage: 'won' }]),
      { success: '$number(name) > 1' },
      'MODEL_OUTCOME_FAILED',
    ],
  ])('a record that %s is left out and counted', (_what, past, more, code) => {
    const piece = gathered([past], more);
    expect(piece.rows).toEqual([]);
    expect(piece.left).toEqual({ [code]: { count: 1, records: [past.row.id] } });
  });

  it('records that came in with their outcome count as they came, where the model says so', () => {
    const past = deal(1, [0, { name: 'A', stage: 'won', source: 'ads' }], [5, { source: 'x' }]);
    expect(gathered([past], { closedAtCreation: 'take' }).rows).toEqual([{ at: BEGIN, success: 1, values: ['ads', null, null] }]);
  });

  it('tells the currencies that were met in a field', () => {
    const pasts = [rub(1), { amount: 2, currency: 'EUR' }, rub(3)].map((amount, i) =>
      deal(i, [0, { name: 'A', amount }], [1, { stage: 'won' }]),
    );
    expect(gathered(pasts).currencies).toEqual({ amount: ['RUB', 'EUR'] });
  });

  it('is the same in pieces as at once, by the moments of the outcomes', () => {
    const pasts = [9, 3, 6, 2].map((day, i) =>
      deal(
        i,
        [0, { name: 'A', refusal_reason: i === 1 ? 'x' : null }],
        [day, { stage: i === 2 ? 'won' : 'lost', refusal_reason: 'price' }],
      ),
    );
    pasts.push(deal(9, [0, { name: 'Z', stage: 'won' }]));
    const whole = together([gathered(pasts)]);
    expect(together([gathered(pasts.slice(0, 2)), gathered(pasts.slice(2))])).toEqual(whole);
    expect(whole.rows.map((row) => (row.at - BEGIN) / DAY)).toEqual([2, 3, 6, 9]);
  });
});
