import type { JsonObject } from '../../schemas/json.ts';
import type { Fact, RecordFact } from './facts.ts';
import { fits } from './match.ts';

/** Which records are work for people. Whoever opens a world says so: the engine knows no such entity. */
export interface TaskEntity {
  readonly entity: string;
  isOpen(fields: JsonObject): boolean;
  /** The fields by which a person marks one as done. */
  done(now: number): JsonObject;
  /** The id of the record that it is about. */
  about(fields: JsonObject): string | undefined;
}

export interface Task {
  readonly id: string;
  readonly fields: JsonObject;
}

/** The tasks that are open, kept by hearing of every change. */
export class OpenTasks {
  readonly #entity: TaskEntity;
  readonly #open = new Map<string, Task>();

  constructor(entity: TaskEntity) {
    this.#entity = entity;
  }

  hear(fact: Fact): void {
    if (fact.kind !== 'record' || fact.entity !== this.#entity.entity) return;
    if (fact.after !== undefined && this.#entity.isOpen(fact.after)) this.#open.set(fact.id, { id: fact.id, fields: fact.after });
    else this.#open.delete(fact.id);
  }

  get(id: string): Task | undefined {
    return this.#open.get(id);
  }

  /** The oldest that has these fields. */
  find(match: JsonObject): Task | undefined {
    return this.list().find((task) => fits(match, task.fields));
  }

  /** In the order in which they were opened. */
  list(): Task[] {
    return [...this.#open.values()];
  }
}

/** Was the task open before the fact, and is it now? Undefined for facts about anything else. */
export function taskTurn(
  entity: TaskEntity,
  fact: Fact,
): { fact: RecordFact; before: JsonObject | undefined; after: JsonObject | undefined } | undefined {
  if (fact.kind !== 'record' || fact.entity !== entity.entity) return undefined;
  const open = (fields: JsonObject | undefined): JsonObject | undefined => (fields && entity.isOpen(fields) ? fields : undefined);
  return { fact, before: open(fact.before), after: open(fact.after) };
}
