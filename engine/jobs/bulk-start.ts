/** Starts a workflow by hand on every record that fits. */
import { finish } from '../admission/finish.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace } from '../runtime/ports.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import type { Workspace } from '../unit/workspace.ts';
import { type JobKind, textOf } from './job.ts';
import { nextRecords } from './records.ts';

/** The type of the event by which a workflow is started by hand. */
export const RUN_REQUESTED = 'run.requested';

export const bulkStart: JobKind = {
  kind: 'start',
  async piece(tx, ports, job) {
    const workflow = textOf(job, 'workflow') ?? '';
    const where = textOf(job, 'where');
    const condition = where === undefined ? undefined : compileExpression(where);
    const workspace = openWorkspace(ports, await ports.catalog.current(tx));
    const { rows, cursor } = await nextRecords(tx, workspace, textOf(job, 'entity') ?? '', job.cursor);
    let failed = 0;
    const fitting = rows.filter((row) => {
      try {
        return fits(workspace, condition, row.id);
      } catch (error) {
        failed++;
        ports.logger.warn(
          { job: job.id, record: row.id, err: error },
          'The condition of a bulk start failed on a record, which is left out.',
        );
        return false;
      }
    });
    const starts = fitting.map(({ id }) => {
      const data = { input: job.data.input ?? {}, job: job.id };
      return applyChange(
        workspace,
        { kind: 'event', type: RUN_REQUESTED, topic: workflow, data, recordId: id, key: `start:${job.id}:${id}` },
        job.author,
      );
    });
    const outcomes = await drive(starts, workspace, (requests) => load(tx, workspace, requests));
    failed += outcomes.filter((outcome) => !outcome.ok).length;
    await finish(tx, workspace, ports.queue);
    return { cursor, done: rows.length, failed };
  },
};

function fits(workspace: Workspace, condition: Expression | undefined, id: string): boolean {
  const row = workspace.row(id);
  if (!row || !condition) return row !== undefined;
  const { now, random } = workspace.surroundings;
  const record = workspace.view(row);
  return condition.test({ ...record, record }, { now, random });
}
