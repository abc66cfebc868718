/** Who had a record when, and why, and how well records are distributed: their changes of owner, with what the steps that made them have kept. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import {
  type AssignmentQuery,
  type AssignmentReport,
  checkAssignmentQuery,
  outputBehind,
  outputsBehind,
  reportAssignments,
} from '../assignments/report.ts';
import { TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import type { NodeOutput } from '../store/queries/runs.ts';
import type { Author } from '../store/schema.ts';
import type { ChangeRow } from '../unit/rows.ts';

/** Changes of a record that are looked through. */
const MOST_CHANGES = 1_000;

export interface Assignment {
  /** Milliseconds since the epoch. */
  at: number;
  from: string | null;
  /** Null: taken from its owner. */
  to: string | null;
  by: Author;
  workflow: string | null;
  /** How it was chosen, where a step of a workflow did; as that step says. */
  method: string | null;
  pool: string | null;
  candidates: readonly JsonObject[];
}

export class AssignmentService {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Newest first. Of a record with a very long history, its newest changes. */
  async of(recordId: string, limit: number): Promise<Assignment[]> {
    const { store } = this.#ports.database;
    const changes = await store.changesOfRecord(recordId, undefined, MOST_CHANGES);
    const owners = changes.filter((change) => change.changes.owner !== undefined).slice(0, limit);
    const outputs = await outputsBehind(store, owners);
    return owners.map((change) => assignment(change, outputs));
  }

  /** How well records were distributed over a time. Throws MEASURES_SPAN, MEASURES_MANY, ENTITY_UNKNOWN, TIMEZONE_UNKNOWN. */
  async measures(query: AssignmentQuery): Promise<AssignmentReport> {
    const { database, catalog, clock } = this.#ports;
    const { entities } = await catalog.current(database.store);
    checkAssignmentQuery(query, entities);
    const report = await reportAssignments(database.store, entities, query, clock.now());
    if (report) return report;
    throw new TaktError('MEASURES_MANY');
  }
}

function assignment({ at, author, changes }: ChangeRow, outputs: readonly NodeOutput[]): Assignment {
  const [from = null, to = null] = changes.owner ?? [];
  const found = outputBehind({ author, to: textOf(to) }, outputs)?.output;
  const output = isObject(found) ? found : {};
  return {
    at,
    from: textOf(from),
    to: textOf(to),
    by: author,
    workflow: outputs.find(({ runId }) => author.kind === 'run' && runId === author.id)?.workflowId ?? null,
    method: textOf(output.method),
    pool: textOf(output.pool),
    candidates: Array.isArray(output.candidates) ? output.candidates.filter(isObject) : [],
  };
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
