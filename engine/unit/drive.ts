import type { Request } from './request.ts';
import type { Workspace } from './workspace.ts';

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** The outcome of a task that wants to lock records which other transactions hold: nothing of it is done. */
export class RecordsHeld extends Error {
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super(`Other transactions hold the records ${ids.join(', ')}.`);
    this.ids = ids;
  }
}

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
    const waiting: { task: (typeof open)[number]['task']; i: number; request: Request }[] = [];
    for (const { task, i } of open) {
      const request = step(task, i, workspace, outcomes);
      if (request) waiting.push({ task, i, request });
    }
    const wanted = waiting.map(({ request }) => request).filter((request) => workspace.heldOf(request).length === 0);
    if (wanted.length > 0) await load(wanted);
    open = waiting.filter(({ i, request }) => {
      const held = workspace.heldOf(request);
      if (held.length > 0) outcomes[i] = { ok: false, error: new RecordsHeld(held) };
      return held.length === 0;
    });
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
