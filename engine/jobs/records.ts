import type { StoreTx } from '../store/port.ts';
import type { RecordRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';

/** Records that one piece of a job looks at. */
const PIECE = 500;

/** The next records of an entity in the order in which they were made, put into the workspace; deleted ones are left out. */
export async function nextRecords(
  tx: StoreTx,
  workspace: Workspace,
  entity: string,
  cursor: string | null,
): Promise<{ rows: RecordRow[]; cursor: string | null }> {
  const after = cursor === null ? {} : { after: { id: cursor, sortName: '' } };
  const rows = await tx.recordPage({ entity, deleted: false, sort: 'created', ...after }, PIECE);
  workspace.addRecords([], rows, false);
  return { rows, cursor: rows.length < PIECE ? null : (rows.at(-1)?.id ?? null) };
}
