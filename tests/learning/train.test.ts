import { describe, expect, it } from 'vitest';
import {
  auc,
  averageLogOdds,
  calibrationError,
  explain,
  type Model,
  score,
  type TrainOptions,
  train,
} from '../../engine/learning/index.ts';
import { frame, leads, pick, type Row, world } from './world.ts';

const SEED: TrainOptions = { seed: 7 };
const logit = (p: number): number => Math.log(p / (1 - p));
const meanDistance = (a: Float64Array, b: Float64Array): number => a.reduce((sum, p, i) => sum + Math.abs(p - (b[i] ?? 0)), 0) / a.length;

describe('a model', () => {
  const known = leads(4_000, 1);
  const later = leads(2_000, 2);
  const model = train(frame(known.rows), known.outcomes, SEED);

  it('finds the probabilities by which the outcomes were drawn', () => {
    const found = score(model, frame(later.rows));
    expect(meanDistance(found, later.truth)).toBeLessThan(0.035);
    expect(auc(found, later.outcomes)).toBeGreaterThan(auc(later.truth, later.outcomes) - 0.01);
    // The truth itself has an error of 0.03 on so few rows.
    expect(calibrationError(found, later.outcomes)).toBeLessThan(calibrationError(later.truth, later.outcomes) + 0.02);
  });

  it('judges itself by rows that it has not learned from', () => {
    const found = score(model, frame(later.rows));
    expect(model.quality.auc).toBeCloseTo(auc(found, later.outcomes), 1);
    expect(model.quality).toMatchObject({ rows: 4_000, successes: known.outcomes.reduce((sum, y) => sum + y, 0) });
  });

  it('stays a regression where trees find nothing more, and tells of both', () => {
    expect(model.learned.forest).toBeUndefined();
    expect(model.rival?.kind).toBe('trees');
  });

  it('is the same after it was written down and read', () => {
    const read: Model = JSON.parse(JSON.stringify(model));
    expect(score(read, frame(later.rows))).toEqual(score(model, frame(later.rows)));
  });

  it('is the same for the same seed', () => {
    expect(train(frame(known.rows), known.outcomes, SEED)).toEqual(model);
  });

  it('explains each score to the unit: contributions and the average client add up to it', () => {
    const some = frame(later.rows.slice(0, 20));
    const found = score(model, some);
    for (let row = 0; row < 20; row++) {
      const sum = explain(model, some, row).reduce((all, { logOdds }) => all + logOdds, averageLogOdds(model));
      expect(sum).toBeCloseTo(logit(found[row] ?? 0), 9);
    }
  });

  it('names what moved the score, the strongest first, by the value that the row has', () => {
    const [first, second] = explain(model, frame([{ source: 'referral', size: 'small', hours: null, noise: 'a' }]), 0);
    expect([first, second]).toMatchObject([
      { column: 'source', value: 'referral' },
      { column: 'hours', value: null },
    ]);
    expect(first?.logOdds).toBeGreaterThan(0);
    expect(second?.logOdds).toBeLessThan(0);
  });

  it.each<[string, Row]>([
    ['a level that it has not seen', { source: 'carrier pigeon', size: 'large', hours: 3, noise: 'a' }],
    ['a number beyond all it has seen', { source: 'site', size: 'large', hours: 1e9, noise: 'a' }],
    ['nothing that is known', { source: null, size: null, hours: null, noise: null }],
    ['fields of another record', { colour: 'red' }],
  ])('gives a probability also for %s', (_what, row) => {
    const [p = Number.NaN] = score(model, frame([row]));
    expect(p > 0 && p < 1).toBe(true);
  });
});

describe('a factor that is there twice', () => {
  it('counts once: scores stay as they were', () => {
    const { rows, outcomes } = leads(2_000, 3);
    const twice = rows.map((row) => ({
      ...row,
      origin: `from ${row.source}`,
      minutes: typeof row.hours === 'number' ? row.hours * 60 : null,
    }));
    const [once, doubled] = [train(frame(rows), outcomes, SEED), train(frame(twice), outcomes, SEED)];
    expect(doubled.leftOut).toMatchObject([
      { column: 'origin', why: 'same', as: 'source' },
      { column: 'minutes', why: 'same', as: 'hours' },
    ]);
    expect(score(doubled, frame(twice))).toEqual(score(once, frame(rows)));
  });

  it('counts hardly more where it is written a little differently', () => {
    const { rows, outcomes } = leads(3_000, 4);
    const close = rows.map((row, i) => ({ ...row, origin: i % 50 === 0 ? 'unclear' : (row.source ?? null) }));
    const [once, doubled] = [
      train(frame(rows), outcomes, { ...SEED, kind: 'regression' }),
      train(frame(close), outcomes, { ...SEED, kind: 'regression' }),
    ];
    expect(meanDistance(score(once, frame(rows)), score(doubled, frame(close)))).toBeLessThan(0.01);
  });
});

