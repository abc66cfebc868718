import { beforeAll, describe, expect, test } from 'vitest';
import { type Bed, makeBed } from './bed.ts';
import { playSeed } from './seeds.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed();
});

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('worlds full of faults', () => {
  test('come to rest with every rule kept', async () => {
    for (const seed of seeds(1, 150)) {
      const { findings } = await playSeed(bed, seed);
      expect(findings, `seed ${seed}`).toEqual([]);
    }
  });

  test('are the same again for the same seed', async () => {
    for (const seed of seeds(1, 10)) expect(await playSeed(bed, seed)).toEqual(await playSeed(bed, seed));
  });
});
