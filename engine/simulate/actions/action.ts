import type { Target } from '../../../schemas/action.ts';
import type { JsonObject } from '../../../schemas/json.ts';

/** As in files, or the id itself. */
export type ActionTarget = Target | { id: string };

/** Something that somebody outside does to the engine. Values may still hold names. */
export type Action =
  | { kind: 'create'; entity: string; data: JsonObject; as?: string }
  | { kind: 'update'; target: ActionTarget; data: JsonObject }
  | { kind: 'delete' | 'restore'; target: ActionTarget }
  | { kind: 'event'; type: string; topic: string; target?: ActionTarget; data: JsonObject; key?: string }
  | { kind: 'start'; workflow: string; target?: ActionTarget; input: JsonObject; key?: string }
  /** A person does the oldest open task that has these fields. */
  | { kind: 'complete'; match: JsonObject; data: JsonObject };
