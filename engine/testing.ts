/**
 * A bench for the tests of nodes: the runtime's own unit of work over records in memory, without a database. What a node
 * reads, writes and refuses here, it reads, writes and refuses in a run.
 */
import { builtInEntities } from '../schemas/entities/index.ts';
import type { EntityDefinition } from '../schemas/entity.ts';
import type { Json, JsonObject } from '../schemas/json.ts';
import { reportOf } from './assignments/report.ts';
import { TaktError } from './errors/index.ts';
import { NO_FORECASTS, noForecast } from './forecasting/told.ts';
import { compileParams } from './graph/params.ts';
import { NO_RULES } from './graph/plan.ts';
import type { Prediction } from './models/live.ts';
import type { ResolvedAggregate } from './node/aggregate.ts';
import type { RecordView } from './node/context.ts';
import type { ActionDefinition, DataRequest, EventView, FactRequest, NodeResult, NodeRun, Wake } from './node/definition.ts';
import { VirtualClock } from './ports/clock.ts';
import { idMaker } from './ports/ids.ts';
import { seededRandom } from './ports/random.ts';
import { EntityRegistry } from './records/index.ts';
import { aggregateRows } from './store/memory/aggregate-rows.ts';
import { StepUnit } from './unit/step-unit.ts';
import type { Surroundings } from './unit/surroundings.ts';
import { eventView } from './unit/view.ts';
import { Workspace } from './unit/workspace.ts';

export interface BenchOptions {
  /** ISO instant at which the clock stands. */
  now?: string;
  /** Entities and extensions beside the built-in ones. */
  entities?: readonly EntityDefinition[];
  timezone?: string;
  locale?: 'en' | 'ru';
  /** What models say of a record; without it there is no model. */
  predict?: (model: string, record: RecordView) => Prediction;
}

/** What a step finds around it. */
export interface StepOptions {
  /** Id of the run's record. */
  record?: string;
  event?: EventView;
  /** Outputs of earlier nodes, by node. */
  nodes?: JsonObject;
  vars?: JsonObject;
  /** Id of the node; its type with `_` for `.` without it. */
  node?: string;
  /** ISO instant at which the run started; now without it. */
  startedAt?: string;
  /** For a resumption that evaluates its parameters again: what it gets. */
  params?: unknown;
  /** How often the run has entered other nodes. */
  visits?: Readonly<Record<string, number>>;
}

export interface StepOutcome {
  result: NodeResult;
  /** Events that the step has written, with those that tell of its changes to records. */
  events: EventView[];
  vars: Record<string, Json>;
}

/** Records of one entity that a bench looks through. */
const MOST_RECORDS = 10_000;
/** Nobody was given anything before the bench was set up. */
const NOTHING_GIVEN = reportOf([], { by: 'method', zone: 'UTC' });
const RUN = '00000000-0000-7000-8000-000000000001';

/** Surroundings in which nothing listens: no workflow, no segment, and a watch that stands still. */
export const quietSurroundings = (entities: EntityRegistry): Omit<Surroundings, 'now' | 'random' | 'newId'> => ({
  entities,
  stopwatch: () => 0,
  match: () => ({ starts: [], watched: [], rearmed: [] }),
  // biome-ignore lint/correctness/useYield: no trigger is watched here.
  *timersOf() {
    return [];
  },
  callable: (workflowId) => {
    throw new TaktError('CALL_UNKNOWN', { message: `There is no workflow "${workflowId}" here.` });
  },
  inSegment: () => false,
  segmentsOf: () => [],
  recheckAt: () => null,
  forecasts: NO_FORECASTS,
  predict: (model) => {
    throw new TaktError('MODEL_UNKNOWN', { message: `There is no model "${model}" here.` });
  },
});

export class NodeBench {
  readonly clock: VirtualClock;
  readonly #workspace: Workspace;
  readonly #timezone: string;
  readonly #locale: 'en' | 'ru';

