/**
 * The contract of a node: what built-in and third-party nodes are made of. A trigger says which events start a run; an
 * action takes a token in and lets it out by a port, makes it wait, or ends it.
 */
import type { Static, TSchema } from 'typebox';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { createAjv } from '../schema/ajv.ts';
import type { AggregateRequest } from './aggregate.ts';
import type { StepContext } from './context.ts';
import { fileSchema, resolvedSchema } from './params.ts';

/** Data that a node wants before it goes on. It yields the request; afterwards `ctx` can read it. */
export type DataRequest =
  | { kind: 'records'; ids: readonly string[] }
  | { kind: 'find'; query: FindQuery }
  | { kind: 'pointer'; key: string }
  | AggregateRequest;

export interface FindQuery {
  entity: string;
  /** Equality on fields; `key`, `owner` and `stage` included. A list-valued field matches when it contains the value. */
  match: JsonObject;
  /** Oldest first. At most 100. */
  limit: number;
}

/** What leaves the house: put into the outbox, sent by the connector, its result wakes the run. */
export interface EffectRequest {
  connector: string;
  destination: string;
  payload: JsonObject;
}

export type WaitRequest = { kind: 'time'; until: number } | { kind: 'effect'; effect: EffectRequest };

/** What ended a wait. A failed effect does not come here: it fails the step. */
export type Wake = { kind: 'time' } | { kind: 'effect'; result: JsonObject };

export type NodeResult =
  /** Out by a port. `subject` makes that record the run's own. */
  | { kind: 'next'; port: string; output?: Json; subject?: string }
  /** `memo` comes back in `resume`. */
  | { kind: 'wait'; wait: WaitRequest; memo?: JsonObject }
  /** Ends this branch, or the whole run with its other tokens. */
  | { kind: 'end'; scope: 'run' | 'branch'; outcome?: string; output?: Json };

export type NodeRun = NodeResult | Generator<DataRequest, NodeResult, void>;

interface Described<P extends TSchema> {
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
  run(ctx: StepContext, params: Static<P>): NodeRun;
  /** Goes on after a wait. Parameters are not evaluated a second time: what is still needed stands in the memo. */
  resume?(ctx: StepContext, wake: Wake, memo: JsonObject): NodeRun;
}

/** Which events a trigger wants: the index in memory is by these two. */
export interface Subscription {
  type: string;
  topic: string;
}

export interface TriggerPlace {
  workflowId: string;
  node: string;
}

/** An event as triggers and expressions see it. */
export interface EventView {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly at: string;
  readonly data: JsonObject;
}

export interface Schedule {
  cron: string;
  timezone: string;
}

export interface TriggerSpec<P extends TSchema> extends Described<P> {
  subscriptions(params: JsonObject, place: TriggerPlace): readonly Subscription[];
  /** A cheap test before the condition `where` is asked. */
  accepts?(params: JsonObject, event: EventView): boolean;
  /** The entity of the run's record, where the trigger knows it: lets the compiler check field names. */
  entity?(params: JsonObject): string | undefined;
  /** Moments that this trigger makes itself; each becomes an event `schedule.fired` on the topic `workflow/node`. */
  schedule?(params: JsonObject): Schedule | undefined;
}

interface Common {
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
  /** @param params evaluated; checked against the schema here, NODE_PARAMS if they do not fit */
  run(ctx: StepContext, params: unknown): NodeRun;
  resume(ctx: StepContext, wake: Wake, memo: JsonObject): NodeRun;
}

export interface TriggerDefinition extends Common {
  readonly kind: 'trigger';
  subscriptions(params: JsonObject, place: TriggerPlace): readonly Subscription[];
  accepts(params: JsonObject, event: EventView): boolean;
  entity(params: JsonObject): string | undefined;
  schedule(params: JsonObject): Schedule | undefined;
}

export type NodeDefinition = ActionDefinition | TriggerDefinition;

const ajv = createAjv();

function common<P extends TSchema>(spec: Described<P>): Common {
  const check = ajv.compile<JsonObject>(Object(fileSchema(spec.params)));
  return {
    type: spec.type,
    version: spec.version,
    family: spec.type.split('.', 1)[0] ?? spec.type,
    title: spec.title,
    description: spec.description,
    params: spec.params,
    example: spec.example,
    summary: spec.summary,
    checkFile(params) {
      const filled = structuredClone(params);
      return { params: filled, problems: check(filled) ? [] : createAjv.problems(check.errors ?? []) };
    },
  };
}

/** Makes an action out of its description. Throws at start-up where the schema itself is wrong. */
export function defineNode<P extends TSchema>(spec: ActionSpec<P>): ActionDefinition {
  const accepts = ajv.compile<Static<P>>(Object(resolvedSchema(spec.params)));
  const checked = (params: unknown): Static<P> => {
    if (accepts(params)) return params;
    const problems = createAjv.problems(accepts.errors ?? []);
    throw new TaktError('NODE_PARAMS', {
      message: problems.map((problem) => `${problem.pointer || 'parameters'}: ${problem.message}`).join('; '),
      pointer: problems[0]?.pointer,
    });
  };
  const { ports, vars, resume } = spec;
  return {
    ...common(spec),
    kind: 'action',
    output: spec.output,
    retry: spec.retry,
    ports: typeof ports === 'function' ? ports : () => ports,
    vars: (params) => vars?.(params) ?? [],
    run: (ctx, params) => spec.run(ctx, checked(params)),
    resume(ctx, wake, memo) {
      if (!resume)
        throw new TaktError('INTERNAL', {
          message: `${spec.type} waits but does not say how it goes on.`,
          hint: 'Give the node a resume().',
        });
      return resume(ctx, wake, memo);
    },
  };
}

/** Makes a trigger out of its description. */
export function defineTrigger<P extends TSchema>(spec: TriggerSpec<P>): TriggerDefinition {
  return {
    ...common(spec),
    kind: 'trigger',
    subscriptions: spec.subscriptions,
    accepts: (params, event) => spec.accepts?.(params, event) ?? true,
    entity: (params) => spec.entity?.(params),
    schedule: (params) => spec.schedule?.(params),
  };
}
