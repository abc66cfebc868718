import type { Catalog, CatalogState } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import { readerOf } from '../forecasting/told.ts';
import type { Vitals } from '../health/vitals.ts';
import type { Learner } from '../models/learner.ts';
import type { EffectQueue } from '../outbox/queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Random } from '../ports/random.ts';
import type { Database } from '../store/port.ts';
import type { Match, Surroundings } from '../unit/surroundings.ts';
import { Workspace } from '../unit/workspace.ts';

/** Everything that the runtime has of the world. */
export interface Ports {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  /** Microseconds of a steady watch. */
  readonly stopwatch: () => number;
  readonly logger: Logger;
  readonly catalog: Catalog;
  readonly queue: EffectQueue;
  readonly vitals: Vitals;
  readonly learner: Learner;
  /** How long ended runs are kept whose workflow does not say, milliseconds; undefined: for ever. */
  readonly retentionMs: number | undefined;
}

/**
 * A workspace at the present moment, seeing one state of the catalogue.
 * @param held records that others are known to hold, by a transaction that waits for none of them; without it, it waits for all
 */
export function openWorkspace(ports: Ports, state: CatalogState, held?: Iterable<string>): Workspace {
  const now = ports.clock.now();
  const random = (): number => ports.random.next();
  const surroundings: Surroundings = {
    now,
    entities: state.entities,
    random,
    newId: ports.newId,
    stopwatch: ports.stopwatch,
    match: (event, about) => state.triggers.match(event, about, { now, random }),
    timersOf: (watched, reads) => state.triggers.timersOf(watched, now, reads),
    callable: (workflowId) => callable(state, workflowId),
    inSegment: (id, record) => state.segments.includes(id, record, { now, random }),
    segmentsOf: (entity) => state.segments.of(entity),
    recheckAt: (id, record) => state.segments.recheckAt(id, record, now),
    predict: (model, record) => state.models.predict(model, record, state.entities),
    forecasts: readerOf({ ...state, now, random }),
  };
  return new Workspace(surroundings, held);
}

/** The type of the event by which a workflow calls another one. */
const RUN_CALLED = 'run.called';

function callable(state: CatalogState, workflowId: string): Match {
  const plan = state.published.get(workflowId);
  const trigger = plan?.triggers.find((one) => one.subscriptions.some((wanted) => wanted.type === RUN_CALLED));
  if (plan && trigger) return { plan, trigger };
  const why = plan ? 'has no trigger.call' : 'is not published';
  throw new TaktError('CALL_UNKNOWN', { message: `The workflow "${workflowId.slice(0, 63)}" cannot be called: it ${why}.` });
}
