/** Keys of names for records that were there before their entity told duplicates, or told them otherwise. */
import { openWorkspace } from '../runtime/ports.ts';
import { nameKeyRows } from '../unit/name-keys.ts';
import { type JobKind, textOf } from './job.ts';
import { nextRecords } from './records.ts';

export const nameKeys: JobKind = {
  kind: 'name_keys',
  async piece(tx, ports, job) {
    const state = await ports.catalog.current(tx);
    const entity = textOf(job, 'entity') ?? '';
    const rules = state.entities.get(entity)?.definition.duplicates;
    if (!rules?.name) return { cursor: null, done: 0, failed: 0, made: 0 };
    const { rows, cursor } = await nextRecords(tx, openWorkspace(ports, state), entity, job.cursor);
    // Under their locks, lest a name that is being changed gets its old keys again.
    const locked =
      rows.length > 0
        ? await tx.recordsByIds(
            rows.map((row) => row.id),
            'wait',
          )
        : [];
    const keys = locked.flatMap((row) => nameKeyRows(row, rules));
    if (keys.length > 0) await tx.insertRecordKeys(keys);
    return { cursor, done: rows.length, failed: 0, made: keys.length };
  },
};
