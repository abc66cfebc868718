/** Running runs and newer versions: see who could go on there, and let them. */
import { planKey } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import type { Plan } from '../graph/plan.ts';
import { newJob } from '../jobs/job.ts';
import { move } from '../jobs/move.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { Author } from '../store/schema.ts';
import { type MovePlan, MoveSurvey, type NodeMapping } from '../versions/move.ts';

const PIECE = 500;

export interface Move {
  workflowId: string;
  from: number;
  to: number;
  mapping?: NodeMapping;
}

export class Versions {
  readonly #ports: Ports;
  readonly #onDue: () => void;

  constructor(ports: Ports, onDue: () => void) {
    this.#ports = ports;
    this.#onDue = onDue;
  }

  /** Where the runs of a version stand, which could go on in the other and what is in the way. Throws WORKFLOW_VERSION_NOT_FOUND. */
  async movePlan({ workflowId, from, to, mapping = {} }: Move): Promise<MovePlan> {
    return transact(this.#ports.database, async (tx) => {
      const { source, target } = await this.#plans(tx, workflowId, from, to);
      const survey = new MoveSurvey(source, target, mapping, await titlesOf(tx, workflowId, from));
      let cursor: string | null = null;
      do {
        const runs = await tx.openRunsOfVersion(workflowId, from, cursor, PIECE);
        for (const run of runs) survey.add(run);
        cursor = runs.length < PIECE ? null : (runs.at(-1)?.id ?? null);
      } while (cursor !== null);
      return survey.plan(from);
    });
  }

  /** Lets the runs that can go on in the other version; the others stay where they are. A job. Throws WORKFLOW_VERSION_NOT_FOUND. */
  async move({ workflowId, from, to, mapping = {} }: Move, author: Author): Promise<JobRow> {
    const { runs } = await this.movePlan({ workflowId, from, to, mapping });
    const job = newJob(this.#ports, move.kind, { workflow: workflowId, from, to, mapping: { ...mapping } }, author, runs);
    await transact(this.#ports.database, (tx) => tx.insertJob(job));
    this.#onDue();
    return job;
  }

  async #plans(tx: StoreTx, workflowId: string, from: number, to: number): Promise<{ source: Plan | undefined; target: Plan }> {
    const { entities } = await this.#ports.catalog.current(tx);
    const wanted = [from, to].map((version) => ({ workflowId, version }));
    const plans = await this.#ports.catalog.plans(tx, wanted, entities);
    const target = plans.get(planKey({ workflowId, version: to }));
    if (target) return { source: plans.get(planKey({ workflowId, version: from })), target };
    throw new TaktError('WORKFLOW_VERSION_NOT_FOUND', {
      message: `"${workflowId.slice(0, 63)}" has no version ${to} that can be carried out here.`,
    });
  }
}

/** Titles of a version's nodes, as people know them. */
async function titlesOf(tx: StoreTx, workflowId: string, version: number): Promise<Map<string, string>> {
  const file = (await tx.versionByNumber(workflowId, version))?.file;
  const nodes = file?.nodes;
  if (typeof nodes !== 'object' || nodes === null || Array.isArray(nodes)) return new Map();
  return new Map(
    Object.entries(nodes).flatMap(([id, node]) =>
      typeof node === 'object' && node !== null && !Array.isArray(node) && typeof node.title === 'string' ? [[id, node.title]] : [],
    ),
  );
}
