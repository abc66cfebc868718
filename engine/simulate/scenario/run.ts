/** Carries a scenario out in a world of its own. */
import type { JsonObject } from '../../../schemas/json.ts';
import { asTaktError, type ErrorData } from '../../errors/index.ts';
import { isObject } from '../../expression/values.ts';
import { makeRecords, performAt } from '../actions/records.ts';
import type { Names } from '../names.ts';
import { learnedBy } from '../past/learn.ts';
import { World, type WorldParts } from '../world.ts';
import { type ComparedEntry, compareTimelines, fieldMisfits, type Misfit } from './compare.ts';
import { pair } from './pairing.ts';
import type { ExpectedFact, ReadScenario, ReadScenarioFile } from './read.ts';
import { recordTimeline, type TimelineEntry } from './timeline.ts';

export interface ScenarioResult {
  name: string;
  passed: boolean;
  /** Where the scenario could not be carried out to its end. */
  error?: ErrorData;
  /** Names are put back where they are known: `@anna`. */
  timeline: ComparedEntry[];
  /** Fields of records that are not as expected in the end. */
  final: { record: string; misfits: Misfit[] }[];
  openTasks: { state: 'missing' | 'extra'; task: JsonObject }[];
}

/**
 * Models have learned before the start, records are made at the start, then the workflows are published, then the steps come at their times.
 * Never throws what goes wrong in the scenario: the result tells it.
 */
export async function runScenario(
  parts: WorldParts,
  file: ReadScenarioFile,
  scenario: ReadScenario,
  workflows: readonly JsonObject[],
): Promise<ScenarioResult> {
  const world = new World(parts, { start: file.start, seed: scenario.seed, outside: scenario.outside });
  let happened: readonly TimelineEntry[] = [];
  try {
    await world.define(file.entities, file.segments);
    await world.teach(await learnedBy(parts, file.entities, scenario.lessons, file.start));
    await world.defineForecasts(file.forecasts);
    await makeRecords(world, file.records, '/records');
    await makeRecords(world, scenario.records, `${scenario.pointer}/records`);
    await world.publish(withSettings(workflows, scenario.settings));
    happened = recordTimeline(world);
    await play(world, scenario);
  } catch (error) {
    const told = asTaktError(error).toData();
    return {
      name: scenario.name,
      passed: false,
      error: told,
      timeline: named(world.names, asHappened(happened)),
      final: [],
      openTasks: [],
    };
  }
  return judge(world, scenario, happened);
}

/** The first workflow is the one beside the file. */
function withSettings(workflows: readonly JsonObject[], settings: JsonObject): readonly JsonObject[] {
  const [own, ...others] = workflows;
  if (own === undefined || Object.keys(settings).length === 0) return workflows;
  const written = isObject(own.settings) ? own.settings : {};
  const merged = Object.entries({ ...written, ...settings }).filter(([, value]) => value !== null);
  return [{ ...own, settings: Object.fromEntries(merged) }, ...others];
}

async function play(world: World, scenario: ReadScenario): Promise<void> {
  for (const { at, action, pointer } of scenario.steps) world.plan(world.start + at, () => performAt(pointer, world, action));
  await world.advanceTo(world.start + scenario.until);
}

async function judge(world: World, scenario: ReadScenario, happened: readonly TimelineEntry[]): Promise<ScenarioResult> {
  const { names } = world;
  const expected = scenario.timeline.map((entry): ExpectedFact => ({ ...entry, wanted: names.resolve(entry.wanted) }));
  const timeline = compareTimelines(expected, happened);
  const final: ScenarioResult['final'] = [];
  for (const [name, fields] of scenario.final) {
    const found = fieldMisfits(names.resolve(fields), await world.engine.records.get(names.idOf(name)));
    if (found.length > 0) final.push({ record: `@${name}`, misfits: found.map((one) => namedMisfit(names, one)) });
  }
  const openTasks =
    scenario.openTasks === undefined
      ? []
      : compareTasks(
          world,
          scenario.openTasks.map((task) => names.resolve(task)),
        );
  const passed = timeline.every((entry) => entry.state === 'as expected') && final.length === 0 && openTasks.length === 0;
  return { name: scenario.name, passed, timeline: named(names, timeline), final, openTasks };
}

function compareTasks(world: World, expected: readonly JsonObject[]): ScenarioResult['openTasks'] {
  const open = world.tasks.list().map((task) => task.fields);
  const pairs = pair(expected.length, open.length, (one, other) => fieldMisfits(expected[one] ?? {}, open[other] ?? {}).length === 0);
  const taken = new Set(pairs);
  const restored = (task: JsonObject): JsonObject => restoredObject(world.names, task);
  return [
    ...expected.flatMap((task, i) => (pairs[i] === undefined ? [{ state: 'missing' as const, task: restored(task) }] : [])),
    ...open.flatMap((task, i) => (taken.has(i) ? [] : [{ state: 'extra' as const, task: restored(task) }])),
  ];
}

const asHappened = (entries: readonly TimelineEntry[]): ComparedEntry[] => entries.map((entry) => ({ state: 'as expected', ...entry }));

const named = (names: Names, entries: readonly ComparedEntry[]): ComparedEntry[] =>
  entries.map(({ likeliest, ...entry }) => ({
    ...entry,
    value: restoredObject(names, entry.value),
    ...(likeliest && { likeliest: { ...likeliest, misfits: likeliest.misfits.map((one) => namedMisfit(names, one)) } }),
  }));

const namedMisfit = (names: Names, { field, wanted, actual }: Misfit): Misfit => ({
  field,
  wanted: names.restore(wanted),
  actual: names.restore(actual),
});

const restoredObject = (names: Names, value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, names.restore(item)]));
