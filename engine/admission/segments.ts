/** Who enters and leaves segments when records change. Who was in one before is remembered in a mark, for rules may read the clock. */

import type { Request } from '../unit/request.ts';
import type { EventRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';

/** The type of the event by which a segment's rule is asked again though nothing has changed. */
export const SEGMENT_RECHECK = 'segment.recheck';

export const asksSegments = (event: EventRow): boolean =>
  event.recordId !== null && (event.type.startsWith('record.') || event.type === SEGMENT_RECHECK);

/** Prefix of the marks that remember who belongs to a segment: with the record's id behind it. */
export const segmentPrefix = (segment: string): string => `segment:${segment}:`;
export const segmentMark = (segment: string, recordId: string): string => `${segmentPrefix(segment)}${recordId}`;

/** Writes `segment.entered` and `segment.left` for what an event has changed. */
export function* updateSegments(workspace: Workspace, event: EventRow): Generator<Request, void, void> {
  const row = event.recordId === null ? undefined : workspace.row(event.recordId);
  const segments = row ? workspace.surroundings.segmentsOf(row.entity) : [];
  if (!row || segments.length === 0) return;
  const record = workspace.view(row);
  yield { kind: 'marks', keys: segments.map((id) => segmentMark(id, row.id)) };
  const { now, newId } = workspace.surroundings;
  for (const id of segments) {
    const mark = segmentMark(id, row.id);
    const before = workspace.mark(mark) !== null;
    const after = workspace.surroundings.inSegment(id, record);
    workspace.setTimer({
      kind: 'segment',
      workflowId: id,
      node: 'recheck',
      key: row.id,
      recordId: row.id,
      dueAt: workspace.surroundings.recheckAt(id, record),
    });
    if (before === after) continue;
    workspace.setMark(mark, after ? now : null, null);
    const told = { id: newId(), type: after ? 'segment.entered' : 'segment.left', topic: id, recordId: row.id, at: now };
    workspace.writeEvent({ ...told, data: { segment: id }, key: null, chain: event.chain });
  }
}
