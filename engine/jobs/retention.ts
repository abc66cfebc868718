/** Forgets what need not be kept, and makes room for what is to come. Looked at once a day. */
import { firstIdAt } from '../ports/ids.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { addStepMonths, dropStepMonths } from './step-months.ts';

const PIECE = 1_000;

/** In short pieces, between which others get their turn. Each tells how many runs it has deleted. */
export async function* housekeep(ports: Ports): AsyncGenerator<number, void> {
  const { database, clock } = ports;
  await addStepMonths(ports);
  const now = clock.now();
  while ((await transact(database, (tx) => tx.deleteExpiredMarks(now, PIECE))) === PIECE) yield 0;
  const { kept, longest } = await retentions(ports);
  const [oldest] = await database.store.stepMonths();
  // What a dropped month has left behind is in no month.
  const stepsBelow = oldest !== undefined && longest !== undefined ? (oldest.from ?? firstIdAt(0)) : undefined;
  for (const { workflowId, ms } of kept) {
    for (let deleted = PIECE; deleted === PIECE; ) {
      deleted = await transact(database, (tx) => tx.deleteEndedRuns({ workflowId, before: now - ms, stepsBelow }, PIECE));
      if (deleted > 0) yield deleted;
    }
  }
  await dropStepMonths(ports, longest === undefined ? undefined : now - longest);
}

/**
 * How long each workflow's ended runs are kept, by its own setting or that of the installation, and the longest of these. Where one keeps
 * them for ever there is no longest: no month will ever be without runs, and steps go with their runs instead of with their months.
 */
async function retentions({ database, catalog, retentionMs }: Ports): Promise<{
  kept: { workflowId: string; ms: number }[];
  longest: number | undefined;
}> {
  const plans = [...(await catalog.current(database.store)).published.values()];
  const kept = plans.flatMap(({ workflowId, settings }) => {
    const ms = settings.retentionMs ?? retentionMs;
    return ms === undefined ? [] : { workflowId, ms };
  });
  return { kept, longest: kept.length === plans.length ? Math.max(0, ...kept.map(({ ms }) => ms)) : undefined };
}
