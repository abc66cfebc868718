import type { Request } from './request.ts';
import type { Workspace } from './workspace.ts';

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/**
 * Runs tasks side by side in one workspace: each goes on until it wants data that is not there; then what all of them want is
 * loaded at once. So a batch of any size costs a few round trips.
 */
export async function drive<T>(
  tasks: readonly Generator<Request, T, void>[],
  workspace: Workspace,
  load: (requests: readonly Request[]) => Promise<void>,
): Promise<Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  let open = tasks.map((task, i) => ({ task, i }));
  while (open.length > 0) {
    const waiting: typeof open = [];
    const wanted: Request[] = [];
    for (const entry of open) {
      const request = step(entry.task, entry.i, workspace, outcomes);
      if (!request) continue;
      wanted.push(request);
      waiting.push(entry);
    }
    if (wanted.length > 0) await load(wanted);
    open = waiting;
  }
  return outcomes;
}

/** Lets one task go on as far as it can; gives the request that stopped it, if any. */
function step<T>(task: Generator<Request, T, void>, i: number, workspace: Workspace, outcomes: Outcome<T>[]): Request | undefined {
  try {
    for (;;) {
      const next = task.next();
      if (next.done) {
        outcomes[i] = { ok: true, value: next.value };
        return undefined;
      }
      if (!workspace.has(next.value)) return next.value;
    }
  } catch (error) {
    outcomes[i] = { ok: false, error };
    return undefined;
  }
}
