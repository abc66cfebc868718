/**
 * The state machine of a run. `advance` moves a run's tokens over the plan until every one waits, has failed or is gone. It
 * does no I/O: where a node wants data it yields a request, and whoever drives it has the data loaded before going on.
 */
import { asTaktError } from '../errors/index.ts';
import type { Plan } from '../graph/plan.ts';
import type { Request } from '../unit/request.ts';
import type { RunRow, SignalRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';
import type { Progress } from './progress.ts';
import { conditionMet, eventMet } from './rules.ts';
import { settle } from './settle.ts';
import { CONTROL, type RunState } from './state.ts';
import { stepToken } from './step.ts';
import { cutOff, settleStructure } from './structure.ts';

/** Steps that one run may take before the next run of the batch gets its turn. */
const SLICE = 200;

export type Advancing = Generator<Request, RunRow, void>;
type Signal = Pick<SignalRow, 'waitId' | 'payload'>;

/**
 * @param run the row as claimed; its state is taken over and changed
 * @returns the row as it is to be written. Steps, effects and record writes are in the workspace.
 */
export function* advance(plan: Plan, run: RunRow, signals: readonly Signal[], workspace: Workspace): Advancing {
  const { state } = run;
  wakeTokens(state, signals, workspace.surroundings.now);
  const base = { recordId: run.recordId, outcome: run.outcome, result: run.result, error: null, ended: null, uncounted: 0 };
  const progress: Progress = { plan, run, state, workspace, ...base };
  if (signals.some((signal) => signal.waitId === CONTROL.cancel)) end(progress, 'cancelled');
  else yield* move(progress, signals);
  return yield* settle(progress);
}

function* move(progress: Progress, signals: readonly Signal[]): Generator<Request, void, void> {
  const { state } = progress;
  try {
    const exit = (yield* eventMet(progress, signals)) ?? (yield* conditionMet(progress));
    if (exit !== undefined) return end(progress, 'done', exit);
    for (let left = SLICE; !progress.error && progress.ended === null; ) {
      const token = state.tokens.find((candidate) => candidate.status === 'ready');
      if (!token) {
        if (settleStructure(progress)) continue;
        return;
      }
      // Only with a token that can move: a run that is left here is due again at once.
      if (left-- === 0 || progress.workspace.isFull()) return;
      // Asked before every step: what was true when the run began to wait may have changed, and a step may have changed it.
      const outcome = yield* conditionMet(progress);
      if (outcome !== undefined) return end(progress, 'done', outcome);
      yield* stepToken(progress, token);
    }
  } catch (thrown) {
    // Not of a step: a condition of the settings failed.
    progress.error = asTaktError(thrown).toData();
    for (const token of state.tokens) if (token.status === 'ready') token.status = 'failed';
  }
}

function end(progress: Progress, status: 'done' | 'cancelled', outcome?: string): void {
  if (outcome !== undefined) progress.outcome = outcome;
  cutOff(progress);
  progress.ended = status;
}

/** Makes the tokens ready whose waits have ended. What ended them stays with them: their turn may not come in this slice. */
function wakeTokens(state: RunState, signals: readonly Signal[], now: number): void {
  for (const signal of signals) {
    for (const token of state.tokens) {
      // A signal for a wait that is over (answered, cancelled, retried) comes too late and changes nothing.
      if (token.wait?.id !== signal.waitId) continue;
      if (token.status === 'waiting') {
        token.status = 'ready';
        token.woken = signal.payload;
      } else if (token.woken !== undefined && token.wait.kind === 'event') {
        // The event before it may turn out not to end the wait.
        token.heard = [...(token.heard ?? []), signal.payload];
      }
    }
  }
  for (const token of state.tokens) {
    if (token.status !== 'waiting' || token.wait?.until === undefined || token.wait.until > now) continue;
    token.status = 'ready';
    token.woken = 'time';
  }
}
