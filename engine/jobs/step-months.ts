/** The months of the steps: those to come are made, and those of which nothing is left are dropped. */
import { firstIdAt } from '../ports/ids.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { StepMonth } from '../store/queries/step-months.ts';
import { sqlState } from '../store/sql-state.ts';

/** So many are made ahead of the present one: a process may be down for long. */
const AHEAD = 2;
/** A month goes when at most so many of its runs are left; their steps are moved, and nobody writes steps meanwhile. */
const MOST_KEPT = 5_000;
const DAY = 86_400_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Makes the present month and the next two, where they are not there. */
export function addStepMonths(ports: Ports): Promise<void> {
  const now = new Date(ports.clock.now());
  const months = Array.from({ length: AHEAD + 1 }, (_, i) => monthOf(now.getUTCFullYear(), now.getUTCMonth() + i));
  return change(ports, async (tx, there) => {
    // A month of which a part is in another's table stays there: the first of all reaches from the beginning to the end of its month.
    const missing = months.filter(({ from, to }) => there.every((one) => to <= (one.from ?? '') || one.to <= from));
    for (const month of missing) await tx.addStepMonth(month);
  });
}

/**
 * Drops the months of which nothing is left, and those from before `forgotten` (milliseconds; undefined: none) of which next to nothing is:
 * all that has ended has been deleted there, and the few runs that have not keep their steps.
 */
export async function dropStepMonths(ports: Ports, forgotten: number | undefined): Promise<void> {
  const { store } = ports.database;
  const [past, gone] = [firstIdAt(ports.clock.now() - DAY), firstIdAt(forgotten ?? 0)];
  for (const month of await store.stepMonths()) {
    const most = month.to <= gone ? MOST_KEPT : 0;
    const few = async (tx: StoreTx): Promise<string[] | undefined> => {
      const left = await tx.runIdsBetween(month.from, month.to, most + 1);
      return left.length > most ? undefined : left;
    };
    if (month.to > past || (await few(store)) === undefined) continue;
    await change(ports, async (tx, there) => {
      const left = await few(tx);
      if (left === undefined || there.every((one) => one.name !== month.name)) return;
      await tx.dropStepMonth(month, left);
      ports.logger.info({ month: month.name, kept: left.length }, 'A month of steps was dropped.');
    });
  }
}

async function change(ports: Ports, work: (tx: StoreTx, there: StepMonth[]) => Promise<void>): Promise<void> {
  try {
    await transact(ports.database, async (tx) => work(tx, await tx.lockStepMonths()));
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
    ports.logger.warn({ err: error }, 'The months of the steps stay as they are until tomorrow: the table was busy.');
  }
}

/** @param month from 0 on; beyond 11 it is of a later year */
function monthOf(year: number, month: number): StepMonth & { from: string } {
  const begin = Date.UTC(year, month);
  const name = `steps_${new Date(begin).toISOString().slice(0, 7).replace('-', '_')}`;
  return { name, from: firstIdAt(begin), to: firstIdAt(Date.UTC(year, month + 1)) };
}
