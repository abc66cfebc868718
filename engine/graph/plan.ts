/** A workflow compiled: what the runtime carries out. Immutable and shared by every run of the version. */
import type { JsonObject } from '../../schemas/json.ts';
import type { Expression } from '../expression/index.ts';
import type { ActionDefinition, Subscription, TriggerDefinition, TriggerPlace } from '../node/definition.ts';
import type { Schedule } from '../node/schedule.ts';
import type { DailyWindow } from '../time/daily.ts';
import type { CompiledParams } from './params.ts';
import type { Rounds } from './rounds.ts';

export interface Plan {
  readonly workflowId: string;
  readonly version: number;
  readonly name: string;
  readonly settings: PlanSettings;
  readonly rules: PlanRules;
  readonly actions: ReadonlyMap<string, PlanAction>;
  readonly triggers: readonly PlanTrigger[];
  /** Which tokens belong together where branches meet. */
  readonly rounds: Rounds;
}

export interface PlanSettings {
  readonly timezone: string;
  readonly locale: 'en' | 'ru';
  readonly errorWorkflow: string | undefined;
  /** How long runs that have ended are kept, milliseconds; for ever without it. */
  readonly retentionMs: number | undefined;
}

/** The settings that decide who gets in, who is written to and what ends a run, compiled. */
export interface PlanRules {
  readonly reentry:
    | { readonly mode: 'always' | 'once' }
    | { readonly mode: 'after'; readonly timeMs: number }
    | { readonly mode: 'while'; readonly when: Expression };
  readonly concurrency: 'allow' | 'queue' | 'skip' | 'replace';
  readonly throttle: { readonly max: number; readonly perMs: number; readonly by: 'record' | 'workflow' } | undefined;
  readonly dedupe: { readonly key: Expression; readonly withinMs: number } | undefined;
  readonly pilotShare: number;
  readonly suppress: Expression | undefined;
  readonly goal: Expression | undefined;
  readonly exits: readonly Exit[];
  /** Is there a goal, or an exit by a condition alone? */
  readonly asksRecord: boolean;
  readonly caps: readonly { readonly channel: string; readonly max: number; readonly perMs: number }[];
  readonly quiet: readonly QuietRule[];
}

/** When messages of a channel may leave: daily hours, or those of a calendar that a node finds. */
export interface QuietRule {
  readonly channel: string;
  readonly hours: DailyWindow | { readonly calendar: string };
  /** An IANA name, or what finds one for the record; without it, and where it finds none, that of the calendar or the workflow. */
  readonly zone: string | Expression | undefined;
}

interface Exit {
  readonly outcome: string;
  readonly when: Expression | undefined;
  readonly event: { readonly type: string; readonly topic: string } | undefined;
}

export interface PlanAction {
  readonly id: string;
  readonly definition: ActionDefinition;
  readonly params: CompiledParams;
  /** port → nodes that a token goes to; several make the run fork. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** From one of its ports several edges lead away. */
  readonly forks: boolean;
  /** How many edges lead to it; those of triggers, of which one starts a run, are one. */
  readonly edges: number;
  readonly retry: Retry;
  readonly maxVisits: number | undefined;
  /** Its formulas read `owner`, so the owner's record is loaded before it runs. */
  readonly needsOwner: boolean;
  /** Its formulas read `event`. */
  readonly needsEvent: boolean;
  /** Events that its expressions count; the counts are loaded before it runs. */
  readonly eventCounts: readonly { readonly type: string; readonly withinMs: number | undefined }[];
  /** The node that takes back what this one did. */
  readonly compensate: string | undefined;
}

export interface PlanTrigger {
  readonly id: string;
  readonly definition: TriggerDefinition;
  readonly params: JsonObject;
  readonly place: TriggerPlace;
  /** Its conditions, by their pointer into the parameters: `/where`. */
  readonly conditions: ReadonlyMap<string, Expression>;
  readonly subscriptions: readonly Subscription[];
  /** Events that set or clear its timers. */
  readonly watches: readonly Subscription[];
  readonly schedule: Schedule | undefined;
  readonly targets: readonly string[];
}

/** A retry policy with its durations in milliseconds. */
export interface Retry {
  readonly attempts: number;
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/** A plan without nodes: for runs whose workflow can no longer be compiled, and that are only to end. */
export const barePlan = (workflowId: string, version: number): Plan => ({
  workflowId,
  version,
  name: workflowId,
  settings: { timezone: 'UTC', locale: 'en', errorWorkflow: undefined, retentionMs: undefined },
  rules: NO_RULES,
  actions: new Map(),
  triggers: [],
  rounds: { reaches: () => false, forkOf: () => undefined },
});

/** Every event makes a run, and nothing ends one before its time. */
export const NO_RULES: PlanRules = {
  reentry: { mode: 'always' },
  concurrency: 'allow',
  throttle: undefined,
  dedupe: undefined,
  pilotShare: 1,
  suppress: undefined,
  goal: undefined,
  exits: [],
  asksRecord: false,
  caps: [],
  quiet: [],
};
