/** Experiments as people handle them: look who is ahead, take the winner by hand, go on. */
import { TaktError } from '../errors/index.ts';
import { adopt, type ExperimentState, experimentState, experimentsOf } from '../experiment/judge.ts';
import type { ExperimentSpec } from '../node/definition.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';

export interface Experiment extends ExperimentState {
  workflowId: string;
  /** Id of the flow.split. */
  node: string;
  spec: ExperimentSpec;
}

export class Experiments {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Those of a published workflow. Throws WORKFLOW_NOT_PUBLISHED. */
  async list(workflowId: string): Promise<Experiment[]> {
    const { store } = this.#ports.database;
    const plan = (await this.#ports.catalog.current(store)).published.get(workflowId);
    if (!plan) throw new TaktError('WORKFLOW_NOT_PUBLISHED', { message: `No published workflow has the id "${workflowId.slice(0, 63)}".` });
    const now = this.#ports.clock.now();
    const found: Experiment[] = [];
    for (const { node, spec } of experimentsOf(plan)) {
      found.push({ workflowId, node, spec, ...(await experimentState(store, workflowId, node, spec, now)) });
    }
    return found;
  }

  /** From now on all new records take the arm; null lets the experiment go on. Throws EXPERIMENT_UNKNOWN, EXPERIMENT_ARM. */
  async adopt(workflowId: string, node: string, arm: string | null): Promise<Experiment> {
    const experiment = (await this.list(workflowId)).find((one) => one.node === node);
    if (!experiment) throw new TaktError('EXPERIMENT_UNKNOWN', { message: `"${workflowId}" has no flow.split "${node.slice(0, 63)}".` });
    if (arm !== null && !experiment.spec.arms.includes(arm))
      throw new TaktError('EXPERIMENT_ARM', {
        message: `"${node}" has no way "${arm.slice(0, 63)}".`,
        hint: `Its ways: ${experiment.spec.arms.join(', ')}.`,
      });
    await transact(this.#ports.database, (tx) => adopt(tx, workflowId, node, arm));
    return { ...experiment, winner: arm };
  }
}
