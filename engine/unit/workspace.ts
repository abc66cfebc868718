/**
 * What one transaction knows and will write: records and positions as loaded, changed in memory by steps and by writes from
 * outside, and every row that follows from it. No I/O here: the loader fills it, the commit writes it out.
 */
import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { PlanTrigger } from '../graph/plan.ts';
import { type AggregateResult, aggregateKey, type ResolvedAggregate } from '../node/aggregate.ts';
import type { RecordView } from '../node/context.ts';
import type { DataRequest, EventView, FindQuery } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { RunState } from '../run/state.ts';
import type { CauseChain } from '../store/schema.ts';
import type { ChangeRow, EffectRow, EventRow, RecordRow, RunRow, StepRow } from './rows.ts';
import { previousView, viewRecord } from './view.ts';

/** Time, chance and names, fixed for one transaction. */
export interface Surroundings {
  readonly now: number;
  readonly entities: EntityRegistry;
  random(): number;
  newId(): string;
  /** Microseconds of some steady watch: what a step cost. A simulation gives 0. */
  stopwatch(): number;
  match(event: EventRow, record: RecordView | undefined, previous: Record<string, unknown> | undefined): readonly Match[];
}

export interface Match {
  readonly workflowId: string;
  readonly version: number;
  readonly reentry: 'always' | 'once';
  readonly trigger: PlanTrigger;
  readonly initialState: RunState;
}

/** What drivers load: what nodes ask for, and beside it what only the engine does. */
export type Request =
  | DataRequest
  | { kind: 'event'; id: string }
  /** Records that will be written: read under their row locks. */
  | { kind: 'lock'; ids: readonly string[] }
  /** An event with an idempotency key: written at once, so that it is known whether it is new. */
  | { kind: 'claim'; event: EventRow };

/** Chains longer than this are refused: workflows that start each other in a circle. */
const MAX_CHAIN = 16;

interface Slot {
  /** As in the database; undefined for a new record. */
  readonly base: RecordRow | undefined;
  row: RecordRow;
}

export class Workspace {
  readonly surroundings: Surroundings;
  readonly #slots = new Map<string, Slot>();
  readonly #absent = new Set<string>();
  /** entity → records written here */
  readonly #written = new Map<string, Set<string>>();
  /** entity and key → records written here that have or had it */
  readonly #writtenKeys = new Map<string, Set<string>>();
  readonly #locked = new Set<string>();
  readonly #finds = new Map<string, readonly string[]>();
  readonly #aggregates = new Map<string, AggregateResult>();
  readonly #pointers = new Map<string, { base: number; value: number }>();
  readonly #events = new Map<string, EventRow>();
  /** event → the event that owns its key: itself where it is new */
  readonly #claims = new Map<string, string>();
  readonly #views = new WeakMap<RecordRow, RecordView>();

  readonly changes: ChangeRow[] = [];
  readonly newEvents: EventRow[] = [];
  readonly newRuns: RunRow[] = [];
  readonly advancedRuns: RunRow[] = [];
  readonly steps: StepRow[] = [];
  readonly effects: EffectRow[] = [];
  /** Runs that ended while effects of theirs may not have been sent. */
  readonly endedEarly: string[] = [];
  /** Signals that the advanced runs have taken in. */
  readonly takenSignals: number[] = [];

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  // — loading —

