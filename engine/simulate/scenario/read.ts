/** From the text of a scenario file to what a runner needs; everything that is wrong with it is told at once. */

import type { NamedRecord, OutsideRule } from '../../../schemas/action.ts';
import type { ForecastDefinition } from '../../../schemas/forecast.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { ASKED_KINDS, COMPLETE_KINDS, type Expected, type Scenario, ScenarioFile, type TimelineKind } from '../../../schemas/scenario.ts';
import type { SegmentDefinition } from '../../../schemas/segment.ts';
import { TaktError } from '../../errors/index.ts';
import { checker } from '../../schema/checker.ts';
import { checkJsonShape, parseJson } from '../../schema/json.ts';
import { didYouMean } from '../../schema/nearest.ts';
import { parseDuration } from '../../time/duration.ts';
import type { Action } from '../actions/action.ts';
import { readAction } from '../actions/read.ts';
import { nameIn } from '../names.ts';
import { type Lessons, NO_LESSONS, readLessons } from '../past/read.ts';
import { pointerStep } from '../place.ts';

/** What must happen, or must be open in the end. */
export interface ExpectedFact {
  /** Milliseconds since the start. */
  at: number;
  kind: TimelineKind;
  /** The parts that it must have; names are not resolved yet. */
  wanted: JsonObject;
}

interface PlannedStep {
  /** Milliseconds since the start. */
  at: number;
  action: Action;
  pointer: string;
}

export interface ReadScenario {
  name: string;
  /** Where it stands in the file. */
  pointer: string;
  seed: number;
  /** With those of the file, where the scenario does not say otherwise. */
  lessons: Lessons;
  /** In the place of those of the workflow beside the file; null: without it. */
  settings: JsonObject;
  /** Beside those of the file. */
  records: readonly NamedRecord[];
  outside: readonly OutsideRule[];
  /** By time. */
  steps: readonly PlannedStep[];
  /** Milliseconds since the start. */
  until: number;
  /** By time. */
  timeline: readonly ExpectedFact[];
  /** name without the @ → fields */
  final: ReadonlyMap<string, JsonObject>;
  openTasks: readonly JsonObject[] | undefined;
}

export interface ReadScenarioFile {
  recipes: readonly string[];
  /** Paths of further workflow files, relative to this one. */
  workflows: readonly string[];
  entities: NonNullable<ScenarioFile['entities']>;
  segments: readonly SegmentDefinition[];
  forecasts: readonly ForecastDefinition[];
  /** Milliseconds since the epoch. */
  start: number;
  records: readonly NamedRecord[];
  scenarios: readonly ReadScenario[];
}

const fits = checker<ScenarioFile>(() => ScenarioFile);
const MAX_BYTES = 10_000_000;
const MAX_DEPTH = 32;

/** Throws TaktError SCENARIO_INVALID with every problem, each with its pointer. */
export function readScenarios(text: string): ReadScenarioFile {
  if (text.length > MAX_BYTES) throw invalid([problem('', 'The file is larger than 10 MB.')]);
  const value = checkJsonShape(parseJson(text, 'SCENARIO_INVALID'), MAX_DEPTH);
  if (!fits(value)) throw invalid(fits.problems().map((found) => new TaktError('SCENARIO_INVALID', found)));
  const { recipes = [], workflows = [], entities = {}, segments = [], forecasts = [], start, records = [] } = value;
  const problems: TaktError[] = [];
  const common: Common = { records, lessons: readLessons(value, NO_LESSONS, '', 'SCENARIO_INVALID', problems) };
  const scenarios = value.scenarios.map((scenario, i) => readScenario(scenario, common, `/scenarios/${i}`, problems));
  for (const [i, { name }] of scenarios.entries()) {
    if (scenarios.findIndex((other) => other.name === name) < i)
      problems.push(problem(`/scenarios/${i}/name`, `There are two scenarios "${name}".`));
  }
  if (problems.length > 0) throw invalid(problems);
  return { recipes, workflows, entities, segments, forecasts, start: Date.parse(start), records, scenarios };
}

/** What holds in every scenario of the file. */
interface Common {
  records: readonly NamedRecord[];
  lessons: Lessons;
}

