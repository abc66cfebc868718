/** Tells waiting runs of the events that they wait for. */
import type { Json } from '../../schemas/json.ts';
import { isUuid } from '../unit/find.ts';
import type { Request } from '../unit/request.ts';
import type { EventRow, WaitRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';

/** Fields of an event's data by which waits may name it. */
const MOST_FIELDS = 30;
const LONGEST_VALUE = 200;

/** What an event is about, as waits name it: its record, records that its record refers to, and plain fields of its data. */
function correlationsOf(event: EventRow, workspace: Workspace): string[] {
  const about = new Set<string>();
  if (event.recordId !== null) about.add(`record:${event.recordId}`);
  if (event.type.startsWith('record.') && event.recordId !== null) {
    for (const id of referencedIds(workspace.row(event.recordId)?.data ?? {})) about.add(`record:${id}`);
  }
  for (const [name, value] of Object.entries(event.data).slice(0, MOST_FIELDS)) {
    if (typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_VALUE))
      about.add(correlationByField(name, value));
  }
  return [...about];
}

const correlationByField = (field: string, value: string | number): string => `${field}=${value}`;

/** Ids that stand in a record's fields: alone, in a list, or as a reference to any entity. */
function referencedIds(data: Readonly<Record<string, Json>>): string[] {
  return Object.values(data)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => {
      const id = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.id : value;
      return typeof id === 'string' && isUuid(id) ? [id] : [];
    });
}

export function* dispatch(workspace: Workspace): Generator<Request, void, void> {
  const heard = workspace.heard.map((event) => ({ event, correlations: correlationsOf(event, workspace) }));
  const all = [...new Set(heard.flatMap(({ correlations }) => correlations))].sort();
  if (all.length === 0) return;
  yield { kind: 'share', ids: [...new Set(workspace.heard.flatMap((event) => event.recordId ?? []))] };
  yield { kind: 'waits', correlations: all };
  for (const [i, { event, correlations }] of heard.entries()) {
    const stored = correlations.flatMap((correlation) => workspace.waitsFor(correlation)).filter((row) => !workspace.waits.has(row.runId));
    const fresh = workspace.waitsRegisteredBefore(i).filter((row) => correlations.includes(row.correlation));
    const told = new Set<string>();
    for (const row of [...stored, ...fresh]) {
      const wait = `${row.runId} ${row.waitId}`;
      if (!wants(row, event) || told.has(wait)) continue;
      told.add(wait);
      workspace.signal(row.runId, row.waitId, { ok: true, result: { event: event.id } });
    }
  }
}

const wants = (row: WaitRow, event: EventRow): boolean => row.type === event.type && (row.topic === '*' || row.topic === event.topic);
