/** One step's unit of work over the workspace: reads see all that is written, writes stay here until the step has succeeded. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { AssignmentQuery, AssignmentReport } from '../assignments/report.ts';
import type { KeptMerge, MergeRecord } from '../duplicates/index.ts';
import { TaktError } from '../errors/index.ts';
import type { Environment } from '../expression/index.ts';
import type { MonthsAnswer, MonthsQuery } from '../forecasting/months.ts';
import type { ReceivedAnswer, ReceivedQuery } from '../forecasting/received.ts';
import { answerOf } from '../forecasting/told.ts';
import type { PlanRules, PlanSettings, QuietRule } from '../graph/plan.ts';
import type { Prediction } from '../models/live.ts';
import type { AggregateResult, ResolvedAggregate } from '../node/aggregate.ts';
import type { NewRecord, NewRun, RecordView, StepContext } from '../node/context.ts';
import type { EventView, FactRequest, FindQuery, LoadMeasure, PastEvents } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import { enterPlace, isHeldBy, leavePlace, placeOf, placeValue, type Visitor } from '../run/places.ts';
import type { Author, CauseChain } from '../store/schema.ts';
import { createRow, deleteRow, type RecordWrite, restoreRow, type Stamp, updateRow } from './record-rows.ts';
import type { ChangeRow, EventRow, MergeRow, RecordRow } from './rows.ts';
import { eventView } from './view.ts';
import type { Workspace } from './workspace.ts';

export interface Actor {
  author: Author;
  chain: CauseChain;
}

type Write =
  | { kind: 'record'; row: RecordRow; change: ChangeRow }
  | { kind: 'event'; event: EventRow }
  | { kind: 'run'; id: string; start: NewRun; waitId: string | undefined }
  | { kind: 'signal'; run: string; waitId: string }
  | { kind: 'merge'; row: MergeRow }
  | { kind: 'unmerge'; row: MergeRow };

/** Reads and writes of records and events that become one with the workspace, or are dropped. */
export class WriteUnit {
  protected readonly workspace: Workspace;
  protected readonly actor: Actor;
  readonly #rows = new Map<string, RecordRow>();
  readonly #read = new Map<string, RecordRow | undefined>();
  readonly #finds = new Map<FindQuery, readonly RecordRow[]>();
  readonly #loads = new Map<Extract<FactRequest, { kind: 'loads' }>, readonly number[]>();
  readonly #pointers = new Map<string, { from: number; to: number }>();
  /** As they were when they were first looked at, and what they are to be. An assignment looks at hundreds and sets a few. */
  readonly #marksRead = new Map<string, Json>();
  readonly #marksSet = new Map<string, { to: Json; expiresAt: number | null }>();
  /** How many marks the batch had written when the first one was looked at. */
  #marksSince = 0;
  protected readonly writes: Write[] = [];
  readonly #references: RecordWrite['references'] = [];

  constructor(workspace: Workspace, actor: Actor) {
    this.workspace = workspace;
    this.actor = actor;
  }

  get now(): number {
    return this.workspace.surroundings.now;
  }

  get entities(): EntityRegistry {
    return this.workspace.surroundings.entities;
  }

  random(): number {
    return this.workspace.surroundings.random();
  }

  newId(): string {
    return this.workspace.surroundings.newId();
  }

