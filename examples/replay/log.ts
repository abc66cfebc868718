/** The log of a service desk: what each ticket looked like after each change of it. */
import { csvRows } from '../../api/cli/import/csv.ts';
import { openImportFile } from '../../api/cli/import/text.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** A ticket as it was from a moment on. Moments are milliseconds since the epoch; the log names no zone, they are read as UTC. */
export interface LogEvent {
  ticket: string;
  at: number;
  openedAt: number;
  /** When it was entered into the system; null where the log does not know. */
  createdAt: number | null;
  state: string;
  group: string | null;
  person: string | null;
}

/**
 * Reads the file, packed or not.
 * @param onRow called after each row with how much of the file is read, 0 to 1; by throwing it ends everything
 * @returns the events of each ticket, in the order of their moments
 * @throws TaktError FILE_UNREADABLE, IMPORT_FILE_BROKEN; Error where a column is missing or a row cannot be read
 */
export async function readLog(path: string, onRow: (read: number) => Promise<void> | void = () => {}): Promise<Map<string, LogEvent[]>> {
  const file = await openImportFile(path);
  const { rows } = await csvRows(file.chunks());
  const tickets = new Map<string, LogEvent[]>();
  for await (const row of rows) {
    if ('error' in row) throw row.error;
    const event = eventOf(row.data, row.line);
    const events = tickets.get(event.ticket);
    if (events) events.push(event);
    else tickets.set(event.ticket, [event]);
    await onRow(file.read() / file.bytes);
  }
  for (const events of tickets.values()) events.sort((a, b) => a.at - b.at);
  return tickets;
}

function eventOf(row: JsonObject, line: number): LogEvent {
  const text = (column: string): string => {
    const value = row[column];
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`Line ${line} has no "${column}".`);
  };
  const known = (column: string): string | null => (text(column) === UNKNOWN ? null : text(column));
  const created = known('sys_created_at');
  return {
    ticket: text('number'),
    at: momentOf(text('sys_updated_at'), line),
    openedAt: momentOf(text('opened_at'), line),
    createdAt: created === null ? null : momentOf(created, line),
    state: text('incident_state'),
    group: known('assignment_group'),
    person: known('assigned_to'),
  };
}

/** What the log writes where it does not know. */
const UNKNOWN = '?';

const MOMENT = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/;

function momentOf(text: string, line: number): number {
  const [, day, month, year, hour, minute] = MOMENT.exec(text) ?? [];
  if (minute === undefined) throw new Error(`Line ${line}: "${text}" is no moment such as 29/2/2016 01:16.`);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}