  has(request: Request): boolean {
    switch (request.kind) {
      case 'records':
        return request.ids.every((id) => this.#slots.has(id) || this.#absent.has(id) || !isUuid(id));
      case 'lock':
        return (
          request.ids.every(
            (id) =>
              this.#locked.has(id) ||
              this.#absent.has(id) ||
              !isUuid(id) ||
              (this.#slots.has(id) && this.#slots.get(id)?.base === undefined),
          ) && this.has({ kind: 'records', ids: request.ids })
        );
      case 'find':
        return this.#finds.has(findKey(request.query));
      case 'aggregate':
        return this.#aggregates.has(aggregateKey(request.aggregate));
      case 'pointer':
        return this.#pointers.has(request.key);
      case 'event':
        return this.#events.has(request.id);
      case 'claim':
        return this.#claims.has(request.event.id);
    }
  }

  /** Rows read from the database. A row that is here already is kept: it may carry changes. */
  addRecords(asked: readonly string[], found: readonly RecordRow[], locked: boolean): void {
    for (const row of found) {
      const slot = this.#slots.get(row.id);
      // Under the lock the row may be newer than when it was first read; what has been changed here is left to the commit.
      if (!slot || (slot.row === slot.base && slot.row.version !== row.version)) this.#slots.set(row.id, { base: row, row });
      if (locked) this.#locked.add(row.id);
    }
    for (const id of asked) if (!this.#slots.has(id)) this.#absent.add(id);
  }

  /** @param ids of records that have been added */
  addFound(query: FindQuery, ids: readonly string[]): void {
    this.#finds.set(findKey(query), ids);
  }

  addAggregate(aggregate: ResolvedAggregate, result: AggregateResult): void {
    this.#aggregates.set(aggregateKey(aggregate), result);
  }

  addClaim(eventId: string, ownerId: string): void {
    this.#claims.set(eventId, ownerId);
  }

  addPointer(key: string, value: number): void {
    this.#pointers.set(key, { base: value, value });
  }

  addEvents(found: readonly EventRow[]): void {
    for (const row of found) this.#events.set(row.id, row);
  }

  // — reading —

  row(id: string): RecordRow | undefined {
    return this.#slots.get(id)?.row;
  }

  view(row: RecordRow): RecordView {
    let view = this.#views.get(row);
    if (!view) {
      view = viewRecord(row, this.surroundings);
      this.#views.set(row, view);
    }
    return view;
  }

  event(id: string): EventRow | undefined {
    return this.#events.get(id);
  }

  /** The event that owns the claimed event's key. */
  ownerOfClaim(eventId: string): string | undefined {
    return this.#claims.get(eventId);
  }

  /** What a find gives now: the database's answer, corrected by what was written here since. */
  found(query: FindQuery): RecordRow[] {
    const stored = this.#finds.get(findKey(query)) ?? [];
    const { key } = query.match;
    const written = typeof key === 'string' ? this.#writtenKeys.get(`${query.entity} ${key}`) : this.#written.get(query.entity);
    const ids = new Set([...stored, ...(written ?? [])]);
    return [...ids]
      .flatMap((id) => this.#slots.get(id)?.row ?? [])
      .filter((row) => row.deletedAt === null && matches(row, query))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, query.limit);
  }

  /** The database's answer: what was written here does not count yet. */
  aggregated(aggregate: ResolvedAggregate): AggregateResult {
    const result = this.#aggregates.get(aggregateKey(aggregate));
    if (result) return result;
    throw new TaktError('INTERNAL', { message: 'An aggregate was read before it was loaded.', hint: 'Use aggregateRecords().' });
  }

  pointer(key: string): number {
    const pointer = this.#pointers.get(key);
    if (!pointer)
      throw new TaktError('INTERNAL', { message: `The position "${key}" was not loaded before it was taken.`, hint: 'Use takePointer().' });
    return pointer.value;
  }

  // — writing —

  setPointer(key: string, value: number): void {
    const pointer = this.#pointers.get(key);
    if (pointer) pointer.value = value;
  }

  /** Puts a changed row in place, with its change, the event that tells of it and the runs which that starts. */
  writeRecord(row: RecordRow, change: ChangeRow, chain: CauseChain): void {
    const slot = this.#slots.get(row.id);
    if (slot) slot.row = row;
    else this.#slots.set(row.id, { base: undefined, row });
    this.#absent.delete(row.id);
    addTo(this.#written, row.entity, row.id);
    if (row.key !== null) addTo(this.#writtenKeys, `${row.entity} ${row.key}`, row.id);
    this.changes.push(change);
    this.writeEvent(
      {
        id: this.surroundings.newId(),
        type: `record.${change.op}`,
        topic: row.entity,
        recordId: row.id,
        at: this.surroundings.now,
        data: { changes: Object.fromEntries(Object.entries(change.changes).map(([field, pair]): [string, Json] => [field, [...pair]])) },
        key: null,
        chain,
      },
      change.changes,
    );
  }

  /** An event that is not in the database yet: kept, matched, its runs made. */
  writeEvent(event: EventRow, changes?: ChangeRow['changes']): string[] {
    this.newEvents.push(event);
    return this.matchEvent(event, changes);
  }

  /** The runs that an event starts; refused where workflows have started each other too often. */
  matchEvent(event: EventRow, changes?: ChangeRow['changes']): string[] {
    this.#events.set(event.id, event);
    const row = event.recordId === null ? undefined : this.row(event.recordId);
    const record = row && this.view(row);
    const previous = record && changes ? previousView(record, changes) : record;
    const { now, newId } = this.surroundings;
    const started: string[] = [];
    for (const match of this.surroundings.match(event, record, previous)) {
      const tooDeep = event.chain.length >= MAX_CHAIN;
      const id = newId();
      this.newRuns.push({
        id,
        workflowId: match.workflowId,
        version: match.version,
        status: tooDeep ? 'refused' : 'active',
        recordId: event.recordId,
        eventId: event.id,
        entryKey:
          match.reentry === 'once' && event.recordId !== null ? `record:${event.recordId}` : `event:${event.id}:${match.trigger.id}`,
        dueAt: tooDeep ? null : now,
        state: match.initialState,
        chain: event.chain,
        outcome: null,
        error: tooDeep ? loopError(event.chain).toData() : null,
        createdAt: now,
        updatedAt: now,
        endedAt: tooDeep ? now : null,
      });
      started.push(id);
    }
    return started;
  }

  // — what the commit writes —

  dirtyRecords(): { inserted: RecordRow[]; updated: { row: RecordRow; base: RecordRow }[] } {
    const inserted: RecordRow[] = [];
    const updated: { row: RecordRow; base: RecordRow }[] = [];
    for (const { base, row } of this.#slots.values()) {
      if (base === undefined) inserted.push(row);
      else if (row !== base) updated.push({ row, base });
    }
    return { inserted, updated };
  }

  dirtyPointers(): { key: string; value: number }[] {
    return [...this.#pointers].filter(([, pointer]) => pointer.value !== pointer.base).map(([key, { value }]) => ({ key, value }));
  }
}

function addTo(sets: Map<string, Set<string>>, name: string, id: string): void {
  const set = sets.get(name);
  if (set) set.add(id);
  else sets.set(name, new Set([id]));
}

function loopError(chain: CauseChain): TaktError {
  const names = chain.map((cause) => `${cause.workflow}/${cause.node}`).join(' → ');
  return new TaktError('LOOP_DEPTH', { message: `${chain.length} workflows in a row have started each other: ${names}.` });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What has not the form of an id is no record; asking the database with it would fail the whole batch. */
export const isUuid = (id: string): boolean => UUID.test(id);

export const findKey = (query: FindQuery): string => JSON.stringify([query.entity, query.limit, Object.entries(query.match).sort()]);

const HOT: ReadonlySet<string> = new Set(['key', 'owner', 'stage', 'name']);

/** The same test as the SQL of `findRecords`: equality, or being contained in a list. */
function matches(row: RecordRow, query: FindQuery): boolean {
  if (row.entity !== query.entity) return false;
  return Object.entries(query.match).every(([field, wanted]) => {
    const value = HOT.has(field) ? Reflect.get(row, field) : row.data[field];
    return contains(value ?? null, wanted);
  });
}

/** jsonb's containment `@>` for the cases of a find: an array contains a scalar, an object contains its part. */
function contains(value: unknown, wanted: Json): boolean {
  if (Array.isArray(value))
    return Array.isArray(wanted) ? wanted.every((w) => value.some((v) => contains(v, w))) : value.some((v) => contains(v, wanted));
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(wanted).every(([key, w]) => contains(Reflect.get(value, key) ?? null, w))
    );
  }
  return value === wanted;
}

export const eventView = (event: EventRow): EventView => ({
  id: event.id,
  type: event.type,
  topic: event.topic,
  at: new Date(event.at).toISOString(),
  data: event.data,
});
