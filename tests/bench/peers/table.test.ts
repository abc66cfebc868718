import { describe, expect, test } from 'vitest';
import type { Round, Worked } from './measure.ts';
import { readStat } from './processor.ts';
import { quiet, quietCells, rateCells, rates } from './table.ts';

const worked = (perSecond: number, ownMs: number, postgresMs: number): Worked => ({ perSecond, ownMs, postgresMs });

const round = (name: string, work: Round['work'], firstStepMs: number[] = [1]): Round => ({
  name,
  work,
  firstStepMs,
  idleBytes: 2 ** 20 * 90,
});

/** The second pair is measured while the machine is half as fast. */
const ROUNDS: Round[] = [
  round('takt', { workflows: worked(3_000, 0.25, 0.25), jobs: worked(5_000, 0.1, 0.1) }, [9, 10, 11]),
  round('queue', { workflows: worked(1_500, 0.5, 0.5), atomic: worked(2_000, 0.25, 0.5), jobs: worked(10_000, 0.05, 0.05) }, [4]),
  round('takt', { workflows: worked(1_500, 0.25, 0.25), jobs: worked(2_500, 0.1, 0.1) }, [20]),
  round('queue', { workflows: worked(750, 0.5, 0.5), atomic: worked(1_000, 0.25, 0.5), jobs: worked(5_000, 0.05, 0.05) }, [5]),
];

describe('The table of the peers', () => {
  test('compares each round with the one of Takt right before it, so that a slower machine changes no ratio', () => {
    expect(rates(ROUNDS).map(({ name, way, takt_over, processor_over_takt }) => [name, way, takt_over, processor_over_takt])).toEqual([
      ['takt', 'workflows', 1, 1],
      ['takt', 'jobs', 1, 1],
      ['queue', 'workflows', 2, 2],
      ['queue', 'atomic', 1.5, 1.5],
      ['queue', 'jobs', 0.5, 0.5],
    ]);
  });

  test('has no line for a way of working that a peer has not', () => {
    expect(rates(ROUNDS).some(({ way }) => way === 'lean')).toBe(false);
  });

  test('tells the slowest and the fastest round', () => {
    expect(rates(ROUNDS)[0]).toMatchObject({ per_s: 3_000, range: [1_500, 3_000] });
    expect(rates(ROUNDS).map(rateCells)[2]).toEqual(['queue', 'workflows', '1,500', '750 – 1,500', '2', '0.5', '0.5', '2']);
  });

  test('takes the waiting time until the first step from the samples of all rounds', () => {
    expect(quiet(ROUNDS).map(quietCells)).toEqual([
      ['takt', '11', '20', '90'],
      ['queue', '5', '5', '90'],
    ]);
  });

  test('is refused where a peer was measured without Takt before it', () => {
    expect(() => rates(ROUNDS.slice(1))).toThrow('Takt was not measured before queue.');
  });
});

test('The processor time of a process is read past a name with brackets and spaces, with that of its ended children', () => {
  const stat = '42 (post) gres: (x) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 99';
  expect(readStat(stat)).toEqual({ parent: 7, ms: 1_270 });
});
