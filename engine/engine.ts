/** The engine as one object: what the API, the command line and tests hold. */
import { performance } from 'node:perf_hooks';
import type { EntityDefinition } from '../schemas/entity.ts';
import { Catalog } from './catalog/catalog.ts';
import { NodeTypes } from './graph/node-types.ts';
import { HealthCheck } from './health/health.ts';
import { Vitals } from './health/vitals.ts';
import { type Learner, learnHere } from './models/learner.ts';
import type { NodeDefinition } from './node/definition.ts';
import type { Connector } from './outbox/connector.ts';
import { Dispatcher } from './outbox/dispatcher.ts';
import type { DispatchQueue } from './outbox/queue.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import { idMaker } from './ports/ids.ts';
import { type Logger, silentLogger } from './ports/logger.ts';
import { type Random, systemRandom } from './ports/random.ts';
import { Intake } from './runtime/intake.ts';
import type { Ports } from './runtime/ports.ts';
import { AssignmentService } from './services/assignments.ts';
import { Duplicates } from './services/duplicates.ts';
import { Effects } from './services/effects.ts';
import { Entities } from './services/entities.ts';
import { Events } from './services/events.ts';
import { Experiments } from './services/experiments.ts';
import { ForecastService } from './services/forecasts.ts';
import { Jobs } from './services/jobs.ts';
import { ModelService } from './services/models.ts';
import { Policies } from './services/policies.ts';
import { Reading } from './services/reading.ts';
import { RecordReader } from './services/records.ts';
import { Runs } from './services/runs.ts';
import { Segments } from './services/segments.ts';
import { Versions } from './services/versions.ts';
import { Workflows } from './services/workflows.ts';
import type { Database } from './store/port.ts';
import { timerSleeper } from './worker/sleeper.ts';
import { startTicker } from './worker/ticker.ts';
import { Worker, workOnce } from './worker/worker.ts';

export interface EngineOptions {
  database: Database;
  queue: DispatchQueue;
  nodes: readonly NodeDefinition[];
  connectors: readonly Connector[];
  entities: readonly EntityDefinition[];
  logger?: Logger;
  clock?: Clock;
  random?: Random;
  /** Microseconds of a steady watch; the default is the process's own. */
  stopwatch?: () => number;
  /** Who trains models; the thread of the engine itself without it. */
  learner?: Learner;
  /** How long ended runs are kept whose workflow does not say, milliseconds; undefined: for ever. */
  retentionMs?: number | undefined;
}

export class Engine {
  readonly nodeTypes: NodeTypes;
  readonly workflows: Workflows;
  readonly entities: Entities;
  readonly records: RecordReader;
  readonly reading: Reading;
  readonly runs: Runs;
  readonly events: Events;
  readonly effects: Effects;
  readonly jobs: Jobs;
  readonly assignments: AssignmentService;
  readonly duplicates: Duplicates;
  readonly segments: Segments;
  readonly models: ModelService;
  readonly policies: Policies;
  readonly forecasts: ForecastService;
  readonly experiments: Experiments;
  readonly versions: Versions;
  readonly intake: Intake;
  readonly health: HealthCheck;
  readonly ports: Ports;
  readonly #worker: Worker;
  readonly #dispatcher: Dispatcher;
  #stopTicker: (() => Promise<void>) | undefined;

  constructor(options: EngineOptions) {
    const clock = options.clock ?? systemClock;
    const random = options.random ?? systemRandom;
    const logger = options.logger ?? silentLogger;
    this.nodeTypes = new NodeTypes(options.nodes);
    this.ports = {
      database: options.database,
      clock,
      random,
      newId: idMaker(clock, random),
      stopwatch: options.stopwatch ?? (() => performance.now() * 1_000),
      logger,
      catalog: new Catalog({ nodeTypes: this.nodeTypes, builtInEntities: options.entities, logger }),
      queue: options.queue,
      vitals: new Vitals({ clock, logger }),
      learner: options.learner ?? learnHere,
      retentionMs: options.retentionMs,
    };
    this.health = new HealthCheck(this.ports);
    this.#worker = new Worker(this.ports, timerSleeper);
    this.#dispatcher = new Dispatcher({
      ports: this.ports,
      queue: options.queue,
      connectors: options.connectors,
      sleeper: timerSleeper(),
      onSettled: () => this.#worker.wake(),
    });
    this.intake = new Intake(this.ports, () => this.#worker.wake());
    this.workflows = new Workflows(this.ports);
    this.entities = new Entities(this.ports, options.entities);
    this.records = new RecordReader(this.ports);
    this.reading = new Reading(this.ports);
    this.runs = new Runs(this.ports, () => this.#worker.wake());
    this.events = new Events(this.ports);
    this.effects = new Effects(this.ports, this.runs);
    const wake = (): void => this.#worker.wake();
    this.jobs = new Jobs(this.ports, wake);
    this.assignments = new AssignmentService(this.ports, this.intake);
    this.duplicates = new Duplicates(this.ports);
    this.segments = new Segments(this.ports, wake);
    this.models = new ModelService(this.ports, wake);
    this.policies = new Policies(this.ports, options.entities, wake);
    this.forecasts = new ForecastService(this.ports);
    this.versions = new Versions(this.ports, wake);
    this.experiments = new Experiments(this.ports);
  }

  /** Begins to carry runs out and effects to their destinations. */
  async start(): Promise<void> {
    await this.#worker.start();
    await this.#dispatcher.start();
    this.#stopTicker = startTicker(() => {
      this.#worker.tick();
      this.#dispatcher.tick();
    });
  }

  /** Finishes what is under way. The database stays open: whoever opened it closes it. */
  async stop(): Promise<void> {
    await this.#stopTicker?.();
    await this.intake.drained();
    await this.#worker.stop();
    await this.#dispatcher.stop();
  }

  /** When something is due next by itself, milliseconds since the epoch; null where nothing is. */
  async nextDue(): Promise<number | null> {
    const { store } = this.ports.database;
    const due = [await store.nextDue(), await store.nextTimerDue(), await store.nextEffectDue()].filter((at) => at !== null);
    return due.length > 0 ? Math.min(...due) : null;
  }

  /**
   * Carries out everything that is due now, effects included, without the loops of `start`: for the command line and tests.
   * @returns how many runs were moved and effects taken
   */
  async drain(): Promise<number> {
    let total = 0;
    for (;;) {
      const { moved, postponed } = await workOnce(this.ports);
      const taken = await this.#dispatcher.takeOnce();
      await this.#dispatcher.landed();
      total += moved + taken;
      if (moved + taken + postponed === 0) return total;
    }
  }
}
