import type { JsonObject } from '../../../schemas/json.ts';
import type { Fact } from '../facts.ts';
import { type TaskEntity, taskTurn } from '../tasks.ts';
import { byKeys, entry, type LoadSummary, type Summary, type TaskSummary } from './summary.ts';

const DAY = 86_400_000;

interface Person {
  created: number;
  closed: number;
  open: number;
  maxOpen: number;
  maxOpenAt: number | null;
  /** Number of the day since 1970 → what happened in it, and how many were open at its end. */
  days: Map<number, { created: number; closed: number; open: number }>;
}

/** How much people have to do: their tasks, and how many are open at once. A task that changes hands is closed for one and new for the other. */
export class LoadTally {
  readonly #entity: TaskEntity;
  /** By the id of the owner; '' for nobody. */
  readonly #people = new Map<string, Person>();
  readonly #kinds = new Map<string, Omit<TaskSummary, 'person'> & { owner: string }>();

  constructor(entity: TaskEntity) {
    this.#entity = entity;
  }

  hear(fact: Fact): void {
    const turn = taskTurn(this.#entity, fact);
    if (!turn) return;
    const [from, to] = [turn.before && ownerOf(turn.before), turn.after && ownerOf(turn.after)];
    if (from === to) return;
    if (turn.before && from !== undefined) this.#close(from, turn.before, fact.at);
    if (turn.after && to !== undefined) this.#open(to, turn.after, fact.at);
  }

  /** Ids of the people who had anything to do. */
  owners(): string[] {
    return [...this.#people.keys()].filter((owner) => owner !== '');
  }

  /** @param nameOf gives a person's name by their id */
  sum(start: number, until: number, nameOf: (id: string) => string): Pick<Summary, 'tasks' | 'load'> {
    const name = (owner: string): string | null => (owner === '' ? null : nameOf(owner));
    const tasks = [...this.#kinds.values()].map(({ owner, ...row }): TaskSummary => ({ ...row, person: name(owner) }));
    const load = [...this.#people].map(([owner, person]) => loadOf(name(owner), person, start, until));
    return {
      tasks: tasks.sort(
        byKeys(
          (row) => row.kind,
          (row) => row.person,
        ),
      ),
      load: load.sort(byKeys((row) => row.person)),
    };
  }

  #open(owner: string, task: JsonObject, at: number): void {
    const { person, day, kind } = this.#rows(owner, task, at);
    person.created++;
    day.created++;
    kind.created++;
    kind.open++;
    person.open++;
    day.open = person.open;
    if (person.open <= person.maxOpen) return;
    person.maxOpen = person.open;
    person.maxOpenAt = at;
  }

  #close(owner: string, task: JsonObject, at: number): void {
    const { person, day, kind } = this.#rows(owner, task, at);
    person.closed++;
    day.closed++;
    kind.closed++;
    kind.open--;
    person.open--;
    day.open = person.open;
  }

  #rows(owner: string, task: JsonObject, at: number) {
    const person = entry(this.#people, owner, () => ({ created: 0, closed: 0, open: 0, maxOpen: 0, maxOpenAt: null, days: new Map() }));
    const day = entry(person.days, Math.floor(at / DAY), () => ({ created: 0, closed: 0, open: 0 }));
    const name = typeof task.kind === 'string' ? task.kind : '';
    const kind = entry(this.#kinds, `${name}\n${owner}`, () => ({ kind: name, owner, created: 0, closed: 0, open: 0 }));
    return { person, day, kind };
  }
}

const ownerOf = (task: JsonObject): string => (typeof task.owner === 'string' ? task.owner : '');

function loadOf(name: string | null, person: Person, start: number, until: number): LoadSummary {
  const { created, closed, open, maxOpen, maxOpenAt } = person;
  const days: LoadSummary['days'] = [];
  let left = 0;
  for (let day = Math.floor(start / DAY); day <= Math.floor((until - 1) / DAY); day++) {
    const known = person.days.get(day);
    left = known?.open ?? left;
    days.push({
      day: new Date(day * DAY).toISOString().slice(0, 10),
      created: known?.created ?? 0,
      closed: known?.closed ?? 0,
      open: left,
    });
  }
  const at = maxOpenAt === null ? null : new Date(maxOpenAt).toISOString();
  return { person: name, created, closed, openAtEnd: open, maxOpen, maxOpenAt: at, days };
}
