/** What there is when a world has come to rest, put together by orders. */
import type { EventRow, RunRow, StepRow } from '../../engine/unit/rows.ts';
import type { Order } from './load.ts';
import type { World } from './world.ts';

const ANSWER = 'drill.answer';

export class Books {
  readonly world: World;
  readonly runs: readonly RunRow[];
  readonly #eventsByOrder: ReadonlyMap<string, EventRow[]>;
  readonly #runsByEvent: ReadonlyMap<string | null, RunRow[]>;

  constructor(world: World) {
    this.world = world;
    this.runs = world.tables.runs.all();
    const ordered = world.tables.events.all().filter((event) => event.type.startsWith('drill.') && event.type !== ANSWER);
    this.#eventsByOrder = Map.groupBy(ordered, (event) => String(event.data.order));
    this.#runsByEvent = Map.groupBy(
      this.runs.filter((run) => run.parent === null),
      (run) => run.eventId,
    );
  }

  /** Events by which an order was taken. */
  events(order: Order): readonly EventRow[] {
    return this.#eventsByOrder.get(order.id) ?? [];
  }

  /** Runs that an event has started. */
  runsOf(event: EventRow): readonly RunRow[] {
    return this.#runsByEvent.get(event.id) ?? [];
  }

  runsOfOrder(order: Order): readonly RunRow[] {
    return this.events(order).flatMap((event) => this.runsOf(event));
  }

  calledBy(run: RunRow): RunRow[] {
    return this.runs.filter((one) => one.parent?.run === run.id);
  }

  /** Runs that have begun because a run has changed a record. */
  hearingOf(run: RunRow): RunRow[] {
    return this.runsOfWorkflow('drill-changed').filter((one) =>
      this.world.tables.events.get(one.eventId ?? '')?.chain.some((link) => link.run === run.id),
    );
  }

  /** Steps of a run that went well, those of one node where it is given. */
  done(run: RunRow, node?: string): StepRow[] {
    return [...this.world.tables.stepsByRun.of(run.id)].filter(
      (step) => step.status === 'done' && (node === undefined || step.node === node),
    );
  }

  runsOfWorkflow(id: string): RunRow[] {
    return [...this.world.tables.runsByWorkflow.of(id)];
  }
}
