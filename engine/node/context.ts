import type { Json, JsonObject } from '../../schemas/json.ts';
import { type AssignmentQuery, type AssignmentReport, checkAssignmentQuery } from '../assignments/report.ts';
import type { MergeRecord } from '../duplicates/merge.ts';
import type { MonthsAnswer, MonthsQuery } from '../forecasting/months.ts';
import type { ReceivedAnswer, ReceivedQuery } from '../forecasting/received.ts';
import type { QuietRule } from '../graph/plan.ts';
import type { Prediction } from '../models/live.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { ChangeRow } from '../unit/rows.ts';
import type { AggregateResult, ResolvedAggregate } from './aggregate.ts';
import type { DataRequest, EventView, FindQuery, LoadMeasure, PastEvents } from './definition.ts';

/**
 * A record as expressions, templates and nodes see it: its fields, and beside them the system's: id, entity, key, owner,
 * stage, name, version, created_at, updated_at (ISO instants), deleted.
 */
export type RecordView = Readonly<JsonObject> & { readonly id: string; readonly entity: string; readonly deleted: boolean };

export interface NewRecord {
  entity: string;
  data: JsonObject;
}

interface MessageRules {
  readonly caps: readonly { channel: string; max: number; perMs: number }[];
  /** Those of a channel hold all. */
  readonly quiet: readonly Readonly<QuietRule>[];
}

/** A change of a record, as its history keeps it. */
export type RecordChange = Readonly<ChangeRow>;

/** A run to be started through the trigger.call of a published workflow. */
export interface NewRun {
  workflow: string;
  recordId: string | undefined;
  input: JsonObject;
}

/**
 * One step's unit of work. Reads see what earlier steps wrote, also within the same uncommitted batch; writes are kept only
 * when the step succeeds.
 */
export interface StepContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly run: {
    readonly id: string;
    readonly workflowId: string;
    readonly version: number;
    /** Milliseconds since the epoch. */
    readonly startedAt: number;
    /** The event that started it. */
    readonly eventId: string | null;
  };
  readonly node: { readonly id: string; readonly visit: number };
  readonly settings: { readonly timezone: string; readonly locale: 'en' | 'ru' };
  /** What the workflow says of the messages of its runs. */
  readonly rules: MessageRules;
  readonly entities: EntityRegistry;
  /** The run's record, if it has one. */
  readonly record: RecordView | undefined;
  /** A number in [0, 1). */
  random(): number;
  newId(): string;
  /** A loaded record, undefined where there is none. Use `loadRecord` to have it loaded. */
  read(id: string): RecordView | undefined;
  /** The fields of a loaded record as they are stored, its owner among them: no formulas, no display name. */
  stored(id: string): JsonObject | undefined;
  /** The result of a find that was yielded before. Use `findRecords`. */
  found(query: FindQuery): readonly RecordView[];
  /** The answer to an aggregate that was yielded before. Use `aggregateRecords`. */
  aggregated(aggregate: ResolvedAggregate): AggregateResult;
  /** The position behind the key, then moves it on by one. Exact under concurrency. Use `takePointer`. */
  takePointer(key: string): number;
  /** Checks and normalises; the id of the new record. Throws TaktError RECORD_INVALID. */
  create(record: NewRecord): string;
  /** Changes fields; null clears one. Throws RECORD_INVALID, RECORD_NOT_FOUND, RECORD_DELETED. */
  update(id: string, patch: JsonObject): void;
  remove(id: string): void;
  /** Writes an event about a record (or none), which may start or wake other runs. */
  emit(type: string, topic: string, data: JsonObject, recordId?: string): void;
  setVars(values: Readonly<Record<string, Json>>): void;
  /** How often the run has entered that node. */
  visits(node: string): number;
  /** The value that runs share under a key, null where there is none. Yield `{ kind: 'marks', keys: [key] }` before. */
  mark(key: string): Json;
  /** @param expiresAt milliseconds; from then on the value may be forgotten */
  setMark(key: string, value: Json, expiresAt?: number | null): void;
  /** Yield `{ kind: 'events', query }` before. */
  eventsSince(query: PastEvents): readonly EventView[];
  /** What this run has changed of a record, and who came after it, the oldest first. Yield `{ kind: 'changes', … }` before. */
  changesByRun(recordId: string): readonly RecordChange[];
  /** How many messages about a record have been given to the outbox since. Yield `{ kind: 'sent', … }` before. */
  sentCount(recordId: string, channel: string, since: number): number;
  /** Runs of a workflow on a record that have not ended. Yield `{ kind: 'open_runs', … }` before. */
  openRuns(workflowId: string, recordId: string): readonly string[];
  /** What each of these people has to do. Use `ownerLoads`. */
  loads(load: LoadMeasure, owners: readonly string[]): readonly number[];
  /** Records of an entity that have keys of names in common, as the database knew them. Use `findLikes`. */
  alike(entity: string, keys: readonly string[]): readonly string[];
  /** Keeps what a merge has done, so that it can be taken back. Use `mergeRecords`. */
  noteMerge(merge: MergeRecord): void;
  /** How well records were distributed. Use `measureAssignments`. */
  assignments(query: AssignmentQuery): AssignmentReport;
  /** What months will bring. Use `forecastFor`. */
  forecast(query: MonthsQuery): MonthsAnswer;
  /** What people have received and channels have brought. Use `receivedIn`. */
  received(query: ReceivedQuery): ReceivedAnswer;
  /**
   * What the live version of a model says of the record as the step sees it. Throws TaktError MODEL_UNKNOWN, MODEL_COLD (no version is live),
   * MODEL_ENTITY, MODEL_FIELDS_GONE, MODEL_CURRENCIES, MODEL_BROKEN: never a number that means nothing.
   */
  predict(model: string, record: RecordView): Prediction;
  /** On which clock a rule of quiet hours is meant for the run's record; undefined where it says nothing, or finds none. */
  quietZone(rule: QuietRule): string | undefined;
  /** Does the workflow's setting `suppress` hold for the record now? */
  isSuppressed(): boolean;
  /**
   * Starts a run through a workflow's trigger.call; gives its id. With `wait` its end ends the wait `{ kind: 'child' }` of this step.
   * Throws TaktError CALL_UNKNOWN.
   */
  startRun(start: NewRun, wait: boolean): string;
  /** Tells another run; `!cancel` ends it. */
  signalRun(run: string, waitId: string): void;
  /** Takes the place behind the key, or gets in line: then the step waits for `{ kind: 'place', key }`. Use `acquire`. */
  acquire(key: string): boolean;
  /** Leaves the place, if the branch is in it; the first in line has it. Use `release`. */
  release(key: string): void;
}