  row(id: string): RecordRow | undefined {
    const own = this.#rows.get(id);
    if (own) return own;
    const row = this.workspace.row(id);
    if (!this.#read.has(id)) this.#read.set(id, row);
    return row;
  }

  read(id: string): RecordView | undefined {
    const row = this.row(id);
    return row && this.workspace.view(row);
  }

  /** The view of a record has a display name in place of one that is missing. */
  stored(id: string): JsonObject | undefined {
    const row = this.row(id);
    return row && (row.owner === null ? row.data : { ...row.data, owner: row.owner });
  }

  found(query: FindQuery): readonly RecordView[] {
    const rows = this.workspace.found(query);
    this.#finds.set(query, rows);
    return rows.map((row) => this.workspace.view(row));
  }

  aggregated(aggregate: ResolvedAggregate): AggregateResult {
    return this.workspace.aggregated(aggregate);
  }

  takePointer(key: string): number {
    const taken = this.#pointers.get(key) ?? { from: this.workspace.pointer(key), to: this.workspace.pointer(key) };
    this.#pointers.set(key, { from: taken.from, to: taken.to + 1 });
    return taken.to;
  }

  /** Yield `{ kind: 'alike', entity, keys }` before. */
  alike(entity: string, keys: readonly string[]): readonly string[] {
    return this.workspace.fact({ kind: 'alike', entity, keys });
  }

  /** In the order of the owners; what this unit itself has written does not count. Yield `{ kind: 'loads', load, owners }` before. */
  loads(load: LoadMeasure, owners: readonly string[]): readonly number[] {
    const request = { kind: 'loads', load, owners } as const;
    const loads = this.workspace.loads(request);
    this.#loads.set(request, loads);
    return loads;
  }

  /** The value under the key; null where there is none. */
  mark(key: string): Json {
    const set = this.#marksSet.get(key);
    return set ? set.to : this.#markRead(key);
  }

  setMark(key: string, value: Json, expiresAt: number | null = null): void {
    this.#markRead(key);
    this.#marksSet.set(key, { to: value, expiresAt });
  }

  /** What it was when it was first looked at: were it another one by now, the step has to be done again. */
  #markRead(key: string): Json {
    const known = this.#marksRead.get(key);
    if (known !== undefined) return known;
    if (this.#marksRead.size === 0) this.#marksSince = this.workspace.marksWritten;
    const value = this.workspace.mark(key);
    this.#marksRead.set(key, value);
    return value;
  }

  create(record: NewRecord): string {
    const id = this.newId();
    this.#keep(createRow(this.entities.require(record.entity), id, record.data, this.#stamp()));
    return id;
  }

  update(id: string, patch: JsonObject): void {
    const row = this.#existing(id);
    this.#keep(updateRow(this.entities.require(row.entity), row, patch, this.#stamp()));
  }

  remove(id: string): void {
    this.#keep(deleteRow(this.#existing(id), this.#stamp()));
  }

  restore(id: string): void {
    this.#keep(restoreRow(this.#existing(id), this.#stamp()));
  }

  emit(type: string, topic: string, data: JsonObject, recordId?: string, key?: string): string {
    const event = {
      id: this.newId(),
      type,
      topic,
      recordId: recordId ?? null,
      at: this.now,
      data,
      key: key ?? null,
      chain: this.actor.chain,
    };
    this.writes.push({ kind: 'event', event });
    return event.id;
  }

  /** Keeps what a merge has done. Use `mergeRecords`. */
  noteMerge(merge: MergeRecord): void {
    this.writes.push({ kind: 'merge', row: { ...merge, runs: [], author: this.actor.author, at: this.now, undoneAt: null } });
  }

  /** Keeps that a merge was taken back. */
  noteUndone(merge: KeptMerge): void {
    const row = this.workspace.merge(merge.id);
    if (row) this.writes.push({ kind: 'unmerge', row: { ...row, undoneAt: this.now } });
  }

  /** Ids that the written records refer to and that must be loaded before `checkReferences`. */
  referencedIds(): string[] {
    return [...new Set(this.#references.map((reference) => reference.id))].filter((id) => !this.#rows.has(id));
  }

  /** Throws RECORD_INVALID naming every reference that leads to nothing, to a deleted record or to another entity. */
  checkReferences(): void {
    const errors = this.#references.flatMap(({ field, entity, id }) => {
      const target = this.row(id);
      const place = { pointer: `/${field}`, field };
      if (!target)
        return [new TaktError('REFERENCE_NOT_FOUND', { ...place, message: `"${field}" refers to ${entity} ${id}, which does not exist.` })];
      if (target.deletedAt !== null)
        return [
          new TaktError('REFERENCE_DELETED', {
            ...place,
            message: `"${field}" refers to the ${target.entity} "${target.name}", which is deleted.`,
          }),
        ];
      if (entity !== '*' && target.entity !== entity)
        return [
          new TaktError('REFERENCE_WRONG_ENTITY', { ...place, message: `"${field}" wants a ${entity}, but ${id} is a ${target.entity}.` }),
        ];
      return [];
    });
    const [first] = errors;
    if (first) throw new TaktError('RECORD_INVALID', { message: first.message, errors });
  }

  /** Is everything that was read still so? Another run of the same batch may have written while this one waited for data. */
  isFresh(): boolean {
    for (const [id, row] of this.#read) if (this.workspace.row(id) !== row) return false;
    for (const [key, { from }] of this.#pointers) if (this.workspace.pointer(key) !== from) return false;
    if (this.workspace.marksWritten !== this.#marksSince)
      for (const [key, value] of this.#marksRead) if (this.workspace.mark(key) !== value) return false;
    for (const [request, seen] of this.#loads) {
      const loads = this.workspace.loads(request);
      if (loads.some((load, i) => load !== seen[i])) return false;
    }
    for (const [query, seen] of this.#finds) {
      const rows = this.workspace.found(query);
      if (rows.length !== seen.length || rows.some((row, i) => row !== seen[i])) return false;
    }
    return true;
  }

  /** Makes the writes part of the workspace. */
  merge(): void {
    for (const write of this.writes) {
      if (write.kind === 'record') this.workspace.writeRecord(write.row, write.change, this.actor.chain);
      else if (write.kind === 'event') this.workspace.writeEvent(write.event);
      else if (write.kind === 'merge') this.workspace.merges.push(write.row);
      else if (write.kind === 'unmerge') this.workspace.undoneMerges.push(write.row);
      else if (write.kind === 'run') this.workspace.startCalled(write.id, write.start, this.actor.chain, write.waitId);
      else this.workspace.signal(write.run, write.waitId, { ok: true, result: {} });
    }
    for (const [key, { to, expiresAt }] of this.#marksSet) if (to !== this.#marksRead.get(key)) this.workspace.setMark(key, to, expiresAt);
    for (const [key, { to }] of this.#pointers) this.workspace.setPointer(key, to);
  }

  #stamp(): Stamp {
    return { now: this.now, author: this.actor.author };
  }

  #existing(id: string): RecordRow {
    const row = this.row(id);
    if (!row) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${id}.` });
    return row;
  }

  #keep({ row, change, references }: RecordWrite): void {
    if (!change) return;
    this.#rows.set(row.id, row);
    this.writes.push({ kind: 'record', row, change });
    this.#references.push(...references);
  }
}

export interface StepPlace {
  run: StepContext['run'];
  node: { id: string; visit: number };
  /** By what the step would be told if it waited. */
  waitId: string;
  /** Places that its branch is in: key → the wait by which it came there. */
  places: Readonly<Record<string, string>>;
  settings: PlanSettings;
  rules: PlanRules;
  recordId: string | null;
  chain: CauseChain;
  /** node → how often the run has entered it */
  visits: Readonly<Record<string, number>>;
  /** Does a person stand behind what it sends? */
  byPerson: boolean;
}

/** The step context that nodes get. */
export class StepUnit extends WriteUnit implements StepContext {
  readonly run: StepPlace['run'];
  readonly node: StepPlace['node'];
  readonly settings: PlanSettings;
  readonly rules: PlanRules;
  readonly vars: Record<string, Json> = {};
  readonly waitId: string;
  /** Keys of places that the step has taken or got in line for. */
  readonly entered = new Set<string>();
  readonly left = new Set<string>();
  byPerson: boolean;
  readonly #place: StepPlace;

  constructor(workspace: Workspace, place: StepPlace) {
    const { run, node } = place;
    super(workspace, {
      author: { kind: 'run', id: run.id, node: node.id },
      chain: [...place.chain, { workflow: run.workflowId, run: run.id, node: node.id }],
    });
    this.run = run;
    this.node = node;
    this.settings = place.settings;
    this.rules = place.rules;
    this.waitId = place.waitId;
    this.byPerson = place.byPerson;
    this.#place = place;
  }

  get record(): RecordView | undefined {
    const { recordId } = this.#place;
    return recordId === null ? undefined : this.read(recordId);
  }

  setVars(values: Readonly<Record<string, Json>>): void {
    Object.assign(this.vars, values);
  }

  visits(node: string): number {
    const { visits } = this.#place;
    return Object.hasOwn(visits, node) ? (visits[node] ?? 0) : 0;
  }

  eventsSince(query: PastEvents): readonly EventView[] {
    return this.workspace.eventsSince(query).map(eventView);
  }

  changesByRun(recordId: string): readonly ChangeRow[] {
    return this.workspace.fact({ kind: 'changes', recordId, runId: this.run.id });
  }

  sentCount(recordId: string, channel: string, since: number): number {
    return this.workspace.sentCount({ kind: 'sent', recordId, channel, since });
  }

  openRuns(workflowId: string, recordId: string): readonly string[] {
    return this.workspace.fact({ kind: 'open_runs', workflowId, recordId });
  }

  assignments(query: AssignmentQuery): AssignmentReport {
    const report = this.workspace.fact({ kind: 'assignments', query });
    if (report) return report;
    throw new TaktError('MEASURES_MANY');
  }

  forecast(query: MonthsQuery): MonthsAnswer {
    return answerOf(this.workspace.fact({ kind: 'forecast', query }));
  }

  received(query: ReceivedQuery): ReceivedAnswer {
    return answerOf(this.workspace.fact({ kind: 'received', query }));
  }

  predict(model: string, record: RecordView): Prediction {
    return this.workspace.surroundings.predict(model, record);
  }

  isSuppressed(): boolean {
    const { record } = this;
    return record !== undefined && this.rules.suppress?.test({ ...record, record }, this.#environment(record)) === true;
  }

  quietZone({ zone }: QuietRule): string | undefined {
    if (zone === undefined || typeof zone === 'string') return zone;
    const { record } = this;
    const found = record && zone.evaluate({ ...record, record }, this.#environment(record));
    return typeof found === 'string' && found !== '' ? found : undefined;
  }

  /** For rules of the workflow, which are asked about the run's record. */
  #environment(record: RecordView): Environment {
    const { inSegment } = this.workspace.surroundings;
    return {
      now: this.now,
      random: () => this.random(),
      timeZone: this.settings.timezone,
      inSegment: (id) => inSegment(id, record),
    };
  }

  startRun(start: NewRun, wait: boolean): string {
    this.workspace.surroundings.callable(start.workflow);
    const id = this.newId();
    this.writes.push({ kind: 'run', id, start, waitId: wait ? this.waitId : undefined });
    return id;
  }

  signalRun(run: string, waitId: string): void {
    this.writes.push({ kind: 'signal', run, waitId });
  }

  acquire(key: string): boolean {
    const before = placeOf(this.mark(key));
    const own = this.#visitorAt(key);
    if (own && isHeldBy(before, own)) return true;
    const { place, taken } = enterPlace(before, { run: this.run.id, wait: this.waitId });
    this.setMark(key, placeValue(place));
    this.entered.add(key);
    return taken;
  }

  release(key: string): void {
    const own = this.#visitorAt(key);
    if (!own) return;
    const { place, next } = leavePlace(placeOf(this.mark(key)), own);
    this.setMark(key, placeValue(place));
    this.left.add(key);
    if (next) this.signalRun(next.run, next.wait);
  }

  /** As whom the branch is in that place. */
  #visitorAt(key: string): Visitor | undefined {
    const { places } = this.#place;
    const wait = Object.hasOwn(places, key) ? places[key] : undefined;
    return wait === undefined ? undefined : { run: this.run.id, wait };
  }
}
