/** A workflow compiled: what the runtime carries out. Immutable and shared by every run of the version. */
import type { JsonObject } from '../../schemas/json.ts';
import type { Expression } from '../expression/index.ts';
import type { ActionDefinition, Schedule, Subscription, TriggerDefinition } from '../node/definition.ts';
import type { CompiledParams } from './params.ts';

export interface Plan {
  readonly workflowId: string;
  readonly version: number;
  readonly name: string;
  readonly settings: PlanSettings;
  readonly actions: ReadonlyMap<string, PlanAction>;
  readonly triggers: readonly PlanTrigger[];
}

export interface PlanSettings {
  readonly timezone: string;
  readonly locale: 'en' | 'ru';
  readonly reentry: 'always' | 'once';
}

export interface PlanAction {
  readonly id: string;
  readonly definition: ActionDefinition;
  readonly params: CompiledParams;
  /** port → nodes that a token goes to; several make the run fork. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  readonly retry: Retry;
  readonly maxVisits: number | undefined;
  /** Its formulas read `owner`, so the owner's record is loaded before it runs. */
  readonly needsOwner: boolean;
  /** Its formulas read `event`. */
  readonly needsEvent: boolean;
}

export interface PlanTrigger {
  readonly id: string;
  readonly definition: TriggerDefinition;
  readonly params: JsonObject;
  readonly where: Expression | undefined;
  readonly subscriptions: readonly Subscription[];
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
