import type { Target } from '../../../schemas/action.ts';
import type { JsonObject } from '../../../schemas/json.ts';

/** Something that somebody outside does to the engine. Values may still hold names. */
export type Action =
  | { kind: 'create'; entity: string; data: JsonObject; as?: string }
  | { kind: 'update'; target: Target; data: JsonObject }
  | { kind: 'delete' | 'restore'; target: Target }
  | { kind: 'event'; type: string; topic: string; target?: Target; data: JsonObject; key?: string }
  | { kind: 'start'; workflow: string; target?: Target; input: JsonObject; key?: string }
  /** A person does the oldest open task that has these fields. */
  | { kind: 'complete'; match: JsonObject; data: JsonObject };

export interface TimedAction {
  /** Milliseconds since the epoch. */
  at: number;
  action: Action;
}
