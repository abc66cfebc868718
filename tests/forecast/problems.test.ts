import { describe, expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { channelPotential, type Deal, forecast, plansOf, qualityOf } from '../../engine/forecast/index.ts';
import { at, DAY, deal } from './support.ts';

const now = at('2026-03-01');
const closed = (count: number): Deal[] =>
  Array.from({ length: count }, (_, i) =>
    deal(`c${i}`, { openedAt: now - 60 * DAY + i * DAY, closedAt: now - 30 * DAY + i * DAY, won: i % 3 === 0 }),
  );
const enough = closed(25);

function problem(deals: readonly Deal[], options: Partial<Parameters<typeof forecast>[1]> = {}): TaktError {
  try {
    forecast(deals, { now, months: 1, ...options });
  } catch (thrown) {
    if (thrown instanceof TaktError) return thrown;
    throw thrown;
  }
  throw new Error('No problem was found.');
}

describe('what cannot be forecast is told', () => {
  it.each([
    ['a negative profit', { profit: -1 }, 'FORECAST_PROFIT', 'Deal "bad": its profit is -1.'],
    ['a profit that is no number', { profit: Number.NaN }, 'FORECAST_PROFIT', 'Deal "bad": its profit is NaN.'],
    ['a probability above one', { probability: 1.2 }, 'FORECAST_PROBABILITY', 'Deal "bad": its probability is 1.2.'],
    ['an outcome in the future', { closedAt: now + DAY, won: true }, 'FORECAST_FUTURE', 'so its outcome was not known then'],
    ['a deal that begins later', { openedAt: now + DAY }, 'FORECAST_FUTURE', 'it begins after'],
    ['a moment without an outcome', { closedAt: now - DAY, won: null }, 'FORECAST_OUTCOME', 'neither won nor lost'],
    ['an outcome without a moment', { closedAt: null, won: true }, 'FORECAST_OUTCOME', 'no moment at which it closed'],
    ['a close before the begin', { openedAt: now - DAY, closedAt: now - 2 * DAY, won: false }, 'FORECAST_OUTCOME', 'before it began'],
  ] as const)('%s', (_, given, code, text) => {
    const found = problem([...enough, deal('bad', given)]);
    expect(found.code).toBe('FORECAST_DEALS');
    expect(found.errors.map((one) => one.code)).toEqual([code]);
    expect(found.message).toContain(text);
    expect(found.errors[0]?.place.pointer).toMatch(/^\/25\//);
  });

  it('all bad deals at once, twenty at most', () => {
    const bad = Array.from({ length: 30 }, (_, i) => deal(`bad${i}`, { profit: -1 }));
    expect(problem([...enough, ...bad]).errors).toHaveLength(20);
  });

  it('several currencies', () => {
    const found = problem([...enough, deal('euro', { currency: 'EUR' })]);
    expect(found.code).toBe('FORECAST_CURRENCIES');
    expect(found.message).toBe('The sums are in RUB, EUR.');
  });

  it('too few closed deals: no number at all, also of nothing', () => {
    expect(problem(closed(19)).code).toBe('FORECAST_COLD');
    expect(problem([deal('open')]).message).toBe('0 deals have closed; a forecast needs 20.');
    expect(problem([]).code).toBe('FORECAST_COLD');
    expect(() => forecast(closed(20), { now, months: 1 })).not.toThrow();
  });

  it.each([[{ months: 0 }], [{ months: 25 }], [{ months: 1.5 }], [{ confidence: 1 }], [{ confidence: 0 }], [{ timezone: 'Mars/North' }]])(
    '%j',
    (options) => {
      expect(problem(enough, options).code).toBe('FORECAST_OPTIONS');
    },
  );
});

describe('how a forecast came true', () => {
  it('is forecast / what came, sum by sum, and good from 94 to 106 %', () => {
    expect(qualityOf([{ expected: 94, came: 100 }])).toEqual({ ratio: 0.94, good: true });
    expect(qualityOf([{ expected: 107, came: 100 }]).good).toBe(false);
    const both = [
      { expected: 50, came: 100 },
      { expected: 250, came: 200 },
    ];
    expect(qualityOf(both)).toEqual({ ratio: 1, good: true });
  });

  it('cannot be told where nothing came', () => {
    expect(() => qualityOf([{ expected: 10, came: 0 }])).toThrow(expect.objectContaining({ code: 'FORECAST_NOTHING_CAME' }));
    expect(() => qualityOf([])).toThrow(expect.objectContaining({ code: 'FORECAST_NOTHING_CAME' }));
  });
});

describe('leads', () => {
  const lead = (id: string, profit: number, probability: number, more = {}) => ({
    id,
    receivedAt: at('2026-02-10'),
    profit,
    probability,
    currency: 'RUB',
    person: 'vera',
    channel: 'site',
    ...more,
  });
  const leads = [
    lead('a', 1_000, 0.5),
    lead('b', 2_000, 0.25),
    lead('c', 500, 1, { person: 'oleg', channel: 'mail' }),
    lead('d', 400, 0.1, { person: 'oleg', receivedAt: at('2026-03-02') }),
  ];

  it('make the plan of who received them, scaled to the month', () => {
    const plans = plansOf(leads, (person) => (person === 'vera' ? 0.5 : 0.25));
    expect(plans).toEqual([
      { person: 'vera', leads: 2, received: 1_000, plan: 2_000 },
      { person: 'oleg', leads: 2, received: 540, plan: 2_160 },
    ]);
  });

  it('make no plan on the first morning', () => {
    expect(plansOf(leads, () => 0).map(({ plan }) => plan)).toEqual([null, null]);
    expect(() => plansOf(leads, () => 1.5)).toThrow(expect.objectContaining({ code: 'FORECAST_OPTIONS' }));
  });

  it('are what a channel has brought in a month', () => {
    expect(channelPotential(leads)).toEqual([
      { channel: 'mail', month: '2026-02', leads: 1, potential: 500, expected: 500 },
      { channel: 'site', month: '2026-02', leads: 2, potential: 3_000, expected: 1_000 },
      { channel: 'site', month: '2026-03', leads: 1, potential: 400, expected: 40 },
    ]);
  });

  it('in several currencies, or with a negative profit, make nothing', () => {
    expect(() => channelPotential([...leads, lead('e', 5, 0.5, { currency: 'EUR' })])).toThrow(
      expect.objectContaining({ code: 'FORECAST_CURRENCIES' }),
    );
    expect(() => plansOf([lead('e', -5, 0.5)], () => 1)).toThrow(expect.objectContaining({ code: 'FORECAST_DEALS' }));
    expect(() => plansOf([lead('e', 5, Number.NaN)], () => 1)).toThrow('its probability is NaN');
  });
});
