/**
 * A family are the runs that have come of one: started or called by its runs, by the runs of those, and so on. Its size is bounded, since
 * each of them may start many: the length of a chain alone leaves room for 1,000 runs to the power of 16.
 */
import { TaktError } from '../errors/index.ts';
import type { StoreTx } from '../store/port.ts';
import type { CauseChain } from '../store/schema.ts';
import type { Request } from '../unit/request.ts';
import type { RunRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';

const MAX_FAMILY = 10_000;
/** What a run itself starts is not counted: a list of 1,000 items with a task each is nothing out of the ordinary. */
const COUNTED_FROM = 2;
/** A family is counted anew when nothing was added for a day. */
const KEPT_MS = 86_400_000;

function keyOf(chain: CauseChain): string | undefined {
  const [first] = chain;
  return first === undefined || chain.length < COUNTED_FROM ? undefined : `family:${first.run}`;
}

/** Counts the new runs by families, and refuses those for which there is no room. What was called fails when its turn comes. */
export function* countFamilies(workspace: Workspace): Generator<Request, void, void> {
  const { now } = workspace.surroundings;
  const keys = new Set(workspace.newRuns.flatMap((run) => keyOf(run.chain) ?? []));
  if (keys.size === 0) return;
  yield { kind: 'marks', keys: [...keys] };
  for (const [i, run] of workspace.newRuns.entries()) {
    const key = keyOf(run.chain);
    if (key === undefined || run.status === 'refused') continue;
    const size = Number(workspace.mark(key) ?? 0);
    if (size <= MAX_FAMILY) workspace.setMark(key, size + 1, now + KEPT_MS);
    if (size >= MAX_FAMILY && run.parent === null) {
      workspace.newRuns[i] = { ...run, status: 'refused', dueAt: null, endedAt: now, error: tooLarge(run.chain).toData() };
    }
  }
}

/** Which of the runs may not go on: their family has grown beyond its bound. Gives the error of each by its id. */
export async function overgrown(tx: StoreTx, runs: readonly RunRow[]): Promise<Map<string, TaktError>> {
  const keys = new Set(runs.flatMap((run) => keyOf(run.chain) ?? []));
  if (keys.size === 0) return new Map();
  const closed = new Set((await tx.readMarks([...keys])).flatMap(({ key, value }) => (Number(value) > MAX_FAMILY ? key : [])));
  return new Map(runs.flatMap((run): [string, TaktError][] => (closed.has(keyOf(run.chain) ?? '') ? [[run.id, tooLarge(run.chain)]] : [])));
}

function tooLarge(chain: CauseChain): TaktError {
  const names = chain.map((cause) => `${cause.workflow}/${cause.node}`).join(' → ');
  return new TaktError('LOOP_FAMILY', { message: `More than ${MAX_FAMILY} runs have come of one, the last by ${names}.` });
}
