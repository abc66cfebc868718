/** Records as they were, by their history. Pure. */
import type { JsonObject } from '../../schemas/json.ts';
import type { ChangeRow, RecordRow } from '../unit/rows.ts';

/**
 * The row as it was right after the change to version `version`, with what was changed later taken back.
 * @param changes of the record, the oldest first
 */
export function rowAtVersion(row: RecordRow, changes: readonly ChangeRow[], version: number): RecordRow {
  const data: JsonObject = { ...row.data };
  let { key, owner, stage } = row;
  for (const change of changes.toReversed()) {
    if (change.version <= version) break;
    for (const [field, [before]] of Object.entries(change.changes)) {
      const text = typeof before === 'string' ? before : null;
      if (field === 'key') key = text;
      else if (field === 'owner') owner = text;
      else if (field === 'stage') stage = text;
      else if (before === null) delete data[field];
      else data[field] = before;
    }
  }
  const name = typeof data.name === 'string' ? data.name : row.name;
  const updatedAt = changes.findLast((change) => change.version <= version)?.at ?? row.createdAt;
  return { ...row, data, key, owner, stage, name, version, updatedAt };
}

/** The version that a record had at a moment; its first one where it was not there yet. */
export function versionAt(changes: readonly ChangeRow[], at: number): number {
  const last = changes.findLast((change) => change.at <= at) ?? changes[0];
  return last?.version ?? 1;
}

/**
 * The change by which the present outcome came: after it, the outcome has held ever since. Undefined where it held from the beginning.
 * @param holds has the row this outcome?
 */
export function outcomeChange(row: RecordRow, changes: readonly ChangeRow[], holds: (row: RecordRow) => boolean): ChangeRow | undefined {
  return changes.findLast(({ version, op }) => op !== 'created' && !holds(rowAtVersion(row, changes, version - 1)));
}

/** The change by which a field was first filled, or undefined where the history knows of no filling. */
export function firstFilled(changes: readonly ChangeRow[], field: string): ChangeRow | undefined {
  return changes.find((change) => {
    const value = change.changes[field];
    return value !== undefined && value[1] !== null;
  });
}