  constructor(options: BenchOptions = {}) {
    const clock = new VirtualClock(options.now ?? '2027-01-04T09:00:00Z');
    const random = seededRandom(1);
    this.clock = clock;
    this.#timezone = options.timezone ?? 'UTC';
    this.#locale = options.locale ?? 'en';
    this.#workspace = new Workspace({
      ...quietSurroundings(new EntityRegistry(builtInEntities, options.entities)),
      ...(options.predict ? { predict: options.predict } : {}),
      get now() {
        return clock.now();
      },
      random: () => random.next(),
      newId: idMaker(clock, random),
    });
  }

  /** Puts a record there, as another run or a person would. Throws TaktError RECORD_INVALID. */
  create(entity: string, data: JsonObject): RecordView {
    return this.#write((unit) => unit.create({ entity, data }));
  }

  update(id: string, patch: JsonObject): RecordView {
    return this.#write((unit) => {
      unit.update(id, patch);
      return id;
    });
  }

  remove(id: string): RecordView {
    return this.#write((unit) => {
      unit.remove(id);
      return id;
    });
  }

  read(id: string): RecordView | undefined {
    const row = this.#workspace.row(id);
    return row && this.#workspace.view(row);
  }

  /** The records of an entity, the oldest first; deleted ones are left out. */
  list(entity: string): RecordView[] {
    return this.#workspace.found({ entity, match: {}, limit: MOST_RECORDS }).map((row) => this.#workspace.view(row));
  }

  /**
   * Carries out one step. What it wrote is kept; if it throws, nothing is.
   * @param params as they stand in a workflow file, with expressions and templates
   * Throws TaktError NODE_PARAMS where they do not fit, and what the node throws.
   */
  run(definition: ActionDefinition, params: JsonObject, options: StepOptions = {}): StepOutcome {
    const checked = definition.checkFile(params);
    const problems = checked.problems.map((problem) => new TaktError('NODE_PARAMS', problem));
    const compiled = compileParams(definition.params, checked.params, problems);
    const [first] = problems;
    if (first) throw new TaktError('NODE_PARAMS', { message: `${first.place.pointer ?? ''} ${first.message}`, errors: problems });
    return this.#step(definition.type, options, (unit) =>
      definition.run(unit, compiled.evaluate(this.#scope(unit, options), this.#env(unit))),
    );
  }

  /** Goes on after a wait, with the memo that the step has left. */
  resume(definition: ActionDefinition, wake: Wake, memo: JsonObject = {}, options: StepOptions = {}): StepOutcome {
    return this.#step(definition.type, options, (unit) => definition.resume(unit, wake, memo, () => options.params ?? {}));
  }

  #step(type: string, options: StepOptions, start: (unit: StepUnit) => NodeRun): StepOutcome {
    const unit = this.#unit(options, type);
    const before = this.#workspace.newEvents.length;
    const node = start(unit);
    const result = 'kind' in node ? node : this.#drive(node);
    this.#load({ kind: 'records', ids: unit.referencedIds() });
    unit.checkReferences();
    unit.merge();
    return { result, events: this.#workspace.newEvents.slice(before).map(eventView), vars: unit.vars };
  }

  #drive(steps: Generator<DataRequest, NodeResult, void>): NodeResult {
    for (;;) {
      const next = steps.next();
      if (next.done) return next.value;
      this.#load(next.value);
    }
  }

  /** Everything is in memory: what is not there does not exist. */
  #load(request: DataRequest): void {
    if (request.kind === 'aggregate') this.#aggregate(request.aggregate);
    else if (this.#workspace.has(request)) return;
    else if (request.kind === 'find') this.#workspace.addFound(request.query, []);
    else if (request.kind === 'finds') for (const query of request.queries) this.#load({ kind: 'find', query });
    else if (request.kind === 'pointer') this.#workspace.addPointer(request.key, 0);
    else if (request.kind === 'marks') for (const key of request.keys) this.#workspace.addMark(key, null);
    else if (request.kind === 'records') this.#workspace.addRecords(request.ids, [], true);
    else this.#nothingYet(request);
  }

  /** Nothing has happened before the bench was set up. */
  #nothingYet(request: FactRequest): void {
    if (request.kind === 'events' || request.kind === 'open_runs' || request.kind === 'alike') this.#workspace.addFact(request, []);
    else if (request.kind === 'changes')
      this.#workspace.addFact(
        request,
        this.#workspace.changes.filter((change) => change.recordId === request.recordId),
      );
    else if (request.kind === 'entered') this.#workspace.addFact(request, false);
    else if (request.kind === 'loads')
      this.#workspace.addFact(
        request,
        request.owners.map(() => 0),
      );
    else if (request.kind === 'forecast' || request.kind === 'received')
      this.#workspace.addFact(request, noForecast(request.query.forecast));
    else if (request.kind === 'assignments') this.#workspace.addFact(request, NOTHING_GIVEN);
    else this.#workspace.addFact(request, 0);
  }

  /** Anew each time: records may have come since it was last asked. */
  #aggregate(aggregate: ResolvedAggregate): void {
    const { entity, match } = aggregate;
    const rows = this.#workspace.found({ entity, match, limit: MOST_RECORDS });
    this.#workspace.addAggregate(aggregate, aggregateRows(rows, aggregate));
  }

  #unit({ record, node, startedAt, visits }: StepOptions, type: string): StepUnit {
    return new StepUnit(this.#workspace, {
      run: {
        id: RUN,
        workflowId: 'bench',
        version: 1,
        startedAt: startedAt === undefined ? this.clock.now() : Date.parse(startedAt),
        eventId: null,
      },
      node: { id: node ?? type.replaceAll('.', '_'), visit: 1 },
      waitId: 'bench.1.1',
      places: {},
      settings: { timezone: this.#timezone, locale: this.#locale, errorWorkflow: undefined, retentionMs: undefined },
      rules: NO_RULES,
      visits: visits ?? {},
      recordId: record ?? null,
      chain: [],
      byPerson: false,
    });
  }

  #scope(unit: StepUnit, { event, nodes = {}, vars = {} }: StepOptions): Record<string, unknown> {
    const { record, run } = unit;
    const owner = typeof record?.owner === 'string' ? unit.read(record.owner) : undefined;
    return { record, owner, event, nodes, vars, run: { id: run.id, workflow: run.workflowId, version: run.version } };
  }

  #env(unit: StepUnit) {
    return { now: unit.now, random: () => unit.random(), locale: unit.settings.locale, timeZone: unit.settings.timezone };
  }

  #write(change: (unit: StepUnit) => string): RecordView {
    const unit = this.#unit({}, 'bench');
    const id = change(unit);
    this.#load({ kind: 'records', ids: unit.referencedIds() });
    unit.checkReferences();
    unit.merge();
    const written = this.read(id);
    if (written) return written;
    throw new TaktError('INTERNAL', { message: `The record ${id} was not kept.` });
  }
}
