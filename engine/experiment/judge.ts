/** Experiments within workflows: who won is looked at once a day, and where the author says so the winner is taken from then on. */
import type { Json } from '../../schemas/json.ts';
import type { Plan } from '../graph/plan.ts';
import type { ExperimentSpec } from '../node/definition.ts';
import type { Ports } from '../runtime/ports.ts';
import type { StoreTx } from '../store/port.ts';
import type { TimerRow } from '../store/queries/timers.ts';
import { type Arm, type Verdict, verdict } from './verdict.ts';

const DAY = 86_400_000;

/** Prefix of the marks that remember which arm a record took: with the record's id behind it. */
const armPrefix = (workflowId: string, node: string): string => `arm:${workflowId}:${node}:`;
/** The mark that holds the arm which everybody takes from now on. */
const winnerMark = (workflowId: string, node: string): string => `winner:${workflowId}:${node}`;

/** A daily look at each experiment whose winner is to be taken without asking. */
export function experimentTimers(plan: Plan, now: number, newId: () => string): TimerRow[] {
  return experimentsOf(plan).flatMap(({ node, spec }) =>
    spec.adopt === 'auto'
      ? [
          {
            id: newId(),
            kind: 'experiment' as const,
            workflowId: plan.workflowId,
            node,
            key: '',
            recordId: null,
            dueAt: now + DAY,
            data: {},
          },
        ]
      : [],
  );
}

export const experimentsOf = (plan: Plan): { node: string; spec: ExperimentSpec }[] =>
  [...plan.actions.values()].flatMap((action) => {
    const spec = action.definition.experiment(action.params.file);
    return spec ? [{ node: action.id, spec }] : [];
  });

export interface ExperimentState {
  /** What was counted, in the order of the split: records that are on their way for the time `settle`. */
  arms: readonly Arm[];
  verdict: Verdict;
  /** The arm that everybody takes; null as long as the experiment runs. */
  winner: string | null;
}

export async function experimentState(
  store: StoreTx,
  workflowId: string,
  node: string,
  spec: ExperimentSpec,
  now: number,
): Promise<ExperimentState> {
  // Records that have not had their time yet would count as failures, most of them on the way on which success takes longest.
  const settled = now - spec.settleMs;
  const counts = await store.armCounts(armPrefix(workflowId, node), settled);
  const [mark] = await store.readMarks([winnerMark(workflowId, node)]);
  const arms = spec.arms.map((name) => {
    const count = counts.find((one) => one.arm === name);
    return { name, n: count?.count ?? 0, successes: count?.successes ?? 0 };
  });
  const startedAt = Math.min(settled, ...counts.map((count) => count.firstAt));
  const { minimum, atLeastMs, confidence } = spec;
  return {
    arms,
    verdict: verdict({ arms, minimum, startedAt, now: settled, atLeastMs, confidence }),
    winner: winnerOf(mark?.value ?? null),
  };
}

const winnerOf = (mark: Json): string | null => (typeof mark === 'string' ? mark : null);

/**
 * Takes the winner where there is one. Who looks every day until a difference shows will see one by chance sooner or later: so it looks only
 * when each arm has the minimum, then twice, four times as many …, and the kth look may err in half of what the one before it might. All
 * looks together err in at most 1 − confidence (alpha spending by Bonferroni: K. Lan, D. DeMets, Biometrika 70, 1983).
 */
export async function judgeExperiment(tx: StoreTx, ports: Ports, timer: TimerRow, now: number): Promise<{ again?: TimerRow }> {
  const { published } = await ports.catalog.current(tx);
  const plan = published.get(timer.workflowId);
  const spec = plan && experimentsOf(plan).find((one) => one.node === timer.node)?.spec;
  if (!spec) return {};
  const look = typeof timer.data.look === 'number' ? timer.data.look : 1;
  const confidence = 1 - (1 - spec.confidence) / 2 ** look;
  const atLook = { ...spec, minimum: spec.minimum * 2 ** (look - 1), confidence };
  const { verdict: judged, winner } = await experimentState(tx, timer.workflowId, timer.node, atLook, now);
  if (winner !== null) return {};
  if (judged.winner === undefined) {
    const next = judged.state === 'no_difference' ? look + 1 : look;
    return { again: { ...timer, dueAt: now + DAY, data: { look: next } } };
  }
  await adopt(tx, timer.workflowId, timer.node, judged.winner);
  ports.logger.info(
    { workflow: timer.workflowId, node: timer.node, arm: judged.winner },
    'An experiment has a winner, which is taken from now on.',
  );
  return {};
}

/** From now on everybody takes the arm; null: the experiment goes on. */
export async function adopt(tx: StoreTx, workflowId: string, node: string, arm: string | null): Promise<void> {
  const key = winnerMark(workflowId, node);
  await tx.lockMarks([key]);
  if (arm === null) await tx.deleteMarks([key]);
  else await tx.updateMarks([{ key, value: arm, expiresAt: null }]);
}