/** What is needed to read records: of a step, or of whoever asks outside of any run (`Reading`). */
export type ReadingContext = Pick<StepContext, 'read' | 'found' | 'record' | 'settings'>;

/** Loads a record and gives it: `const user = yield* loadRecord(ctx, id)`. */
export function* loadRecord(ctx: Pick<StepContext, 'read'>, id: string): Generator<DataRequest, RecordView | undefined, void> {
  yield { kind: 'records', ids: [id] };
  return ctx.read(id);
}

/** Loads several records at once; the missing and the deleted are left out, the order is kept. */
export function* loadRecords(ctx: StepContext, ids: readonly string[]): Generator<DataRequest, RecordView[], void> {
  yield { kind: 'records', ids };
  return ids.flatMap((id) => ctx.read(id) ?? []).filter((record) => !record.deleted);
}

/** Records with the wanted values, also those written a moment ago in this batch; deleted ones are left out. */
export function* findRecords(ctx: Pick<StepContext, 'found'>, query: FindQuery): Generator<DataRequest, readonly RecordView[], void> {
  yield { kind: 'find', query };
  return ctx.found(query);
}

/** The next position of a round-robin: 0, 1, 2 …, each given once, whatever runs at the same time. */
export function* takePointer(ctx: StepContext, key: string): Generator<DataRequest, number, void> {
  yield { kind: 'pointer', key };
  return ctx.takePointer(key);
}

/** Takes a place that one branch holds at a time. False: others are before it, the step has to wait for `{ kind: 'place', key }`. */
export function* acquire(ctx: StepContext, key: string): Generator<DataRequest, boolean, void> {
  yield { kind: 'marks', keys: [key] };
  return ctx.acquire(key);
}

export function* release(ctx: StepContext, key: string): Generator<DataRequest, void, void> {
  yield { kind: 'marks', keys: [key] };
  ctx.release(key);
}

/**
 * What each of these people has of an entity, in their order, with what earlier steps of the batch have written. Exact where all who give out
 * work hold the same marks before they ask.
 */
export function* ownerLoads(
  ctx: StepContext,
  load: LoadMeasure,
  owners: readonly string[],
): Generator<DataRequest, readonly number[], void> {
  yield { kind: 'loads', load, owners };
  return ctx.loads(load, owners);
}

/**
 * How well records were distributed over a time, by what is committed; what the step itself has given does not count.
 * Throws TaktError MEASURES_SPAN, MEASURES_MANY, ENTITY_UNKNOWN.
 */
export function* measureAssignments(ctx: StepContext, query: AssignmentQuery): Generator<DataRequest, AssignmentReport, void> {
  checkAssignmentQuery(query, ctx.entities);
  yield { kind: 'assignments', query };
  return ctx.assignments(query);
}

/**
 * What months will bring, and how earlier forecasts came true, by what is committed.
 * Throws TaktError FORECAST_UNKNOWN, FORECAST_COLD, FORECAST_CURRENCIES, FORECAST_MANY, FORECAST_OPTIONS.
 */
export function* forecastFor(ctx: Pick<StepContext, 'forecast'>, query: MonthsQuery): Generator<DataRequest, MonthsAnswer, void> {
  yield { kind: 'forecast', query };
  return ctx.forecast(query);
}

/** What people have received, or channels have brought, in a time. Throws TaktError FORECAST_UNKNOWN, FORECAST_CURRENCIES, FORECAST_MANY. */
export function* receivedIn(ctx: Pick<StepContext, 'received'>, query: ReceivedQuery): Generator<DataRequest, ReceivedAnswer, void> {
  yield { kind: 'received', query };
  return ctx.received(query);
}

/** The value that runs share under a key, read under its lock. */
export function* readMark(ctx: StepContext, key: string): Generator<DataRequest, Json, void> {
  yield { kind: 'marks', keys: [key] };
  return ctx.mark(key);
}
