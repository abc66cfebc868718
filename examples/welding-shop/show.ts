/** The report for a terminal. */
import type { DayRow, PersonRow, Report } from './measures.ts';

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

/** What the measures are called, and what is aimed at. */
const GOALS = [
  ['cv_day_max', 'largest variation of a day', 'below 20 %'],
  ['cv_month', 'variation over the month', 'below 20 %'],
  ['last10_share', 'given in the last 10 minutes', 'none'],
  ['within_minute_share', 'given within a minute', 'above 99 %'],
  ['sla_share', 'first answer in time', 'above 95 %'],
  ['away_share', 'given to somebody not there', 'none'],
] as const;

export interface Shown extends Report {
  title: string;
  seconds: number;
}

/** @param names of the people, in the order of the rows of the reports */
export function shown(reports: readonly Shown[], names: readonly string[]): string {
  const measures = GOALS.map(([key, title, goal]) => [title, goal, ...reports.map((report) => percent(report.measures[key]))]);
  const seconds = ['seconds', 'below 60 in all', ...reports.map((report) => report.seconds.toFixed(1))];
  const parts = [table(['', 'aim', ...reports.map(({ title }) => title)], [...measures, seconds])];
  for (const { title, people, days } of reports) {
    parts.push(`${title}: by person`, peopleTable(people, names), `${title}: leads by day`, daysTable(days, names));
  }
  return parts.join('\n\n');
}

function peopleTable(rows: readonly PersonRow[], names: readonly string[]): string {
  const head = ['', 'days', 'leads', 'a day', 'last 10 min', 'not at work', 'on a call or break', 'answered in time'];
  const lines = rows.map((row, i) => [
    names[i] ?? row.person,
    row.days,
    row.leads,
    row.perDay.toFixed(1),
    row.last10,
    row.outside,
    row.busy,
    row.leads === 0 ? '' : percent(row.inTime / row.leads),
  ]);
  return table(head, lines);
}

/** A point is a day that somebody did not work. */
function daysTable(rows: readonly DayRow[], names: readonly string[]): string {
  const head = ['', ...names.map((name) => name.split(' ')[0] ?? name), 'variation', 'to people with a free day'];
  const lines = rows.map(({ date, leads, cv, idle }) => [date, ...leads.map((count) => count ?? '·'), percent(cv), idle]);
  return table(head, lines);
}

/** The first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const cell = (text: string, i: number): string => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0));
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}