describe('what a model must not see', () => {
  it('is a field that tells the outcome too well alone: it is named and left out', () => {
    const { rows, outcomes } = leads(1_000, 5);
    const leaking = rows.map((row, i) => ({ ...row, contract: outcomes[i] === 1 && i % 40 > 0 ? 'signed' : 'none', plan: 'x' }));
    const model = train(frame(leaking), outcomes, SEED);
    expect(model.leftOut).toMatchObject([
      { column: 'contract', why: 'leak' },
      { column: 'plan', why: 'constant' },
    ]);
    expect(model.bins.map(({ name }) => name)).toEqual(['source', 'size', 'hours', 'noise']);
  });
});

describe('trees', () => {
  /** Mail works with the small, calls with the large: neither says anything alone. */
  const crossed = (seed: number) =>
    world(
      3_000,
      seed,
      (random) => ({ way: pick(['mail', 'call'], random), size: pick(['small', 'large'], random), age: Math.floor(random() * 60) }),
      ({ way, size, age }) => ((way === 'mail') === (size === 'small') ? 1.5 : -1.5) + (Number(age) > 30 ? 0.5 : -0.5),
    );

  it('are grown where factors matter together, and are explained as exactly', () => {
    const [known, later] = [crossed(1), crossed(2)];
    const model = train(frame(known.rows), known.outcomes, SEED);
    expect(model.learned.forest).toBeDefined();
    expect(model.quality.auc).toBeGreaterThan((model.rival?.quality.auc ?? 1) + 0.1);
    const some = frame(later.rows);
    const found = score(model, some);
    expect(meanDistance(found, later.truth)).toBeLessThan(0.05);
    for (let row = 0; row < 10; row++) {
      const sum = explain(model, some, row).reduce((all, { logOdds }) => all + logOdds, averageLogOdds(model));
      expect(sum).toBeCloseTo(logit(found[row] ?? 0), 6);
    }
  });
});

describe('time', () => {
  /** The good source has become the bad one half a year ago. */
  const DAY = 86_400_000;
  const turned = world(
    3_000,
    9,
    (random) => ({ source: pick(['site', 'fair'], random) }),
    ({ source }, i) => ((source === 'site') === i < 1_500 ? 1 : -1),
  );
  const times = Float64Array.from({ length: 3_000 }, (_, i) => (i * DAY) / 8);
  const [site, fair] = [frame([{ source: 'site' }]), frame([{ source: 'fair' }])];

  it('makes what is long past count less', () => {
    const [even, fresh] = [
      train(frame(turned.rows), turned.outcomes, SEED),
      train(frame(turned.rows), turned.outcomes, { ...SEED, times, halfLifeDays: 40 }),
    ];
    expect(Math.abs((score(even, site)[0] ?? 0) - (score(even, fair)[0] ?? 0))).toBeLessThan(0.1);
    expect((score(fresh, fair)[0] ?? 0) - (score(fresh, site)[0] ?? 0)).toBeGreaterThan(0.3);
  });

  it('lets later rows judge what earlier ones have taught', () => {
    const { quality } = train(frame(turned.rows), turned.outcomes, { ...SEED, times });
    expect(quality.rows).toBe(1_200);
  });
});

describe('too little to learn from', () => {
  it.each([
    ['fewer than 200 outcomes', 199, 100],
    ['fewer than 30 successes', 1_000, 29],
    ['fewer than 30 failures', 1_000, 971],
  ])('is %s', (_what, count, successes) => {
    const rows = Array.from({ length: count }, (_, i) => ({ n: i % 7 }));
    const outcomes = Uint8Array.from(rows, (_, i) => (i < successes ? 1 : 0));
    expect(() => train(frame(rows), outcomes, SEED)).toThrow(expect.objectContaining({ code: 'TOO_LITTLE_TO_LEARN' }));
  });

  it('is a field that never differs', () => {
    const rows = Array.from({ length: 300 }, () => ({ plan: 'x' }));
    const outcomes = Uint8Array.from(rows, (_, i) => i % 2);
    expect(() => train(frame(rows), outcomes, SEED)).toThrow('No field says anything about the outcome.');
  });
});
