/** Tells waiting runs of the events that they wait for. */
import type { Json } from '../../schemas/json.ts';
import { isUuid } from '../unit/find.ts';
import type { Hear, Request } from '../unit/request.ts';
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

/**
 * What telling begins with: the records' locks – whoever registers a wait meanwhile looks for past events under the same lock (see
 * `recordsByIds`) –, and which of the events are of a type that anybody waits for: few are.
 */
export function hear(heard: readonly { type: string; recordId: string | null }[]): Hear | undefined {
  if (heard.length === 0) return undefined;
  const ids = [...new Set(heard.flatMap((event) => event.recordId ?? []))];
  const types = [...new Set(heard.map((event) => event.type))].sort();
  return { kind: 'hear', ids, types };
}

/** After `hear`. */
export function* dispatch(workspace: Workspace): Generator<Request, void, void> {
  if (workspace.heard.length === 0) return;
  const registered = workspace.registeredWaits();
  const fresh = new Set(registered.map(({ wait }) => wait.type));
  const merged = new Set(workspace.merges.map(({ loser }) => loser));
  const heard = workspace.heard.flatMap((event, i) =>
    (workspace.isWaitedFor(event.type) || fresh.has(event.type)) && !isMergedAway(event, merged)
      ? [{ event, i, correlations: correlationsOf(event, workspace) }]
      : [],
  );
  const stored = heard.filter(({ event }) => workspace.isWaitedFor(event.type));
  const types = [...new Set(stored.map(({ event }) => event.type))].sort();
  const correlations = [...new Set(stored.flatMap((one) => one.correlations))].sort();
  if (correlations.length > 0) yield { kind: 'waits', types, correlations };
  for (const one of heard) tell(one, registered, workspace);
}

/** The runs of a record that was merged go on with the other one: that theirs is deleted is nothing to them. */
const isMergedAway = ({ type, recordId }: EventRow, merged: ReadonlySet<string>): boolean =>
  type === 'record.deleted' && recordId !== null && merged.has(recordId);

interface Heard {
  event: EventRow;
  /** Its place among the events of the transaction. */
  i: number;
  correlations: readonly string[];
}

/** A run that has been advanced in this transaction waits for what it has registered here, and for nothing that stands in the database. */
function tell({ event, i, correlations }: Heard, registered: readonly { wait: WaitRow; since: number }[], workspace: Workspace): void {
  const stored = correlations.flatMap((correlation) => workspace.waitsFor(correlation)).filter((row) => !workspace.waits.has(row.runId));
  const fresh = registered.flatMap(({ wait, since }) => (since <= i && correlations.includes(wait.correlation) ? [wait] : []));
  const told = new Set<string>();
  for (const row of [...stored, ...fresh]) {
    const wait = `${row.runId} ${row.waitId}`;
    if (!wants(row, event) || told.has(wait)) continue;
    told.add(wait);
    workspace.signal(row.runId, row.waitId, { ok: true, result: { event: event.id } });
  }
}

const wants = (row: WaitRow, event: EventRow): boolean => row.type === event.type && (row.topic === '*' || row.topic === event.topic);
