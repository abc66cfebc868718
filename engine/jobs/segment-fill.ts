/** Who belongs to a segment when it is made or its rule changes. Nobody enters or leaves by that: the rule has changed, not the records. */

import { finish } from '../admission/finish.ts';
import { segmentMark } from '../admission/segments.ts';
import { openWorkspace } from '../runtime/ports.ts';
import { load } from '../unit/load.ts';
import { type JobKind, textOf } from './job.ts';
import { nextRecords } from './records.ts';

export const segmentFill: JobKind = {
  kind: 'segment',
  async piece(tx, ports, job) {
    const state = await ports.catalog.current(tx);
    const id = textOf(job, 'segment') ?? '';
    const entity = textOf(job, 'entity') ?? '';
    if (!state.segments.of(entity).includes(id)) return { cursor: null, done: 0, failed: 0, made: 0 };
    const workspace = openWorkspace(ports, state);
    const { rows, cursor } = await nextRecords(tx, workspace, entity, job.cursor);
    if (rows.length > 0) await load(tx, workspace, [{ kind: 'marks', keys: rows.map((row) => segmentMark(id, row.id)) }]);
    const { now } = workspace.surroundings;
    let made = 0;
    for (const row of rows) {
      const record = workspace.view(row);
      const mark = segmentMark(id, row.id);
      const belongs = workspace.surroundings.inSegment(id, record);
      if (belongs) made++;
      if (belongs !== (workspace.mark(mark) !== null)) workspace.setMark(mark, belongs ? now : null, null);
      const dueAt = workspace.surroundings.recheckAt(id, record);
      workspace.setTimer({ kind: 'segment', workflowId: id, node: 'recheck', key: row.id, recordId: row.id, dueAt });
    }
    await finish(tx, workspace, ports.queue);
    return { cursor, done: rows.length, failed: 0, made };
  },
};
