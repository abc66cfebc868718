/** Records that come from outside by and by. */
import { addWorkingTime, workingTimeBetween } from '../../time/working-time.ts';
import { perform } from '../actions/perform.ts';
import { chanceOf } from '../chance.ts';
import type { Inputs } from '../inputs.ts';
import type { World } from '../world.ts';
import type { ArrivalPlan } from './read.ts';

/** Plans all arrivals. Each moment and each record has a chance of its own, so that one more does not change the others. */
export function planArrivals(world: World, inputs: Inputs, plans: readonly ArrivalPlan[]): void {
  for (const plan of plans) {
    const times = Array.from({ length: plan.count }, (_, i) => momentOf(world, plan, i)).sort((a, b) => a - b);
    planNext(world, inputs, plan, times, 0);
  }
}

/** Spread evenly over the time, or over the working time in it. */
function momentOf(world: World, { as, from, over, hours }: ArrivalPlan, index: number): number {
  const start = world.start + from;
  const part = chanceOf(world.seed, 'arrival', as, index).next();
  if (!hours) return start + Math.floor(over * part);
  return addWorkingTime(hours, start, Math.floor(workingTimeBetween(hours, start, start + over) * part));
}

/** One after the other, so that what is planned stays short. */
function planNext(world: World, inputs: Inputs, plan: ArrivalPlan, times: readonly number[], index: number): void {
  const at = times[index];
  if (at === undefined) return;
  const { as, entity } = plan;
  const n = index + 1;
  world.plan(at, async () => {
    await inputs.attempt(`create ${entity}`, async () => {
      const random = chanceOf(world.seed, 'data', as, index);
      const data = plan.data({ scope: { n, at: new Date(at).toISOString() }, now: at, random });
      await perform(world, { kind: 'create', entity, data, as: `${as}-${n}` });
    });
    planNext(world, inputs, plan, times, n);
  });
}
