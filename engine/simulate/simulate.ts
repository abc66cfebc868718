/** A simulation: workflows, a world with people in it, and time that passes. */
import type { NamedRecord } from '../../schemas/action.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { TaughtModel } from '../services/models.ts';
import { perform } from './actions/perform.ts';
import { makeRecords } from './actions/records.ts';
import type { WrittenEvent } from './events.ts';
import { Inputs } from './inputs.ts';
import type { WorldLimits } from './limits.ts';
import { learnedBy } from './past/learn.ts';
import { planArrivals } from './script/arrivals.ts';
import { behave } from './script/behaviour.ts';
import type { Script } from './script/read.ts';
import { LoadTally } from './summary/load.ts';
import { namesOfPeople } from './summary/people.ts';
import { RunTally } from './summary/runs.ts';
import { SendingTally } from './summary/sendings.ts';
import { byKeys, type Summary } from './summary/summary.ts';
import { World, type WorldParts } from './world.ts';

export interface SimulationInput {
  workflows: readonly JsonObject[];
  script: Script;
  /** Models that are taught already, beside those of the script, which go before them. */
  models?: readonly TaughtModel[];
  /** There from the beginning, before the workflows are; beside those of the script. */
  records: readonly NamedRecord[];
  events: readonly WrittenEvent[];
  /** Milliseconds since the epoch. */
  start: number;
  /** Milliseconds since the start. */
  span: number;
  seed: number;
  limits?: Partial<WorldLimits>;
}

export interface Simulation {
  world: World;
  summary: Summary;
  /** Ids of all runs, in the order in which they started. */
  runs: string[];
}

/**
 * Equal input gives an equal simulation.
 * @param onMoment called with the part of the time that has passed, 0 to 1; it may wait, and by throwing end everything
 * @throws TaktError WORKFLOW_INVALID, ENTITY_INVALID, MODEL_INVALID, SIMULATION_MODEL, SIMULATION_LIMIT, SIMULATION_NAME_UNKNOWN, and what is wrong with a record
 */
export async function simulate(
  parts: WorldParts,
  input: SimulationInput,
  onMoment: (passed: number) => Promise<void> | void = () => {},
): Promise<Simulation> {
  const { script, start, span, seed, limits } = input;
  const world = new World(parts, { start, seed, outside: script.outside, ...(limits && { limits }) });
  const [runs, sendings, load] = [new RunTally(), new SendingTally(), new LoadTally(parts.tasks)];
  world.hear((fact) => {
    runs.hear(fact);
    sendings.hear(fact);
    load.hear(fact);
  });
  await world.define(script.entities, script.segments);
  await world.teach(await modelsOf(parts, input));
  await world.defineForecasts(script.forecasts);
  await makeRecords(world, script.records, '/records');
  await makeRecords(world, input.records, '');
  await world.publish(input.workflows);
  const inputs = new Inputs();
  behave(world, inputs, script.behaviours);
  planArrivals(world, inputs, script.arrivals);
  planEvents(world, inputs, input.events);
  const until = start + span;
  await world.advanceTo(until, (now) => onMoment(span === 0 ? 1 : (now - start) / span));
  const nameOf = await namesOfPeople(world, load.owners());
  return {
    world,
    runs: runs.ids(),
    summary: {
      seed,
      start: new Date(start).toISOString(),
      until: new Date(until).toISOString(),
      inputs: world.inputs,
      refusedInputs: inputs.refused.toSorted(
        byKeys(
          (row) => row.what,
          (row) => row.code,
        ),
      ),
      ...runs.sum(),
      ...sendings.sum(),
      ...load.sum(start, until, nameOf),
    },
  };
}

/** Those of the script learn; the others have learned. */
async function modelsOf(parts: WorldParts, { script, models = [], start }: SimulationInput): Promise<TaughtModel[]> {
  const own = await learnedBy(parts, script.entities, script.lessons, start);
  const ids = new Set(own.map(({ definition }) => definition.id));
  return [...models.filter(({ definition }) => !ids.has(definition.id)), ...own];
}

/** One after the other, so that what is planned stays short. What lies before the start is done at the start. */
function planEvents(world: World, inputs: Inputs, events: readonly WrittenEvent[]): void {
  const list = events
    .map(({ at, action }) => ({ at: 'moment' in at ? at.moment : world.start + at.offset, action }))
    .sort((a, b) => a.at - b.at);
  const planNext = (index: number): void => {
    const next = list[index];
    if (!next) return;
    world.plan(next.at, async () => {
      await inputs.attempt(next.action.kind, () => perform(world, next.action));
      planNext(index + 1);
    });
  };
  planNext(0);
}
