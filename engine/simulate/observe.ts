import type { Database, StoreTx } from '../store/port.ts';
import type { Fact } from './facts.ts';
import type { Seen, Witness } from './witness.ts';

/**
 * The same database, heard: `heard` is told the facts of each transaction, one transaction after the other. Nothing is asked of the
 * tables for it. For the database in memory only: there a transaction whose work is done cannot fail any more.
 */
export function observed(database: Database, witness: Witness, heard: (facts: readonly Fact[]) => void): Database {
  return {
    ...database,
    store: { ...database.store, beginAttempts: beginAttempts(database.store, witness) },
    transaction: (work) =>
      database.transaction(async (tx) => {
        const seen: Seen[] = [];
        const result = await work({ ...tx, ...writes(tx, seen), beginAttempts: beginAttempts(tx, witness) });
        heard(witness.understand(seen));
        return result;
      }),
  };
}

function beginAttempts(tx: StoreTx, witness: Witness): StoreTx['beginAttempts'] {
  return async (ids) => {
    const begun = await tx.beginAttempts(ids);
    witness.begun(begun);
    return begun;
  };
}

type Watched = 'insertRecords' | 'updateRecords' | 'insertChanges' | 'insertRuns' | 'updateRuns' | 'upsertSteps' | 'settleEffects';

/** The writes that facts come from; each notes what it has written. */
function writes(tx: StoreTx, seen: Seen[]): Pick<StoreTx, Watched> {
  return {
    async insertRecords(rows) {
      await tx.insertRecords(rows);
      seen.push({ what: 'records', rows });
    },
    async updateRecords(list) {
      const ids = await tx.updateRecords(list);
      seen.push({ what: 'records', rows: list.map(({ row }) => row) });
      return ids;
    },
    async insertChanges(rows) {
      await tx.insertChanges(rows);
      seen.push({ what: 'changes', rows });
    },
    async insertRuns(list) {
      const fresh = await tx.insertRuns(list);
      seen.push({ what: 'runs', rows: list.filter((row) => fresh.has(row.id)) });
      return fresh;
    },
    async updateRuns(rows) {
      await tx.updateRuns(rows);
      seen.push({ what: 'runs', rows });
    },
    async upsertSteps(rows) {
      await tx.upsertSteps(rows);
      seen.push({ what: 'steps', count: rows.length });
    },
    async settleEffects(list) {
      const settled = await tx.settleEffects(list);
      seen.push({ what: 'settlements', rows: list.filter((row) => settled.has(row.id)) });
      return settled;
    },
  };
}
