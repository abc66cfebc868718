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
import type { RecordView } from '../node/context.ts';
import type { Intake } from '../runtime/intake.ts';
import type { Ports } from '../runtime/ports.ts';
import type { NodeOutput } from '../store/queries/runs.ts';
import type { Author, Outsider } from '../store/schema.ts';
import { isUuid } from '../unit/find.ts';
import type { ChangeRow, EventRow } from '../unit/rows.ts';

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
  /** What the run began with that gave the record to somebody. */
  started: Starter | null;
  /** How it was chosen, where a step of a workflow did; as that step says. */
  method: string | null;
  pool: string | null;
  candidates: readonly JsonObject[];
}

interface Starter {
  /** Type of the event. */
  event: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Who changed the record, or started the workflow by hand, then; null where that is not known. */
  by: Author | null;
}

export class AssignmentService {
  readonly #ports: Ports;
  readonly #intake: Intake;

  constructor(ports: Ports, intake: Intake) {
    this.#ports = ports;
    this.#intake = intake;
  }

  /**
   * Gives a record to somebody by hand, or takes it from its owner. Whoever waits for somebody for it hears of that.
   * @param owner id of a user; null: nobody's
   * @param by with the reason
   * @param version that the record must have still
   * @throws TaktError RECORD_NOT_FOUND, ASSIGN_INACTIVE, RECORD_INVALID (there is no such user), RECORD_VERSION
   */
  async give(recordId: string, owner: string | null, by: Outsider, version?: number): Promise<RecordView> {
    const user = owner === null || !isUuid(owner) ? undefined : (await this.#ports.database.store.recordsByIds([owner], 'none'))[0];
    if (user?.entity === 'user' && user.data.active === false) {
      throw new TaktError('ASSIGN_INACTIVE', { message: `${user.name} is not active.`, pointer: '/owner' });
    }
    const change = { kind: 'update', id: recordId, data: { owner } } as const;
    const changed = await this.#intake.submitOne(version === undefined ? change : { ...change, version }, by);
    if (changed.kind === 'record') return changed.record;
    throw new TaktError('INTERNAL', { message: 'A record became something else.' });
  }

  /** Newest first. Of a record with a very long history, its newest changes. */
  async of(recordId: string, limit: number): Promise<Assignment[]> {
    const { store } = this.#ports.database;
    const changes = await store.changesOfRecord(recordId, undefined, MOST_CHANGES);
    const owners = changes.filter((change) => change.changes.owner !== undefined).slice(0, limit);
    const outputs = await outputsBehind(store, owners);
    const begun = [...new Set(outputs.flatMap(({ eventId }) => eventId ?? []))];
    const events = begun.length > 0 ? await store.eventsByIds(begun) : [];
    const starters = new Map(events.map((event) => [event.id, starterOf(event, changes)]));
    return owners.map((change) => assignment(change, outputs, starters));
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

/** @param changes of the record that the event may tell of */
function starterOf({ type, at, recordId, data }: EventRow, changes: readonly ChangeRow[]): Starter {
  if (type === 'run.requested') return { event: type, at, by: authorIn(data.by) };
  const change = changes.find((one) => type === `record.${one.op}` && one.recordId === recordId && one.at === at);
  return { event: type, at, by: change?.author ?? null };
}

function authorIn(value: Json | undefined): Author | null {
  if (!isObject(value)) return null;
  const { kind, id } = value;
  return typeof id === 'string' && (kind === 'person' || kind === 'key' || kind === 'system') ? { kind, id } : null;
}

function assignment(
  { at, author, changes }: ChangeRow,
  outputs: readonly NodeOutput[],
  starters: ReadonlyMap<string, Starter>,
): Assignment {
  const [from = null, to = null] = changes.owner ?? [];
  const found = outputBehind({ author, to: textOf(to) }, outputs)?.output;
  const output = isObject(found) ? found : {};
  const run = outputs.find(({ runId }) => author.kind === 'run' && runId === author.id);
  return {
    at,
    from: textOf(from),
    to: textOf(to),
    by: author,
    workflow: run?.workflowId ?? null,
    started: starters.get(run?.eventId ?? '') ?? null,
    method: textOf(output.method),
    pool: textOf(output.pool),
    candidates: Array.isArray(output.candidates) ? output.candidates.filter(isObject) : [],
  };
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
