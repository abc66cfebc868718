/** Logs in the form of the real one, with the columns that matter in among others. */
const COLUMNS = [
  'number',
  'incident_state',
  'priority',
  'opened_at',
  'sys_created_at',
  'sys_updated_at',
  'assignment_group',
  'assigned_to',
];

/** When, state, group, person, and when it was entered, as far as the log knows. */
type Line = readonly [at: string, state: string, group: string, person: string, created?: string];

/** The lines of one ticket. */
export const ticket = (number: string, opened: string, lines: readonly Line[]): string =>
  lines
    .map(
      ([at, state, group, person, created = '?']) => `${[number, state, '3 - Moderate', opened, created, at, group, person].join(',')}\n`,
    )
    .join('');

export const logOf = (tickets: readonly string[]): string => `${COLUMNS.join(',')}\n${tickets.join('')}`;

/** A moment, as the log is read. */
export const at = (text: string): number => Date.parse(`${text}:00Z`);

/** 2016-02-29T09:05Z as the log writes it: 29/2/2016 09:05. */
export function written(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().slice(0, 16).split('T');
  const [year, month, day] = date.split('-').map(Number);
  return `${day}/${month}/${year} ${time}`;
}
