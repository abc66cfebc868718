/** What a transaction has of the world, and what it hears from the catalogue. */
import type { ForecastReader } from '../forecasting/told.ts';
import type { Plan, PlanTrigger } from '../graph/plan.ts';
import type { Prediction } from '../models/live.ts';
import type { ReadingContext, RecordView } from '../node/context.ts';
import type { DataRequest, EventView, TimerChange } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { TimerKind } from '../store/schema.ts';
import type { EventRow } from './rows.ts';

/** Time, chance and names, fixed for one transaction. */
export interface Surroundings {
  readonly now: number;
  readonly entities: EntityRegistry;
  random(): number;
  newId(): string;
  /** Microseconds of some steady watch: what a step cost. A simulation gives 0. */
  stopwatch(): number;
  /** The triggers that want the event. */
  match(event: EventRow, about: EventAbout): Matched;
  /** What an event does to the timers of a trigger. One that fails on a record is logged, and its timers stay as they were. */
  timersOf(watched: Watched, reads: Pick<ReadingContext, 'read' | 'found'>): Generator<DataRequest, KeyedTimer[], void>;
  /** The plan and trigger.call of a published workflow. Throws TaktError CALL_UNKNOWN. */
  callable(workflowId: string): { plan: Plan; trigger: PlanTrigger };
  /** Does the record fit the rule of the segment? Throws TaktError SEGMENT_UNKNOWN. */
  inSegment(id: string, record: RecordView): boolean;
  /** Ids of the segments of an entity. */
  segmentsOf(entity: string): readonly string[];
  /** When a segment's rule is to be asked again of the record though nothing has changed; milliseconds, or null. */
  recheckAt(id: string, record: RecordView): number | null;
  /** What the live version of a model says of the record. Throws as `Models.predict`. */
  predict(model: string, record: RecordView): Prediction;
  readonly forecasts: ForecastReader;
}

/** What a condition on an event may ask of its record. Getters: most events are wanted by nobody, and a view is made only for who looks. */
export interface EventAbout {
  readonly record: RecordView | undefined;
  /** Before the event. */
  readonly previous: Record<string, unknown> | undefined;
}

export interface Matched {
  starts: readonly Match[];
  /** Triggers of which the event sets or clears timers. */
  watched: readonly Match[];
  /** Workflows of which the condition of re-entry "while" has stopped holding for the record. */
  rearmed: readonly string[];
}

/** A record that a workflow may take again, as of the event with that number. */
export interface Rearm {
  workflowId: string;
  recordId: string;
  heard: number;
}

/** A trigger that an event has met; whether a run begins is up to the rules of the workflow. */
export interface Match {
  readonly plan: Plan;
  readonly trigger: PlanTrigger;
}

export interface KeyedTimer extends TimerChange {
  kind: TimerKind;
  workflowId: string;
  node: string;
}

/** A trigger of which an event sets or clears timers, and what it was made of. */
export interface Watched extends Match {
  readonly event: EventView;
  readonly record: RecordView | undefined;
}

/** A match with what it was made of, for the admission. */
export interface Start extends Match {
  readonly event: EventRow;
  readonly record: RecordView | undefined;
  /** Which of the events of the transaction it is. */
  readonly heard: number;
}
