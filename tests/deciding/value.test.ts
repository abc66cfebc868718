import { describe, expect, it } from 'vitest';
import { type Candidate, type Decision, gains, rank, waitingOf } from '../../engine/deciding/index.ts';
import { codeOf, codesOf } from './thrown.ts';

const rubles = (amount: number) => ({ amount, currency: 'RUB' });
const deal: Decision = {
  worth: { kind: 'lifetime', amount: rubles(500_000) },
  costPerMinute: rubles(0),
  nothing: 0.1,
  candidates: [
    { action: 'mail', probability: 0.15, minutes: 5 },
    { action: 'call', probability: 0.35, minutes: 15 },
  ],
};
const call: Candidate = { action: 'call', probability: 0.35, minutes: 15 };

describe('ranking the actions on a record', () => {
  it('puts the call before the mail before doing nothing, to the unit (J07)', () => {
    const { ranked, currency } = rank(deal);
    expect(currency).toBe('RUB');
    expect(ranked.map(({ action, value }) => [action, value])).toEqual([
      ['call', 175_000],
      ['mail', 75_000],
      [null, 50_000],
    ]);
    expect(ranked[0]).toMatchObject({ probability: 0.35, worth: 500_000, minutes: 15, cost: 0, gain: 125_000, times: 3.5 });
    expect(ranked[0]?.gainPerMinute).toBeCloseTo(125_000 / 15, 8);
    expect(ranked[2]).toMatchObject({ gain: 0, gainPerMinute: null, times: 1 });
  });

  it('takes the cost of the time off, so that doing nothing may win', () => {
    const { ranked } = rank({ ...deal, costPerMinute: rubles(10_000) });
    // The call and the mail are worth the same then; the mail is shorter.
    expect(ranked.map(({ action, value, cost }) => [action, value, cost])).toEqual([
      [null, 50_000, 0],
      ['mail', 25_000, 50_000],
      ['call', 25_000, 150_000],
    ]);
  });

  it('takes budget × margin as the profit, and another worth of an action where it has one', () => {
    const upgrade: Candidate = { action: 'upgrade', probability: 0.1, minutes: 5, worth: { kind: 'lifetime', amount: rubles(1_000_000) } };
    const { ranked } = rank({ ...deal, worth: { kind: 'profit', budget: rubles(800_000), margin: 0.25 }, candidates: [call, upgrade] });
    expect(ranked.map(({ action, value }) => [action, value])).toEqual([
      ['upgrade', 100_000],
      ['call', 70_000],
      [null, 20_000],
    ]);
  });

  it('prefers doing nothing, then what is shorter, where values are equal', () => {
    const equal = (action: string, minutes: number): Candidate => ({ action, minutes, probability: 0.1 });
    const { ranked } = rank({ ...deal, candidates: [equal('meeting', 60), equal('mail', 5), equal('note', 5)] });
    expect(ranked.map(({ action }) => action)).toEqual([null, 'mail', 'note', 'meeting']);
  });

  it('knows no multiple of nothing', () => {
    expect(rank({ ...deal, nothing: 0 }).ranked.map(({ times }) => times)).toEqual([null, null, null]);
  });

  it('tells what waiting loses, and what an hour of it costs', () => {
    const urgent: Candidate = { action: 'call', probability: 0.68, minutes: 15, later: { probability: 0.34, hours: 72 } };
    const [first] = rank({ ...deal, candidates: [urgent] }).ranked;
    expect(first?.waiting?.loss).toBeCloseTo(170_000, 6);
    expect(first?.waiting?.perHour).toBeCloseTo(170_000 / 72, 6);
    expect(waitingOf(0.2, { probability: 0.3, hours: 10 }, 1000).loss).toBeCloseTo(-100, 9);
  });

  it.each<[string, Partial<Decision>]>([
    ['WORTH_INVALID', { worth: { kind: 'lifetime', amount: rubles(-1) } }],
    ['WORTH_INVALID', { worth: { kind: 'profit', budget: rubles(100), margin: -0.2 } }],
    ['WORTH_INVALID', { worth: { kind: 'profit', budget: rubles(100), margin: 22 } }],
    ['WORTH_INVALID', { worth: { kind: 'lifetime', amount: rubles(Number.NaN) } }],
    ['WORTH_INVALID', { costPerMinute: rubles(-1) }],
    ['CURRENCIES_MIXED', { costPerMinute: { amount: 0, currency: 'EUR' } }],
    ['CURRENCIES_MIXED', { candidates: [{ ...call, worth: { kind: 'lifetime', amount: { amount: 1, currency: 'USD' } } }] }],
    ['PROBABILITY_INVALID', { nothing: 1.1 }],
    ['PROBABILITY_INVALID', { nothing: Number.NaN }],
    ['PROBABILITY_INVALID', { candidates: [{ ...call, probability: -0.1 }] }],
    ['PROBABILITY_INVALID', { candidates: [{ ...call, later: { probability: 2, hours: 1 } }] }],
    ['MINUTES_INVALID', { candidates: [{ ...call, minutes: -5 }] }],
    ['DECISION_INVALID', { candidates: [{ ...call, later: { probability: 0.1, hours: 0 } }] }],
    ['DECISION_INVALID', { candidates: [call, call] }],
  ])('refuses bad input with %s: %o', (code, change) => {
    expect(codeOf(() => rank({ ...deal, ...change }))).toBe(code);
  });

  it('tells all problems at once', () => {
    const bad = () => rank({ ...deal, nothing: -1, candidates: [{ ...call, minutes: Number.NaN }] });
    expect(codesOf(bad)).toEqual(['PROBABILITY_INVALID', 'MINUTES_INVALID']);
  });
});

describe('the gains of many', () => {
  const records = { worth: Float64Array.of(500_000, 1000), nothing: Float64Array.of(0.1, 0.5) };

  it('are those of the ranking', () => {
    const actions = {
      record: Int32Array.of(0, 0, 1),
      probability: Float64Array.of(0.35, 0.15, 0.25),
      minutes: Float64Array.of(15, 5, 5),
    };
    const expected = [125_000 - 1500, 25_000 - 500, -250 - 500];
    for (const [i, gain] of gains(actions, records, 100).entries()) expect(gain).toBeCloseTo(expected[i] ?? 0, 6);
  });

  it.each([
    ['PROBABILITY_INVALID', { probability: Float64Array.of(Number.NaN) }],
    ['MINUTES_INVALID', { minutes: Float64Array.of(2000) }],
    ['DECISION_INVALID', { record: Int32Array.of(2) }],
    ['DECISION_INVALID', { minutes: Float64Array.of() }],
  ])('refuses bad columns with %s: %o', (code, change) => {
    const action = { record: Int32Array.of(0), probability: Float64Array.of(0.1), minutes: Float64Array.of(5) };
    expect(codeOf(() => gains({ ...action, ...change }, records, 0))).toBe(code);
  });
});
