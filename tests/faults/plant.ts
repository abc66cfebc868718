/** Defects planted on purpose, to see that they are found: they wrap what the engine works with, and leave the engine as it is. */
import type { Connector } from '../../engine/outbox/connector.ts';
import type { Database, StoreTx } from '../../engine/store/port.ts';
import { isLost } from '../../engine/store/trouble.ts';
import { intercepted } from './store.ts';

export interface Plant {
  /** Of the database that all processes share. */
  beneath(database: Database): Database;
  /** Of the database as one process sees it, faults included. */
  above(database: Database): Database;
  connector(connector: Connector): Connector;
}

export const NO_PLANT: Plant = { beneath: (database) => database, above: (database) => database, connector: (connector) => connector };

/** A statement that does not belong to its transaction: what it did stays when the transaction is taken back. */
export const leaking = (name: keyof StoreTx): Plant => ({
  ...NO_PLANT,
  beneath: (database) => ({
    ...database,
    async transaction(work) {
      const done: (() => Promise<unknown>)[] = [];
      try {
        return await database.transaction((tx) =>
          work(
            intercepted(tx, (called, statement, args) => {
              if (called === name) done.push(async () => Reflect.apply(database.store[name], database.store, args));
              return statement();
            }),
          ),
        );
      } catch (error) {
        for (const again of done) await again();
        throw error;
      }
    },
  }),
});

/** A statement that is left out every so often. */
export const losing = (name: keyof StoreTx, every: number): Plant => ({
  ...NO_PLANT,
  beneath(database) {
    let calls = 0;
    return {
      ...database,
      transaction: (work) =>
        database.transaction((tx) =>
          work(intercepted(tx, async (called, statement) => (called === name && ++calls % every === 0 ? undefined : statement()))),
        ),
    };
  },
});

/** What was to be committed when the connection was lost is done once more, as if it had not been. */
export const REPEATED_COMMIT: Plant = {
  ...NO_PLANT,
  above: (database) => ({
    ...database,
    async transaction(work) {
      try {
        return await database.transaction(work);
      } catch (error) {
        if (!isLost(error)) throw error;
        return await database.transaction(work);
      }
    },
  }),
};

/** Each attempt to deliver an effect has a key of its own. */
export const KEY_BY_ATTEMPT: Plant = {
  ...NO_PLANT,
  connector: ({ name, send }) => ({
    name,
    send: (payload, delivery) => send(payload, { ...delivery, key: `${delivery.key}:${delivery.attempt}` }),
  }),
};
