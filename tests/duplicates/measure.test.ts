import { describe, expect, it } from 'vitest';
import { generate } from './measure/generate.ts';
import { measure } from './measure/measure.ts';

describe('2,000 generated records', () => {
  it('are the same again with the same seed', () => {
    expect(generate({ seed: 3, records: 200 })).toEqual(generate({ seed: 3, records: 200 }));
    expect(generate({ seed: 3, records: 200 })).not.toEqual(generate({ seed: 4, records: 200 }));
  });

  it('show their duplicates: hardly any wrong without asking, nearly all suggested', () => {
    const { records, pairs, ...found } = measure({ seed: 1, records: 2_000 });
    expect(records).toBe(2_000);
    expect(pairs).toBeGreaterThan(250);
    expect(found.precision_automatic).toBeGreaterThanOrEqual(0.99);
    expect(found.recall_suggestions).toBeGreaterThanOrEqual(0.9);
    expect(found.recall).toBeGreaterThanOrEqual(0.95);
  });
});
