import { describe, expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import type { Contribution } from '../../engine/learning/index.ts';
import { NodeBench } from '../../engine/testing.ts';
import { modelNode } from '../../nodes/score/model.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

const because = (column: string, logOdds: number): Contribution => ({ column, value: null, logOdds });

interface Asked {
  probability?: number;
  contributions?: Contribution[];
  params?: JsonObject;
  deal?: JsonObject;
  locale?: 'en' | 'ru';
}

/** A bench whose model says what the test wants. */
function ask({ probability = 0.5, contributions = [], params = {}, deal = {}, locale = 'en' }: Asked) {
  const bench = new NodeBench({ locale, predict: () => ({ probability, version: 3, contributions }) });
  const owner = bench.create('user', { name: 'Ann' });
  const { id } = bench.create('deal', { name: 'D', owner: owner.id, ...deal });
  return { ...left(bench.run(modelNode, { model: 'deal-won', ...params }, { record: id })), record: bench.read(id) };
}

const texts = ({ output }: ReturnType<typeof ask>): unknown[] =>
  (Array.isArray(output.reasons) ? output.reasons : []).map((reason) =>
    reason && typeof reason === 'object' ? Reflect.get(reason, 'text') : reason,
  );

describe('score.model', () => {
  it('gives the probability, the version and the priority, and writes nothing unless it is told to', () => {
    const { port, output, record } = ask({ probability: 0.65 });
    expect([port, output]).toEqual(['next', { probability: 0.65, expected_profit: null, priority: 2, reasons: [], version: 3, why: null }]);
    expect(record).not.toHaveProperty('probability');
    expect(ask({ probability: 0.65432, params: { field: 'probability' } }).record).toMatchObject({ probability: 65.43 });
  });

  it.each([
    [0.8, 1],
    [0.79, 2],
    [0.4, 3],
    [0.2, 4],
    [0.1999, 5],
    [0, 5],
  ])('a chance of %d has the priority %d', (probability, priority) => {
    expect(ask({ probability }).output.priority).toBe(priority);
  });

  it('counts the expected profit, and makes the priority of it by the bounds, in whatever order they stand', () => {
    const params = { profit: '= record.budget.amount * record.margin / 100', bounds: [10_000, 500_000, 50_000, 200_000] };
    const deal = { budget: { amount: 1_000_000, currency: 'RUB' }, margin: 30 };
    expect(ask({ probability: 0.7, params, deal }).output).toMatchObject({ expected_profit: 210_000, priority: 2, why: null });
    expect(ask({ probability: 0.01, params, deal }).output).toMatchObject({ expected_profit: 3_000, priority: 5 });
  });

  it('tells of a profit that is not known, and of a loss; neither is taken for nought', () => {
    const params = { profit: '= record.budget.amount * record.margin / 100', bounds: [4, 3, 2, 1] };
    expect(ask({ params }).output).toMatchObject({ expected_profit: null, priority: null, why: { code: 'PROFIT_UNKNOWN' } });
    const deal = { budget: { amount: 1_000, currency: 'RUB' }, margin: -10 };
    expect(ask({ params, deal }).output).toMatchObject({ expected_profit: -50, priority: 5, why: { code: 'PROFIT_NEGATIVE' } });
  });

  it('says why in the words of the entity, the strongest first, each reason once', () => {
    const contributions = [
      because('source', 1.2),
      because('source', 1.1),
      because('stage', -0.9),
      because('budget', 0.4),
      because('subscription', -0.3),
      because('competitor', 0.2),
      because('owner', 0.1),
      because('brand', 0.001),
    ];
    const deal = { source: 'referral', stage: 'proposal', budget: { amount: 1_500_000, currency: 'RUB' } };
    expect(texts(ask({ contributions, deal, params: { reasons: 10 } }))).toEqual([
      'Source: referral – raises the chance strongly',
      'Stage: Proposal – lowers the chance strongly',
      "Client's budget: 1,500,000 RUB – raises the chance",
      'Subscription: no – lowers the chance',
      'Competitor: not known – raises the chance',
      'Owner: Ann – raises the chance',
    ]);
    expect(texts(ask({ contributions, deal }))).toHaveLength(3);
  });

  it('says it in Russian where the workflow does', () => {
    const contributions = [because('source', 1.2), because('budget', -0.4), because('competitor', -0.9), because('subscription', 0.3)];
    const deal = { source: 'сайт', budget: { amount: 1_500, currency: 'RUB' }, subscription: true };
    expect(texts(ask({ contributions, deal, locale: 'ru', params: { reasons: 4 } }))).toEqual([
      'Source: сайт – сильно повышает шанс',
      "Client's budget: 1500 RUB – снижает шанс".replace('1500', (1_500).toLocaleString('ru')),
      'Competitor: неизвестно – сильно снижает шанс',
      'Subscription: да – повышает шанс',
    ]);
  });

  it.each(['MODEL_UNKNOWN', 'MODEL_COLD', 'MODEL_ENTITY', 'MODEL_FIELDS_GONE', 'MODEL_CURRENCIES', 'MODEL_BROKEN'] as const)(
    'leaves by "cold" with the reason, and with no number at all, on %s',
    (code) => {
      const bench = new NodeBench({
        predict: () => {
          throw new TaktError(code, { message: 'So it is.' });
        },
      });
      const { id } = bench.create('deal', { name: 'D' });
      const { port, output } = left(bench.run(modelNode, { model: 'x', field: 'probability' }, { record: id }));
      expect(port).toBe('cold');
      expect(output).toEqual({
        probability: null,
        expected_profit: null,
        priority: null,
        reasons: [],
        version: null,
        why: { code, message: 'So it is.', hint: expect.any(String) },
      });
      expect(bench.read(id)).not.toHaveProperty('probability');
    },
  );

  it('tells when there is no record to score', () => {
    expect(refusal(() => new NodeBench().run(modelNode, { model: 'x' })).code).toBe('RUN_NO_RECORD');
  });
});
