/** From the text of a script to what a simulation needs; everything that is wrong with it is told at once. */
import type { NamedRecord, OutsideRule } from '../../../schemas/action.ts';
import type { ForecastDefinition } from '../../../schemas/forecast.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import type { SegmentDefinition } from '../../../schemas/segment.ts';
import { type Arrivals, type Behaviour, REACTION_VERBS, type Reaction, SimulationScript } from '../../../schemas/simulation.ts';
import { TaktError } from '../../errors/index.ts';
import { checker } from '../../schema/checker.ts';
import { checkJsonShape, parseJson } from '../../schema/json.ts';
import { parseDuration } from '../../time/duration.ts';
import type { WorkingCalendar } from '../../time/working-calendar.ts';
import { type Lessons, NO_LESSONS, readLessons } from '../past/read.ts';
import { compileDelay, compileHours, type Delay } from './delay.ts';
import { compileChance, compileCondition, compileFields, compileValues, type Draw } from './values.ts';

export interface ArrivalPlan {
  /** What the records are called, with a number behind: `lead-17`. */
  as: string;
  entity: string;
  count: number;
  /** Milliseconds since the start. */
  from: number;
  /** Within so many milliseconds after that. */
  over: number;
  hours: WorkingCalendar | undefined;
  data: (draw: Draw) => JsonObject;
}

export interface ReactionPlan {
  /** Where it stands in the script; chance is asked by it. */
  pointer: string;
  chance: (draw: Draw) => number;
  delay: Delay;
  does:
    | { kind: 'event'; type: string; topic: string | undefined }
    | { kind: 'update'; values: (draw: Draw) => JsonObject }
    | { kind: 'create'; entity: string }
    | { kind: 'complete' };
  data: (draw: Draw) => JsonObject;
  next: readonly ReactionPlan[];
}

export interface BehaviourPlan {
  on: { kind: 'message' | 'task' | 'created'; match: JsonObject };
  when: ((draw: Draw) => boolean) | undefined;
  reactions: readonly ReactionPlan[];
}

export interface Script {
  /** Milliseconds since the epoch. */
  start: number | undefined;
  seed: number | undefined;
  entities: NonNullable<SimulationScript['entities']>;
  segments: readonly SegmentDefinition[];
  lessons: Lessons;
  forecasts: readonly ForecastDefinition[];
  records: readonly NamedRecord[];
  arrivals: readonly ArrivalPlan[];
  behaviours: readonly BehaviourPlan[];
  outside: readonly OutsideRule[];
}

export const EMPTY_SCRIPT: Script = {
  start: undefined,
  seed: undefined,
  entities: {},
  segments: [],
  lessons: NO_LESSONS,
  forecasts: [],
  records: [],
  arrivals: [],
  behaviours: [],
  outside: [],
};

const fits = checker<SimulationScript>(() => SimulationScript);
const MAX_DEPTH = 32;

/** Throws TaktError SIMULATION_INVALID with every problem, each with its pointer. */
export function readScript(text: string): Script {
  const value = checkJsonShape(parseJson(text, 'SIMULATION_INVALID'), MAX_DEPTH);
  if (!fits(value)) throw invalid(fits.problems().map((found) => new TaktError('SIMULATION_INVALID', found)));
  const { start, seed, entities = {}, segments = [], forecasts = [], records = [], arrivals = [], behaviour = [], outside = [] } = value;
  const problems: TaktError[] = [];
  const script: Script = {
    start: start === undefined ? undefined : Date.parse(start),
    seed,
    entities,
    segments,
    lessons: readLessons(value, NO_LESSONS, '', 'SIMULATION_INVALID', problems),
    forecasts,
    records,
    arrivals: arrivals.map((one, i) => readArrivals(one, `/arrivals/${i}`, problems)),
    behaviours: behaviour.map((one, i) => readBehaviour(one, `/behaviour/${i}`, problems)),
    outside,
  };
  if (problems.length > 0) throw invalid(problems);
  return script;
}

function readArrivals(arrivals: Arrivals, pointer: string, problems: TaktError[]): ArrivalPlan {
  const { as, entity, count, from = 'PT0S', over, hours, data } = arrivals;
  return {
    as: as ?? entity,
    entity,
    count,
    from: parseDuration(from),
    over: parseDuration(over),
    hours: hours && compileHours(hours, `${pointer}/hours`, problems),
    data: compileFields(data, `${pointer}/data`, problems),
  };
}

const OCCASIONS = ['message', 'task', 'created'] as const;

function readBehaviour(behaviour: Behaviour, pointer: string, problems: TaktError[]): BehaviourPlan {
  const { on, when, do: reactions } = behaviour;
  const kinds = OCCASIONS.filter((kind) => on[kind] !== undefined);
  const [kind = 'message'] = kinds;
  if (kinds.length !== 1)
    problems.push(problem(`${pointer}/on`, 'A behaviour answers to one thing.', `Write one of ${OCCASIONS.join(', ')}.`));
  return {
    on: { kind, match: on[kind] ?? {} },
    when: when === undefined ? undefined : compileCondition(when, `${pointer}/when`, problems),
    reactions: readReactions(reactions, `${pointer}/do`, kind === 'task', problems),
  };
}

function readReactions(list: readonly Reaction[], pointer: string, onTask: boolean, problems: TaktError[]): ReactionPlan[] {
  return list.flatMap((reaction, i) => readReaction(reaction, `${pointer}/${i}`, onTask, problems) ?? []);
}

function readReaction(reaction: Reaction, pointer: string, onTask: boolean, problems: TaktError[]): ReactionPlan | undefined {
  const { p = 1, data = {}, next = [] } = reaction;
  const plan = {
    pointer,
    chance: compileChance(p, `${pointer}/p`, problems),
    delay: compileDelay(reaction, pointer, problems),
    data: compileValues(data, `${pointer}/data`, problems),
    next: readReactions(next, `${pointer}/next`, onTask, problems),
  };
  const verbs = REACTION_VERBS.filter((verb) => reaction[verb] !== undefined);
  const { event, topic, update, create } = reaction;
  if (verbs.length !== 1) problems.push(problem(pointer, 'A reaction is one thing.', `Write one of ${REACTION_VERBS.join(', ')}.`));
  else if (event !== undefined) return { ...plan, does: { kind: 'event', type: event, topic } };
  else if (update !== undefined) return { ...plan, does: { kind: 'update', values: compileValues(update, `${pointer}/update`, problems) } };
  else if (create !== undefined) return { ...plan, does: { kind: 'create', entity: create } };
  else if (onTask) return { ...plan, does: { kind: 'complete' } };
  else problems.push(problem(`${pointer}/complete`, 'Only a task can be completed.', 'Put it under "on": { "task": … }.'));
  return undefined;
}

const problem = (pointer: string, message: string, hint: string): TaktError =>
  new TaktError('SIMULATION_INVALID', { pointer, message, hint });

export function invalid(errors: readonly TaktError[]): TaktError {
  const [first] = errors;
  const message =
    errors.length === 1 && first ? `${first.place.pointer ?? ''} ${first.message}`.trim() : `There are ${errors.length} errors.`;
  return new TaktError('SIMULATION_INVALID', { message, errors });
}
