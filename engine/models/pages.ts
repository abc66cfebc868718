import type { StoreTx } from '../store/port.ts';
import type { ChangeRow, RecordRow } from '../unit/rows.ts';

/** Records with their histories that are in memory at once. */
const PAGE = 500;

export interface RecordPage {
  rows: RecordRow[];
  /** By record, the oldest change first. */
  history: ReadonlyMap<string, readonly ChangeRow[]>;
  /** Where the next page begins; null: this was the last. */
  cursor: string | null;
}

/** The next records of an entity in the order in which they were made, with all that became of them; deleted ones are left out. Two statements. */
export async function nextWithHistory(tx: StoreTx, entity: string, cursor: string | null): Promise<RecordPage> {
  const after = cursor === null ? {} : { after: { id: cursor, sortName: '' } };
  const rows = await tx.recordPage({ entity, deleted: false, sort: 'created', ...after }, PAGE);
  const changes = rows.length === 0 ? [] : await tx.changesOfRecords(rows.map((row) => row.id));
  return {
    rows,
    history: Map.groupBy(changes, (change) => change.recordId),
    cursor: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null),
  };
}
