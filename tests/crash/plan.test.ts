import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../engine/ports/random.ts';
import { firstOrders } from './load.ts';
import { faultPlan } from './plan.ts';

describe('the plan of a drill', () => {
  test('the same seed gives the same faults, another one others', () => {
    const plan = (seed: number) => faultPlan(40, seededRandom(seed));
    expect(plan(3)).toEqual(plan(3));
    expect(plan(3)).not.toEqual(plan(4));
  });

  test('has as many kills as were asked for, and cuts and freezes on top', () => {
    const plan = faultPlan(300, seededRandom(1));
    const of = (kind: string) => plan.filter((fault) => fault.kind === kind).length;
    expect(of('kill')).toBe(300);
    expect(of('cut')).toBeGreaterThan(0);
    expect(of('freeze')).toBeGreaterThan(0);
  });

  test('kills everybody: server, workers, sessions and PostgreSQL', () => {
    const victims = new Set(faultPlan(300, seededRandom(1)).flatMap((fault) => (fault.kind === 'kill' ? fault.victim : [])));
    expect([...victims].sort()).toEqual(['postmaster', 'server', 'session', 'worker 1', 'worker 2']);
  });
});

test('the orders of a seed are always the same, each under a name of its own', () => {
  const first = (seed: number) => firstOrders(seededRandom(seed), 200);
  expect(first(5)).toEqual(first(5));
  expect(new Set(first(5).map(({ id }) => id)).size).toBe(200);
});
