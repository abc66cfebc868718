/**
 * The contract of a node: what built-in and third-party nodes are made of. A trigger says which events start a run; an
 * action takes a token in and lets it out by a port, makes it wait, or ends it.
 */
import type { Static, TSchema } from 'typebox';
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { AssignmentQuery } from '../assignments/report.ts';
import type { TaktError } from '../errors/index.ts';
import type { MonthsQuery } from '../forecasting/months.ts';
import type { ReceivedQuery } from '../forecasting/received.ts';
import type { AggregateRequest } from './aggregate.ts';
import type { ReadingContext, StepContext } from './context.ts';
import type { Schedule } from './schedule.ts';

/** Data that a node wants before it goes on. It yields the request; afterwards `ctx` can read it. */
export type DataRequest =
  | { kind: 'records'; ids: readonly string[] }
  | { kind: 'find'; query: FindQuery }
  /** Several at once. */
  | { kind: 'finds'; queries: readonly FindQuery[] }
  | { kind: 'pointer'; key: string }
  /** Values that runs share under keys, locked until the step is written. */
  | { kind: 'marks'; keys: readonly string[] }
  | AggregateRequest
  | FactRequest;

/** What is read only; one statement answers all requests of a kind. */
export type FactRequest =
  | { kind: 'events'; query: PastEvents }
  | { kind: 'event_count'; recordId: string; type: string; since: number }
  | { kind: 'changes'; recordId: string; runId: string }
  | { kind: 'sent'; recordId: string; channel: string; since: number }
  | { kind: 'open_runs'; workflowId: string; recordId: string }
  | { kind: 'recent_runs'; workflowId: string; recordId: string; since: number }
  | { kind: 'entered'; workflowId: string; entryKey: string }
  | { kind: 'loads'; load: LoadMeasure; owners: readonly string[] }
  | { kind: 'alike'; entity: string; keys: readonly string[] }
  | { kind: 'assignments'; query: AssignmentQuery }
  | { kind: 'forecast'; query: MonthsQuery }
  | { kind: 'received'; query: ReceivedQuery };

/** What of an entity's records weighs on their owner. */
export interface LoadMeasure {
  entity: string;
  /** Ids of stages; null: all, also of an entity without stages. */
  stages: readonly string[] | null;
  /** Path of a number in their data, to be added up; null: each counts 1. */
  sum: readonly string[] | null;
  /** What their data must contain, as in a find; all where it is left out. */
  contains?: JsonObject;
  between?: Between;
}

/** Only records whose moment lies in a time: `from` is in it, `until` is not; both as ISO instants in UTC. */
export interface Between {
  field: string;
  from: string;
  until: string;
}

/** More than people are shown, so that what works on all that somebody has open finds it. */
export const MOST_FOUND = 1_000;

export interface FindQuery {
  entity: string;
  /** Equality on fields; `key`, `owner` and `stage` included. A list-valued field matches when it contains the value. */
  match: JsonObject;
  /** Narrows what the fields have found; alone it reads all records of the entity. */
  between?: Between;
  /** Oldest first. At most {@link MOST_FOUND}. */
  limit: number;
}

/** Events about a record that came since a moment (milliseconds), the oldest first, at most 100. */
export interface PastEvents {
  recordId: string;
  types: readonly string[];
  since: number;
}

/**
 * Which events a waiting run wants. `correlation`: what they are about, `record:<id>` or `<field>=<value>` of their data.
 * `topic`: `*` for any.
 */
export interface EventSubscription {
  type: string;
  topic: string;
  correlation: string;
}

/** What leaves the house: put into the outbox, sent by the connector, its result wakes the run. */
export interface EffectRequest {
  connector: string;
  destination: string;
  payload: JsonObject;
}

/** A change of a record by which a person agrees: `field` gets that value. What a workflow writes is nobody's consent. */
export interface Consent {
  field: string;
  value: Json;
}

export type WaitRequest =
  | { kind: 'time'; until: number }
  /**
   * A message – a payload with addresses under `to` – that the policy of its client keeps back does not leave: the node goes on in `resume` with
   * the wake `held` and this memo, and may make an offer of it. Without `held` the step fails with CONTACT_REFUSED.
   */
  | { kind: 'effect'; effect: EffectRequest; held?: JsonObject }
  /** For one of these events, or until the moment. With the `consent` of a person messages of this step may leave, whatever the policy. */
  | { kind: 'event'; subscriptions: EventSubscription[]; until?: number; consent?: Consent }
  /** In line for the place behind the key, where `ctx.acquire` has put the step. */
  | { kind: 'place'; key: string }
  /** For the end of a run that `ctx.startRun` has started. */
  | { kind: 'child'; run: string };

