/** A process of Takt: its own worker, dispatcher and intake over the tables that all share. What it knows goes with it. */
import type { Catalog } from '../../engine/catalog/catalog.ts';
import { Vitals } from '../../engine/health/vitals.ts';
import { learnHere } from '../../engine/models/learner.ts';
import type { Connector } from '../../engine/outbox/connector.ts';
import { Dispatcher } from '../../engine/outbox/dispatcher.ts';
import type { DispatchQueue } from '../../engine/outbox/queue.ts';
import { idMaker } from '../../engine/ports/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { Random } from '../../engine/ports/random.ts';
import { Intake } from '../../engine/runtime/intake.ts';
import type { Ports } from '../../engine/runtime/ports.ts';
import { Jobs } from '../../engine/services/jobs.ts';
import { Runs } from '../../engine/services/runs.ts';
import { Workflows } from '../../engine/services/workflows.ts';
import type { Database } from '../../engine/store/port.ts';
import type { Sleeper } from '../../engine/worker/sleeper.ts';
import { Worker } from '../../engine/worker/worker.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';

export interface ProcessParts {
  life: Life;
  database: Database;
  queue: DispatchQueue;
  connectors: readonly Connector[];
  catalog: Catalog;
  timeline: Timeline;
  random: Random;
}

export class Process {
  readonly life: Life;
  readonly intake: Intake;
  readonly runs: Runs;
  readonly jobs: Jobs;
  readonly workflows: Workflows;
  readonly #worker: Worker;
  readonly #dispatcher: Dispatcher;

  constructor({ life, database, queue, connectors, catalog, timeline, random }: ProcessParts) {
    const { clock } = timeline;
    const ports: Ports = {
      database,
      clock,
      random,
      newId: idMaker(clock, random),
      stopwatch: () => 0,
      logger: silentLogger,
      catalog,
      queue,
      vitals: new Vitals({ clock, logger: silentLogger }),
      learner: learnHere,
      retentionMs: undefined,
    };
    const wake = (): void => this.#worker.wake();
    this.life = life;
    this.#worker = new Worker(ports, () => sleeperOn(timeline, life));
    this.#dispatcher = new Dispatcher({ ports, queue, connectors, sleeper: sleeperOn(timeline, life), onSettled: wake });
    this.intake = new Intake(ports, wake);
    this.runs = new Runs(ports, wake);
    this.jobs = new Jobs(ports, wake);
    this.workflows = new Workflows(ports);
  }

  async start(): Promise<void> {
    await this.#worker.start();
    await this.#dispatcher.start();
  }

  /** Finishes what is under way, as it does when it is told to end. */
  async stop(): Promise<void> {
    await this.intake.drained();
    await this.#worker.stop();
    await this.#dispatcher.stop();
  }

  /** As the ticker does once a second. */
  tick(): void {
    if (this.life.standsStill) return;
    this.#worker.tick();
    this.#dispatcher.tick();
  }
}

/** Sleeps in virtual time; for ever when the process has ended. */
function sleeperOn(timeline: Timeline, life: Life): Sleeper {
  let finish: (() => void) | undefined;
  let woken = false;
  return {
    sleep: (ms) =>
      life.within(() => {
        if (woken || ms <= 0) {
          woken = false;
          return timeline.turn();
        }
        return new Promise<void>((resolve) => {
          const callOff = timeline.plan(timeline.now + ms, () => finish?.());
          life.whenOver(callOff);
          finish = () => {
            callOff();
            finish = undefined;
            resolve();
          };
        });
      }),
    wake() {
      if (finish) finish();
      else woken = true;
    },
  };
}
