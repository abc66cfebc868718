/**
 * What one transaction knows and will write: records and positions as loaded, changed in memory by steps and by writes from
 * outside, and every row that follows from it. No I/O here: the loader fills it, the commit writes it out.
 */
import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { type AggregateResult, aggregateKey, type ResolvedAggregate } from '../node/aggregate.ts';
import type { NewRun, RecordView } from '../node/context.ts';
import type { FactRequest, FindQuery, PastEvents } from '../node/definition.ts';
import type { SignalPayload } from '../run/state.ts';
import type { MarkChange } from '../store/queries/marks.ts';
import type { CauseChain } from '../store/schema.ts';
import { AboutRow } from './about-row.ts';
import { FactStore, type Facts } from './facts.ts';
import { findKey, isUuid, matches } from './find.ts';
import { withWritten } from './loads.ts';
import { newRun } from './new-run.ts';
import type { Request } from './request.ts';
import type { ChangeRow, EffectRow, EventRow, MergeRow, RecordRow, RunRow, StepRow, WaitRow } from './rows.ts';
import type { KeyedTimer, Rearm, Start, Surroundings, Watched } from './surroundings.ts';
import { eventView, viewRecord } from './view.ts';

interface Slot {
  /** As in the database; undefined for a new record. */
  readonly base: RecordRow | undefined;
  row: RecordRow;
}

/** Beyond it no further step begins. Two hundred runs with 2 MB a step took 1.3 GB of memory without it. */
const FULL_BYTES = 32_000_000;

export class Workspace {
  readonly surroundings: Surroundings;
  /** Records that other transactions hold and for which this one does not wait; undefined where it waits for all. */
  readonly held: Set<string> | undefined;
  readonly #slots = new Map<string, Slot>();
  readonly #absent = new Set<string>();
  /** entity → records written here */
  readonly #written = new Map<string, Set<string>>();
  /** entity and key → records written here that have or had it */
  readonly #writtenKeys = new Map<string, Set<string>>();
  /** Record → its version under the lock. */
  readonly #locked = new Map<string, number>();
  readonly #shared = new Set<string>();
  readonly #finds = new Map<string, readonly string[]>();
  readonly #aggregates = new Map<string, AggregateResult>();
  readonly #pointers = new Map<string, { base: number; value: number }>();
  readonly #events = new Map<string, EventRow>();
  /** event → the event that owns its key: itself where it is new */
  readonly #claims = new Map<string, string>();
  readonly #views = new WeakMap<RecordRow, RecordView>();
  /** How often a mark has been given another value here. */
  marksWritten = 0;
  readonly #marks = new Map<string, { base: Json; value: Json; expiresAt: number | null }>();
  readonly #facts = new FactStore();
  /** Undefined: there is none. */
  readonly #merges = new Map<string, MergeRow | undefined>();
  readonly #waits = new Map<string, readonly WaitRow[]>();
  /** type of events → whether the database knows a run that waits for it, asked behind the locks of all records that are held so far */
  readonly #waited = new Map<string, boolean>();
  /** How many events there were when a run registered what it waits for: later ones are told to it. */
  readonly #registeredAt = new Map<string, number>();

  readonly changes: ChangeRow[] = [];
  readonly newEvents: EventRow[] = [];
  /** Every event of this transaction, in the order in which triggers and waiting runs hear of them. */
  readonly heard: EventRow[] = [];
  readonly newRuns: RunRow[] = [];
  readonly advancedRuns: RunRow[] = [];
  readonly steps: StepRow[] = [];
  readonly effects: EffectRow[] = [];
  /** Effects whose wait is over before they were sent. */
  readonly withdrawnEffects: { runId: string; waitId: string }[] = [];
  /** Matches that the admission has not looked at yet. */
  starts: Start[] = [];
  readonly rearmed: Rearm[] = [];
  /** Triggers of which the events set or clear timers. */
  readonly watched: Watched[] = [];
  readonly timers = new Map<string, KeyedTimer>();
  /** run → what it waits for from now on */
  readonly waits = new Map<string, readonly WaitRow[]>();
  /** Merges of this transaction, and those that it takes back. */
  readonly merges: MergeRow[] = [];
  readonly undoneMerges: MergeRow[] = [];
  readonly signals: { runId: string; waitId: string; payload: SignalPayload }[] = [];
  /** Signals that the advanced runs have taken in. */
  readonly takenSignals: number[] = [];
  /** About how many bytes its steps have made: what is in memory at once, and in the statements that write it. */
  weight = 0;

  constructor(surroundings: Surroundings, held?: Iterable<string>) {
    this.surroundings = surroundings;
    this.held = held && new Set(held);
  }

