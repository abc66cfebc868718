/** Lets running runs go on in another version of their workflow. */
import type { Json } from '../../schemas/json.ts';
import { planKey } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import { OPEN_RUN } from '../store/schema.ts';
import { moveRun } from '../versions/move.ts';
import { type JobKind, textOf } from './job.ts';

const PIECE = 500;

export const move: JobKind = {
  kind: 'move',
  async piece(tx, ports, job) {
    const workflowId = textOf(job, 'workflow') ?? '';
    const [from, to] = [Number(job.data.from), Number(job.data.to)];
    const { entities } = await ports.catalog.current(tx);
    const versions = [from, to].map((version) => ({ workflowId, version }));
    const plans = await ports.catalog.plans(tx, versions, entities);
    const target = plans.get(planKey({ workflowId, version: to }));
    if (!target)
      throw new TaktError('WORKFLOW_VERSION_NOT_FOUND', { message: `"${workflowId}" version ${to} cannot be carried out here.` });
    const runs = await tx.runsOfWorkflow({ workflowId, version: from, statuses: OPEN_RUN }, job.cursor, PIECE);
    const now = ports.clock.now();
    const moved = runs.flatMap((run) => {
      const result = moveRun(run, plans.get(planKey(run)), target, mappingOf(job.data.mapping));
      return result.ok ? [{ ...result.run, updatedAt: now, dueAt: result.run.status === 'waiting' ? now : result.run.dueAt }] : [];
    });
    if (moved.length > 0) await tx.updateRuns(moved);
    const cursor = runs.length < PIECE ? null : (runs.at(-1)?.id ?? null);
    return { cursor, done: runs.length, failed: runs.length - moved.length, made: moved.length };
  },
};

/** old node → new node */
function mappingOf(value: Json | undefined): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([from, to]) => (typeof to === 'string' ? [[from, to]] : [])));
}