/** What ended a wait. A failed effect does not come here: it fails the step. */
export type Wake =
  | { kind: 'time' }
  | { kind: 'effect'; result: JsonObject }
  /** `consent`: it is the one that was waited for, given by a person. */
  | { kind: 'event'; event: EventView; consent?: true }
  /** The policy of the client keeps the message back; `why` as a sentence in the language of the workflow. */
  | { kind: 'held'; contact: 'people_only' | 'offered'; why: string }
  | { kind: 'place' }
  | { kind: 'child'; child: ChildResult };

/** How a run ended that another one waited for. */
export type ChildResult = { run: string; status: 'done' | 'cancelled' | 'failed'; outcome: string | null; output: Json };

export type NodeResult =
  /** Out by a port; where no edge leaves it, by the port `or`, or the step fails with that error. `subject` makes that record the run's own. */
  | { kind: 'next'; port: string; or?: string | TaktError; output?: Json; subject?: string }
  /** `memo` comes back in `resume`. */
  | { kind: 'wait'; wait: WaitRequest; memo?: JsonObject }
  /** Ends this branch, or the whole run with its other tokens. */
  | { kind: 'end'; scope: 'run' | 'branch'; outcome?: string; output?: Json }
  /** Lets one token on where several branches meet: by `next`, or by `short` where fewer come than are needed. */
  | { kind: 'join'; need: number | 'all'; rest: 'leave' | 'cancel' }
  /** A branch by `item` for each item, at most `parallel` at a time; out by `done` when all are through, or `enough` of them. */
  | {
      kind: 'each';
      items: Json[];
      parallel: number;
      onError: 'collect' | 'fail';
      collect: boolean;
      enough?: number;
      rest: 'leave' | 'cancel';
    }
  /** Takes the tokens away from these nodes, then out by `next`. `complete`: lists go on with what has been done of them. */
  | { kind: 'cancel'; nodes: readonly string[]; complete: boolean }
  /** Carries out the handlers of finished nodes, the newest first, then out by `next`. */
  | { kind: 'compensate' };

export type NodeRun = NodeResult | Generator<DataRequest, NodeResult, void>;

export interface Described<P extends TSchema> {
  /** Dotted, family first: `task.create`. */
  type: string;
  version: number;
  title: string;
  description: string;
  params: P;
  /** One line for the canvas, from the parameters as they stand in the file. */
  summary(params: JsonObject): string;
  /** Parameters that pass validation: shown in the docs and used by the tests of the contract. */
  example: JsonObject;
}

export interface ActionSpec<P extends TSchema> extends Described<P> {
  /** Ports that a token leaves by; every action also has `error`. None for a node that only ends. */
  ports: readonly string[] | ((params: JsonObject) => readonly string[]);
  /** JSON Schema of the output: names that later nodes may read as `nodes.<id>.<name>`. Absent: anything. */
  output?: TSchema;
  /** Names that this node puts into `vars`. */
  vars?(params: JsonObject): readonly string[];
  /** Retry policy where the file gives none. Default: one attempt. */
  retry?: { attempts: number; first?: string; factor?: number; max?: string };
  /** What it compares, if it does. */
  experiment?(params: JsonObject): ExperimentSpec | undefined;
  run(ctx: StepContext, params: Static<P>): NodeRun;
  /**
   * Goes on after a wait. What is still needed stands in the memo; `params` evaluates the parameters anew, for conditions that are
   * asked again (with the event that came as `event`).
   */
  resume?(ctx: StepContext, wake: Wake, memo: JsonObject, params: () => Static<P>): NodeRun;
}

/** An action that sends records by several ways and counts which does best. */
export interface ExperimentSpec {
  arms: readonly string[];
  /** Records that each arm needs at least. */
  minimum: number;
  atLeastMs: number;
  /** How long a record is on its way before it counts, as long as its success may take. */
  settleMs: number;
  /** 0.95: a winner must differ on that level. */
  confidence: number;
  adopt: 'by_hand' | 'auto';
}

/** Which events a trigger wants: the index in memory is by these two. */
export interface Subscription {
  type: string;
  topic: string;
}

export interface TriggerPlace {
  workflowId: string;
  node: string;
  /** IANA zone of the workflow. */
  timezone: string;
}

