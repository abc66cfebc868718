import type { Catalog, CatalogState } from '../catalog/catalog.ts';
import type { EffectQueue } from '../outbox/queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Random } from '../ports/random.ts';
import type { Database } from '../store/port.ts';
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
}

/** A workspace at the present moment, seeing one state of the catalogue. */
export function openWorkspace(ports: Ports, state: CatalogState): Workspace {
  const now = ports.clock.now();
  const random = (): number => ports.random.next();
  return new Workspace({
    now,
    entities: state.entities,
    random,
    newId: ports.newId,
    stopwatch: ports.stopwatch,
    match: (event, record, previous) => state.match(event, record, previous, { now, random }),
  });
}
