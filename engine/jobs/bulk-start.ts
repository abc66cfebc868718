/** Starts a workflow by hand on every record that fits. */
import { finish } from '../admission/finish.ts';
import type { CatalogState } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace } from '../runtime/ports.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import type { RecordRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';
import { type JobKind, textOf } from './job.ts';
import { nextRecords } from './records.ts';

/** The type of the event by which a workflow is started by hand. */
export const RUN_REQUESTED = 'run.requested';

export const bulkStart: JobKind = {
  kind: 'start',
  async piece(tx, ports, job) {
    const workflow = textOf(job, 'workflow') ?? '';
    const state = await ports.catalog.current(tx);
    const condition = bulkCondition(textOf(job, 'where'), state);
    const workspace = openWorkspace(ports, state);
    const { rows, cursor } = await nextRecords(tx, workspace, textOf(job, 'entity') ?? '', job.cursor);
    const { fitting, failed } = sorted(workspace, condition, rows);
    for (const { id, error } of failed) {
      ports.logger.warn({ job: job.id, record: id, err: error }, 'The condition of a bulk start failed on a record, which is left out.');
    }
    const starts = fitting.map(({ id }) => {
      const data = { input: job.data.input ?? {}, job: job.id };
      return applyChange(
        workspace,
        { kind: 'event', type: RUN_REQUESTED, topic: workflow, data, recordId: id, key: `start:${job.id}:${id}` },
        job.author,
      );
    });
    const outcomes = await drive(starts, workspace, (requests) => load(tx, workspace, requests));
    const refused = outcomes.filter((outcome) => !outcome.ok).length;
    const begun = await finish(tx, workspace, ports.queue);
    const made = workspace.newRuns.filter((run) => run.workflowId === workflow && begun.has(run.id)).length;
    return { cursor, done: rows.length, failed: failed.length + refused, made };
  },
};

/** The condition of a bulk start, ready to be asked. Throws TaktError EXPR_SYNTAX, SEGMENT_UNKNOWN, EVENT_COUNT_HERE. */
export function bulkCondition(where: string | undefined, { segments }: CatalogState): Expression | undefined {
  if (where === undefined) return undefined;
  const condition = compileExpression(where);
  if (condition.eventCounts.length > 0) {
    throw new TaktError('EVENT_COUNT_HERE', {
      message: 'The condition of a bulk start cannot count events.',
      hint: 'Ask with $eventCount in a flow.if at the beginning of the workflow.',
    });
  }
  for (const id of condition.segments) segments.require(id);
  return condition;
}

/** Which of the records, all in the workspace, fit the condition, and on which it fails. */
export function sorted(
  workspace: Workspace,
  condition: Expression | undefined,
  rows: readonly RecordRow[],
): { fitting: RecordRow[]; failed: { id: string; error: unknown }[] } {
  const fitting: RecordRow[] = [];
  const failed: { id: string; error: unknown }[] = [];
  for (const row of rows) {
    try {
      if (fits(workspace, condition, row)) fitting.push(row);
    } catch (error) {
      failed.push({ id: row.id, error });
    }
  }
  return { fitting, failed };
}

function fits(workspace: Workspace, condition: Expression | undefined, row: RecordRow): boolean {
  if (!condition) return true;
  const { surroundings } = workspace;
  const record = workspace.view(row);
  return condition.test(
    { ...record, record },
    { now: surroundings.now, random: surroundings.random, inSegment: (id) => surroundings.inSegment(id, record) },
  );
}
