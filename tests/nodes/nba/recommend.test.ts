import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../../engine/testing.ts';
import { recommendNode } from '../../../nodes/nba/recommend.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { refusal } from '../../support/refusal.ts';
import { left } from '../support.ts';

const CALL: JsonObject = { action: 'call', title: 'Call now', probability: 0.35, minutes: 15 };
const MAIL: JsonObject = { action: 'mail', title: 'Write a mail', probability: 0.15, minutes: 5 };

const openBench = (deal: JsonObject = {}, locale: 'en' | 'ru' = 'en') => {
  const b = new NodeBench({ locale });
  const { id } = b.create('deal', { name: 'Big', budget: { amount: 500_000, currency: 'RUB' }, ...deal });
  const recommend = (more: JsonObject = {}) =>
    b.run(recommendNode, { worth: '= record.budget', nothing: 0.1, actions: [CALL, MAIL], ...more }, { record: id });
  return { b, id, recommend, output: (more: JsonObject = {}) => left(recommend(more)).output };
};

describe('nba.recommend', () => {
  it('weighs a call, a mail and doing nothing to the unit, and says the sum', () => {
    const { recommend } = openBench();
    const outcome = recommend();
    expect(left(outcome)).toMatchObject({
      port: 'action',
      output: {
        action: 'call',
        title: 'Call now',
        value: 175_000,
        gain: 125_000,
        why: '35 % of 500,000 RUB is 175,000 RUB, for 15 minutes: 3.5 times doing nothing.',
        ranked: [
          { action: 'call', value: 175_000, times: 3.5 },
          { action: 'mail', value: 75_000, times: 1.5 },
          { action: null, value: 50_000, times: 1 },
        ],
      },
    });
    expect(outcome.events).toMatchObject([
      { type: 'record.created', topic: 'recommendation' },
      { type: 'nba.recommended', topic: 'call', data: { value: 175_000 } },
    ]);
  });

  it('says it in Russian where the workflow does', () => {
    const { why } = openBench({}, 'ru').output();
    expect(String(why).replaceAll(/\s/g, ' ')).toBe(
      '35 % от 500 000 RUB — это 175 000 RUB за 15 мин: в 3,5 раза больше, чем без действий.',
    );
  });

  it('counts the margin, and what the minutes cost', () => {
    const { output } = openBench();
    expect(output({ margin: 0.2, minute_cost: 2_000 })).toMatchObject({
      ranked: [
        { action: null, value: 10_000 },
        { action: 'mail', value: 5_000 },
        { action: 'call', value: 5_000 },
      ],
    });
  });

  it('leaves by "nothing" where that is best, and tells nobody', () => {
    const { recommend } = openBench();
    const outcome = recommend({ nothing: 0.5 });
    expect(left(outcome)).toMatchObject({ port: 'nothing', output: { action: null, title: null, value: 250_000, gain: 0 } });
    expect(outcome.events).toEqual([]);
  });

  it('offers only what may be done', () => {
    expect(openBench({ stage: 'proposal' }).output({ actions: [{ ...CALL, when: "record.stage = 'qualification'" }, MAIL] })).toMatchObject(
      { action: 'mail' },
    );
  });

  it('lets an action rest for its time after it was recommended', () => {
    const { b, output } = openBench();
    const actions = [{ ...CALL, cool_down: 'P2D' }, MAIL];
    expect(output({ actions })).toMatchObject({ action: 'call', resting: [] });
    b.clock.advance(48 * 3_600_000 - 1);
    expect(output({ actions })).toMatchObject({ action: 'mail', resting: ['call'] });
    b.clock.advance(1);
    expect(output({ actions })).toMatchObject({ action: 'call', resting: [] });
  });

  it('tells what an hour of waiting loses', () => {
    const urgent = { ...CALL, probability: 0.68, later: { probability: 0.34, in: 'P3D' } };
    expect(openBench().output({ actions: [urgent] })).toMatchObject({ loss_per_hour: (0.34 * 500_000) / 72 });
  });

  it('weighs an action by what its own success is worth', () => {
    const upgrade = { ...MAIL, action: 'upgrade', worth: { amount: 2_000_000, currency: 'RUB' } };
    expect(openBench().output({ actions: [CALL, upgrade] })).toMatchObject({ action: 'upgrade', value: 300_000 });
  });

  it.each<[string, JsonObject, JsonObject, string, string]>([
    ['an amount that is not known', { budget: null }, {}, 'DECISION_INVALID', 'What success is worth is not known.'],
    [
      'a probability that is not known',
      {},
      { nothing: '= record.chance' },
      'DECISION_INVALID',
      'The probability without doing anything is not known.',
    ],
    ['a probability above 1', {}, { actions: [{ ...CALL, probability: 35 }] }, 'PROBABILITY_INVALID', '35'],
    ['a negative profit', { budget: { amount: -5, currency: 'RUB' } }, {}, 'WORTH_INVALID', '-5'],
    ['mixed currencies', {}, { actions: [{ ...CALL, worth: { amount: 5, currency: 'EUR' } }] }, 'CURRENCIES_MIXED', 'EUR'],
  ])('refuses %s, and takes it for no nought', (_what, deal, more, code, words) => {
    const error = refusal(() => openBench(deal).recommend(more));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });
});