/** An event as triggers and expressions see it. */
export interface EventView {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly at: string;
  readonly data: JsonObject;
}

/** The type of the event by which a timer starts runs. */
export const TIMER_FIRED = 'timer.fired';

/** Sets the timer with the key (there is one of a key for each trigger), moves it, or with null takes it away. */
export interface TimerChange {
  key: string;
  /** Milliseconds since the epoch. */
  dueAt: number | null;
  recordId?: string;
  /** Comes along as the data of `timer.fired`. */
  data?: JsonObject;
  /** A timer of the key that is there already stays as it is. */
  onlyIfMissing?: boolean;
}

type TimerChanges = readonly TimerChange[] | Generator<DataRequest, readonly TimerChange[], void>;

/** What a trigger may know as it sets its timers: `record` as the event found it, and what it reads, as it is at the end of the transaction. */
export type TimerContext = ReadingContext & Pick<StepContext, 'now'>;

export interface TriggerSpec<P extends TSchema> extends Described<P> {
  /** Events that may start a run. */
  subscriptions(params: JsonObject, place: TriggerPlace): readonly Subscription[];
  /** A cheap test before the condition is asked. */
  accepts?(params: JsonObject, event: EventView, place: TriggerPlace): boolean;
  /** The entity of the run's record, where the trigger knows it: lets the compiler check field names. */
  entity?(params: JsonObject): string | undefined;
  schedule?(params: JsonObject, place: TriggerPlace): Schedule | undefined;
  /** The condition that an event has to meet to start a run, as a pointer into the parameters; `/where` without this. */
  asks?: string;
  /** Events that set or clear timers of this trigger. */
  watches?(params: JsonObject, place: TriggerPlace): readonly Subscription[];
  /** The condition that such an event has to meet, as a pointer into the parameters; none without this. */
  watchAsks?(params: JsonObject, event: EventView): string | undefined;
  /** What such an event does to them. A trigger that has to read for it, such as a calendar, is a generator, as nodes are. */
  timers?(params: JsonObject, event: EventView, ctx: TimerContext, place: TriggerPlace): TimerChanges;
  /** The entity whose existing records get their timers when the workflow is published. */
  backfills?(params: JsonObject): string | undefined;
  /** Starts only with the nth event about a record, counted within so many milliseconds where given. */
  count?(params: JsonObject): { times: number; withinMs: number | undefined } | undefined;
}

export interface Common {
  readonly type: string;
  readonly version: number;
  readonly family: string;
  readonly title: string;
  readonly description: string;
  readonly params: TSchema;
  readonly example: JsonObject;
  summary(params: JsonObject): string;
  /** Fills defaults in and gives all problems as JSON pointers into the parameters. */
  checkFile(params: JsonObject): { params: JsonObject; problems: ParamProblem[] };
  /** Throws where the schema of the parameters is none; without it that is found with the first parameters. */
  checkSchema(): void;
}

interface ParamProblem {
  pointer: string;
  message: string;
  hint: string;
}

export interface ActionDefinition extends Common {
  readonly kind: 'action';
  readonly output: TSchema | undefined;
  readonly retry: ActionSpec<TSchema>['retry'];
  ports(params: JsonObject): readonly string[];
  vars(params: JsonObject): readonly string[];
  experiment(params: JsonObject): ExperimentSpec | undefined;
  /** @param params evaluated; checked against the schema here, NODE_PARAMS if they do not fit */
  run(ctx: StepContext, params: unknown): NodeRun;
  resume(ctx: StepContext, wake: Wake, memo: JsonObject, params: () => unknown): NodeRun;
}

export interface TriggerDefinition extends Common {
  readonly kind: 'trigger';
  subscriptions(params: JsonObject, place: TriggerPlace): readonly Subscription[];
  accepts(params: JsonObject, event: EventView, place: TriggerPlace): boolean;
  entity(params: JsonObject): string | undefined;
  schedule(params: JsonObject, place: TriggerPlace): Schedule | undefined;
  readonly asks: string;
  watches(params: JsonObject, place: TriggerPlace): readonly Subscription[];
  watchAsks(params: JsonObject, event: EventView): string | undefined;
  timers(
    params: JsonObject,
    event: EventView,
    ctx: TimerContext,
    place: TriggerPlace,
  ): Generator<DataRequest, readonly TimerChange[], void>;
  backfills(params: JsonObject): string | undefined;
  count(params: JsonObject): { times: number; withinMs: number | undefined } | undefined;
}

export type NodeDefinition = ActionDefinition | TriggerDefinition;