function readScenario(scenario: Scenario, common: Common, pointer: string, problems: TaktError[]): ReadScenario {
  const { name, seed = 1, settings = {}, records = [], outside = [], timeline, final = {}, open_tasks: openTasks } = scenario;
  const until = parseDuration(scenario.until);
  const inTime = (at: string, place: string): number => {
    const offset = parseDuration(at);
    if (offset > until) problems.push(problem(`${place}/at`, `${at} is after the end of the scenario, ${scenario.until}.`));
    return offset;
  };
  const steps = scenario.do.flatMap((written, i): PlannedStep[] => {
    const place = `${pointer}/do/${i}`;
    const action = readAction(written, place, 'SCENARIO_INVALID', problems);
    return action ? [{ at: inTime(written.at, place), action, pointer: place }] : [];
  });
  const expected = timeline.flatMap((written, i): ExpectedFact[] => {
    const place = `${pointer}/timeline/${i}`;
    const entry = readExpected(written, place, problems);
    return entry ? [{ ...entry, at: inTime(written.at, place) }] : [];
  });
  checkNames(scenario, common.records, pointer, problems);
  return {
    name,
    seed,
    settings,
    pointer,
    lessons: readLessons(scenario, common.lessons, pointer, 'SCENARIO_INVALID', problems),
    records,
    outside,
    steps: steps.sort((a, b) => a.at - b.at),
    until,
    timeline: expected.sort((a, b) => a.at - b.at),
    final: new Map(Object.entries(final).map(([key, fields]) => [key.slice(1), fields])),
    openTasks,
  };
}

const KINDS: readonly TimelineKind[] = [...COMPLETE_KINDS, ...ASKED_KINDS];

function readExpected(written: Expected, pointer: string, problems: TaktError[]): Omit<ExpectedFact, 'at'> | undefined {
  const kinds = KINDS.filter((kind) => written[kind] !== undefined);
  const [kind] = kinds;
  const wanted = kind && written[kind];
  if (kind && wanted && kinds.length === 1) return { kind, wanted };
  const message = kinds.length === 0 ? 'Nothing is expected here.' : `An entry expects one thing, not ${kinds.join(' and ')}.`;
  problems.push(problem(pointer, message, `Write one of ${KINDS.join(', ')}.`));
  return undefined;
}

/** Every name that is given is given once, and every name that is used was given. */
function checkNames(scenario: Scenario, common: readonly NamedRecord[], pointer: string, problems: TaktError[]): void {
  const given = new Set<string>();
  const give = (name: string | undefined, place: string): void => {
    if (name !== undefined && given.has(name))
      problems.push(problem(place, `Two records are called ${name}.`, 'Give each a name of its own.'));
    else if (name !== undefined) given.add(name);
  };
  for (const [i, record] of common.entries()) give(record.as, `/records/${i}/as`);
  for (const [i, record] of (scenario.records ?? []).entries()) give(record.as, `${pointer}/records/${i}/as`);
  for (const [i, step] of scenario.do.entries()) give(step.as, `${pointer}/do/${i}/as`);
  const { records, do: steps, timeline, final, open_tasks } = scenario;
  const places: [string, unknown][] = [
    ['/records', common],
    ...Object.entries({ records, do: steps, timeline, open_tasks }).map(([key, part]): [string, unknown] => [`${pointer}/${key}`, part]),
    ...Object.entries(final ?? {}).flatMap(([name, fields]): [string, unknown][] => [
      [`${pointer}/final/${name}`, name],
      [`${pointer}/final/${name}`, fields],
    ]),
  ];
  for (const [place, part] of places) {
    for (const [found, where] of textsIn(part, place)) {
      const name = nameIn(found);
      if (name === undefined || given.has(name)) continue;
      const hint = `${didYouMean(name, given) ?? ''} For the text itself write "@${found}".`.trim();
      problems.push(new TaktError('SIMULATION_NAME_UNKNOWN', { pointer: where, message: `No record here is called ${found}.`, hint }));
    }
  }
}

function* textsIn(value: unknown, pointer: string): Generator<[string, string]> {
  if (typeof value === 'string') yield [value, pointer];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, `${pointer}/${pointerStep(key)}`);
  }
}

const problem = (pointer: string, message: string, hint?: string): TaktError =>
  new TaktError('SCENARIO_INVALID', { pointer, message, hint: hint ?? 'See docs/simulation.md.' });

function invalid(errors: readonly TaktError[]): TaktError {
  const [first] = errors;
  const message =
    errors.length === 1 && first ? `${first.place.pointer ?? ''} ${first.message}`.trim() : `The file has ${errors.length} errors.`;
  return new TaktError('SCENARIO_INVALID', { message, errors });
}