  /** Runs that could still move wait for the next transaction. */
  isFull(): boolean {
    return this.weight > FULL_BYTES;
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
      case 'finds':
        return request.queries.every((query) => this.#finds.has(findKey(query)));
      case 'aggregate':
        return this.#aggregates.has(aggregateKey(request.aggregate));
      case 'pointer':
        return this.#pointers.has(request.key);
      case 'marks':
        return request.keys.every((key) => this.#marks.has(key));
      case 'event':
        return this.#events.has(request.id);
      case 'merge':
        return this.#merges.has(request.id);
      case 'claim':
        return this.#claims.has(request.event.id);
      case 'hear':
        return (
          request.ids.every((id) => this.#shared.has(id) || this.has({ kind: 'lock', ids: [id] })) &&
          request.types.every((type) => this.#waited.has(type))
        );
      case 'waits':
        return request.correlations.every((correlation) => this.#waits.has(correlation));
      default:
        return this.#facts.has(request);
    }
  }

  /** Rows read from the database. A row that is here already is kept: it may carry changes. */
  addRecords(asked: readonly string[], found: readonly RecordRow[], locked: boolean): void {
    for (const row of found) {
      const slot = this.#slots.get(row.id);
      // Under the lock the row may be newer than when it was first read; what has been changed here is left to the commit.
      if (!slot || (slot.row === slot.base && slot.row.version !== row.version)) this.#slots.set(row.id, { base: row, row });
      if (locked && !this.#locked.has(row.id)) this.#waited.clear();
      if (locked) this.#locked.set(row.id, row.version);
    }
    for (const id of asked) if (!this.#slots.has(id)) this.#absent.add(id);
  }

  addHeld(ids: Iterable<string>): void {
    for (const id of ids) this.held?.add(id);
  }

  /** Of the records that are to be locked, those that others hold. */
  heldOf(request: Request): string[] {
    const { held } = this;
    if (!held || held.size === 0 || (request.kind !== 'lock' && request.kind !== 'hear')) return [];
    return request.ids.filter((id) => held.has(id));
  }

  /** @param ids of records that have been added */
  addFound(query: FindQuery, ids: readonly string[]): void {
    this.#finds.set(findKey(query), ids);
  }

  addAggregate(aggregate: ResolvedAggregate, result: AggregateResult): void {
    this.#aggregates.set(aggregateKey(aggregate), result);
  }

  addShared(ids: readonly string[]): void {
    if (ids.some((id) => !this.#shared.has(id))) this.#waited.clear();
    for (const id of ids) this.#shared.add(id);
  }

  addClaim(eventId: string, ownerId: string): void {
    this.#claims.set(eventId, ownerId);
  }

  addMerge(id: string, row: MergeRow | undefined): void {
    this.#merges.set(id, row);
  }

  addPointer(key: string, value: number): void {
    this.#pointers.set(key, { base: value, value });
  }

  addMark(key: string, value: Json): void {
    this.#marks.set(key, { base: value, value, expiresAt: null });
  }

  addFact<K extends keyof Facts>(request: Extract<FactRequest, { kind: K }>, value: Facts[K]): void {
    this.#facts.add(request, value);
  }

  /** @param found runs that wait for something about one of `asked` */
  addWaits(asked: readonly string[], found: readonly WaitRow[]): void {
    for (const correlation of asked)
      this.#waits.set(
        correlation,
        found.filter((row) => row.correlation === correlation),
      );
  }

  /** @param waited those of `asked` that any run waits for */
  addWaitedTypes(asked: readonly string[], waited: readonly string[]): void {
    for (const type of asked) this.#waited.set(type, waited.includes(type));
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

  /** As loaded; taken back where this transaction has done that. */
  merge(id: string): MergeRow | undefined {
    return this.undoneMerges.find((row) => row.id === id) ?? this.#merges.get(id);
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

  mark(key: string): Json {
    const mark = this.#marks.get(key);
    if (mark) return mark.value;
    throw new TaktError('INTERNAL', {
      message: `The mark "${key}" was not loaded before it was read.`,
      hint: 'Yield { kind: "marks" } first.',
    });
  }

  fact<K extends keyof Facts>(request: Extract<FactRequest, { kind: K }>): Facts[K] {
    return this.#facts.get(request);
  }

  /** Events that the database has, and those that this transaction has written so far. */
  eventsSince(query: PastEvents): EventRow[] {
    const fits = (event: EventRow): boolean =>
      event.recordId === query.recordId && event.at >= query.since && query.types.includes(event.type);
    const stored = this.#facts.get({ kind: 'events', query });
    const known = new Set(stored.map((event) => event.id));
    return [...stored, ...this.newEvents.filter((event) => fits(event) && !known.has(event.id))];
  }

  eventCount(request: Extract<FactRequest, { kind: 'event_count' }>): number {
    const { recordId, type, since } = request;
    const here = this.newEvents.filter((event) => event.recordId === recordId && event.type === type && event.at >= since);
    return this.#facts.get(request) + here.length;
  }

  /** Messages about a record that were given to the outbox, those of this transaction included. */
  sentCount(request: Extract<FactRequest, { kind: 'sent' }>): number {
    const here = this.effects.filter(({ recordId, payload }) => recordId === request.recordId && payload.channel === request.channel);
    return this.#facts.get(request) + here.length;
  }

  /** What these people have to do, in their order, with what is written here. */
  loads(request: Extract<FactRequest, { kind: 'loads' }>): number[] {
    const written = [...(this.#written.get(request.load.entity) ?? [])].flatMap((id) => this.#slots.get(id) ?? []);
    return withWritten(request.load, request.owners, this.#facts.get(request), written);
  }

  /** Runs that wait for something about this, as the database knew it. */
  waitsFor(correlation: string): readonly WaitRow[] {
    return this.#waits.get(correlation) ?? [];
  }

  /** Does the database know a run that waits for events of this type? */
  isWaitedFor(type: string): boolean {
    const waited = this.#waited.get(type);
    if (waited !== undefined) return waited;
    throw new TaktError('INTERNAL', {
      message: `Whether anybody waits for "${type}" was not asked before it was told.`,
      hint: 'Use hear().',
    });
  }

  /** What runs of this transaction wait for from now on, and how many events there were when they said so. */
  registeredWaits(): { wait: WaitRow; since: number }[] {
    return [...this.waits].flatMap(([run, rows]) => rows.map((wait) => ({ wait, since: this.#registeredAt.get(run) ?? 0 })));
  }

  // — writing —

  setMark(key: string, value: Json, expiresAt: number | null): void {
    const mark = this.#marks.get(key);
    if (!mark)
      throw new TaktError('INTERNAL', { message: `The mark "${key}" was not loaded before it was written.`, hint: 'Yield it first.' });
    mark.value = value;
    this.marksWritten++;
    mark.expiresAt = expiresAt;
  }

  signal(runId: string, waitId: string, payload: SignalPayload): void {
    this.signals.push({ runId, waitId, payload });
  }

  replaceWaits(runId: string, rows: readonly WaitRow[]): void {
    this.waits.set(runId, rows);
    this.#registeredAt.set(runId, this.heard.length);
  }

  setTimer(timer: KeyedTimer): void {
    this.timers.set(`${timer.workflowId} ${timer.node} ${timer.key}`, timer);
  }

  /** A run that another one starts; whoever waits is told of its end by `waitId`. */
  startCalled(id: string, start: NewRun, chain: CauseChain, waitId: string | undefined): void {
    const { now, newId } = this.surroundings;
    const { plan, trigger } = this.surroundings.callable(start.workflow);
    const event: EventRow = {
      id: newId(),
      type: 'run.called',
      topic: start.workflow,
      recordId: start.recordId ?? null,
      at: now,
      data: { input: start.input },
      key: null,
      chain,
    };
    this.#events.set(event.id, event);
    // Not matched: only the workflow that is called hears of it.
    this.newEvents.push(event);
    const caller = chain.at(-1);
    const parent = waitId === undefined || !caller ? null : { run: caller.run, wait: waitId };
    const run = { ...newRun(id, { plan, trigger }, event, now), parent };
    this.newRuns.push(run);
    // Workflows that call each other for ever: whoever waits must not wait for a run that never begins.
    const refusal = run.error && { code: run.error.code, message: run.error.message };
    if (parent && refusal)
      this.signal(parent.run, parent.wait, { ok: true, result: { run: id, status: 'failed', outcome: null, output: refusal } });
  }

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

  /** An event that is not in the database yet: kept and matched. */
  writeEvent(event: EventRow, changes?: ChangeRow['changes']): void {
    this.newEvents.push(event);
    this.matchEvent(event, changes);
  }

  /** Finds the triggers that an event meets, as long as the record is as the event found it. */
  matchEvent(event: EventRow, changes?: ChangeRow['changes']): void {
    this.#events.set(event.id, event);
    this.heard.push(event);
    const row = event.recordId === null ? undefined : this.row(event.recordId);
    const about = new AboutRow(row, changes, (one) => this.view(one));
    const { starts, watched, rearmed } = this.surroundings.match(event, about);
    if (starts.length + watched.length + rearmed.length === 0) return;
    const { record } = about;
    const heard = this.heard.length;
    for (const match of watched) this.watched.push({ ...match, event: eventView(event), record });
    for (const match of starts) this.starts.push({ ...match, event, record, heard });
    if (event.recordId !== null) for (const workflowId of rearmed) this.rearmed.push({ workflowId, recordId: event.recordId, heard });
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

  /** Has nobody else been able to write the records that are changed here, since they were read? Else the commit has to look. */
  writesWhatItHasLocked(): boolean {
    return this.dirtyRecords().updated.every(({ base }) => this.#locked.get(base.id) === base.version);
  }

  /** Values that have changed; and keys that hold none any more, those included that were only looked at. */
  dirtyMarks(): { changed: MarkChange[]; empty: string[] } {
    const all = [...this.#marks];
    return {
      changed: all.flatMap(([key, { base, value, expiresAt }]) => (value === base || value === null ? [] : [{ key, value, expiresAt }])),
      empty: all.flatMap(([key, { value }]) => (value === null ? [key] : [])),
    };
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
