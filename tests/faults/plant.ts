/** Defects planted on purpose, to see that they are found: they wrap what the engine works with, and leave the engine as it is. */
import type { Connector } from '../../engine/outbox/connector.ts';
import type { Database } from '../../engine/store/port.ts';

export interface Plant {
  /** Of the database that all processes share. */
  beneath(database: Database): Database;
  /** Of the database as one process sees it, faults included. */
  above(database: Database): Database;
  connector(connector: Connector): Connector;
}

export const NO_PLANT: Plant = { beneath: (database) => database, above: (database) => database, connector: (connector) => connector };
