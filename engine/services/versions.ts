/** Running runs and newer versions: see who could go on there, and let them. */
import { planKey } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import type { Plan } from '../graph/plan.ts';
import { newJob } from '../jobs/job.ts';
import { move } from '../jobs/move.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { StoreTx } from '../store/port.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import { type Author, OPEN_RUN } from '../store/schema.ts';
import type { RunRow } from '../unit/rows.ts';
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

  /**
   * Where the runs of a version stand, which could go on in the other and what is in the way.
   * Throws WORKFLOW_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND, MOVE_INVALID.
   */
  async movePlan({ workflowId, from, to, mapping = {} }: Move): Promise<MovePlan> {
    // Outside of a transaction: the locks of each piece are let go at once, so that no run is kept from moving by somebody who looks.
    const { store } = this.#ports.database;
    const { source, target } = await this.#plans(store, workflowId, from, to);
    checkMapping(mapping, source, from);
    const survey = new MoveSurvey(source, target, mapping, await titlesOf(store, workflowId, from));
    let cursor: string | null = null;
    do {
      const runs: RunRow[] = await store.runsOfWorkflow({ workflowId, version: from, statuses: OPEN_RUN }, cursor, PIECE);
      for (const run of runs) survey.add(run);
      cursor = runs.length < PIECE ? null : (runs.at(-1)?.id ?? null);
    } while (cursor !== null);
    return survey.plan(from);
  }

  /** Lets the runs that can go on in the other version; the others stay where they are. A job. Throws as `movePlan`. */
  async move({ workflowId, from, to, mapping = {} }: Move, author: Author): Promise<JobRow> {
    const { runs } = await this.movePlan({ workflowId, from, to, mapping });
    const job = newJob(this.#ports, move.kind, { workflow: workflowId, from, to, mapping: { ...mapping } }, author, runs);
    await transact(this.#ports.database, (tx) => tx.insertJob(job));
    this.#onDue();
    return job;
  }

  async #plans(tx: StoreTx, workflowId: string, from: number, to: number): Promise<{ source: Plan | undefined; target: Plan }> {
    const id = workflowId.slice(0, 63);
    if (!(await tx.workflowById(workflowId))) throw new TaktError('WORKFLOW_NOT_FOUND', { message: `There is no workflow "${id}".` });
    if (from === to) throw new TaktError('MOVE_INVALID', { message: `Version ${from} cannot be moved to itself.` });
    for (const version of [from, to]) {
      if (await tx.versionByNumber(workflowId, version)) continue;
      throw new TaktError('WORKFLOW_VERSION_NOT_FOUND', { message: `"${id}" has no version ${version}.` });
    }
    const { entities } = await this.#ports.catalog.current(tx);
    const wanted = [from, to].map((version) => ({ workflowId, version }));
    const plans = await this.#ports.catalog.plans(tx, wanted, entities);
    const target = plans.get(planKey({ workflowId, version: to }));
    if (target) return { source: plans.get(planKey({ workflowId, version: from })), target };
    throw new TaktError('WORKFLOW_VERSION_NOT_FOUND', {
      message: `Version ${to} of "${id}" cannot be carried out here.`,
      hint: 'See the log for what no longer compiles.',
    });
  }
}

/** A slip in a name would leave runs behind. Throws MOVE_INVALID. */
function checkMapping(mapping: NodeMapping, source: Plan | undefined, from: number): void {
  if (!source) return;
  const unknown = Object.keys(mapping).find((node) => !source.actions.has(node));
  if (unknown === undefined) return;
  throw new TaktError('MOVE_INVALID', {
    pointer: '/mapping',
    message: `Version ${from} has no node "${unknown.slice(0, 63)}".`,
    hint: didYouMean(unknown, source.actions.keys()),
  });
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
