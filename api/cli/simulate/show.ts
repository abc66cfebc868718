/** How simulations look in a terminal. */
import type { Difference, LoadSummary, RunTimeline, SendingSummary, Summary, TroubleSummary } from '../../../engine/simulate/index.ts';
import type { Io } from '../io.ts';
import { count, dim, duration, showTable, showTitle, textOf } from '../show.ts';

/** Eight heights, and a point for nothing. */
const BARS = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const WIDEST = 40;

export function showSummary(io: Io, summary: Summary): void {
  const { start, until, seed, inputs } = summary;
  io.out(
    `${short(start)} to ${short(until)} UTC (${duration(Date.parse(until) - Date.parse(start))}), seed ${seed}, ${count(inputs)} inputs.`,
  );
  showTitle(io, 'Runs');
  showTable(
    io,
    ['workflow', 'started', 'in the end', 'outcomes'],
    summary.runs.map((row) => [row.workflow, count(row.started), countsText(row.status), countsText(row.outcomes)]),
    'No run has started.',
  );
  showSendings(io, 'Messages', 'channel', summary.messages);
  showSendings(io, 'Requests', 'connector', summary.requests);
  showTasks(io, summary);
  showRows(
    io,
    'Still waiting',
    ['workflow', 'node', 'runs'],
    summary.waiting.map((row) => [row.workflow, row.node, count(row.runs)]),
  );
  showTroubles(io, 'Failed', summary.failed);
  showTroubles(io, 'Refused', summary.refused);
  showRows(
    io,
    'Inputs that were refused',
    ['input', 'times', 'error', 'message'],
    summary.refusedInputs.map((row) => [row.what, count(row.count), row.code, row.message]),
  );
}

function showTasks(io: Io, { tasks, load }: Summary): void {
  showRows(
    io,
    'Tasks',
    ['kind', 'person', 'made', 'closed', 'open'],
    tasks.map((row) => [row.kind, row.person ?? '(nobody)', count(row.created), count(row.closed), count(row.open)]),
  );
  const most = Math.max(1, ...load.map((row) => row.maxOpen));
  showRows(
    io,
    'Load',
    ['person', 'tasks', 'open in the end', 'most at once', 'since (UTC)', 'open by day'],
    load.map((row) => [
      row.person ?? '(nobody)',
      count(row.created),
      count(row.openAtEnd),
      count(row.maxOpen),
      row.maxOpenAt === null ? '' : short(row.maxOpenAt),
      bars(row.days, most),
    ]),
  );
}

const showSendings = (io: Io, title: string, by: string, rows: readonly SendingSummary[]): void =>
  showRows(
    io,
    title,
    [by, 'workflow', 'sent', 'undelivered'],
    rows.map((row) => [row.by, row.workflow, count(row.sent), count(row.undelivered)]),
  );

const showTroubles = (io: Io, title: string, rows: readonly TroubleSummary[]): void =>
  showRows(
    io,
    title,
    ['workflow', 'node', 'runs', 'error', 'message', 'one of them'],
    rows.map((row) => [row.workflow, row.node, count(row.runs), row.code, row.message, row.example]),
  );

/** A table under a title; nothing at all where there are no rows. */
function showRows(io: Io, title: string, head: readonly string[], rows: readonly (readonly unknown[])[]): void {
  if (rows.length === 0) return;
  showTitle(io, title);
  showTable(io, head, rows, '');
}

/** Open tasks at the end of each day; of a long time, only of as many days as there is room for. */
function bars(days: LoadSummary['days'], most: number): string {
  const step = Math.ceil(days.length / WIDEST);
  const shown = days.filter((_, i) => i % step === step - 1);
  return shown.map(({ open }) => BARS[Math.ceil((Math.min(open, most) / most) * (BARS.length - 1))]).join('');
}

const countsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, n]) => `${count(n)} ${name || '(none)'}`)
    .join(', ');

export function showTimelines(io: Io, timelines: readonly RunTimeline[]): void {
  for (const { run, workflow, version, record, status, outcome, error, steps } of timelines) {
    const head = `${workflow}@${version}  ${textOf(record)}  ${status}${outcome === null ? '' : ` "${textOf(outcome)}"`}`;
    showTitle(io, head);
    io.out(dim(io, run));
    showTable(
      io,
      ['after', 'node', 'type', 'status', 'leaves by', 'result'],
      steps.map((step) => [step.at, step.node, step.type, step.status, step.port, step.error ? step.error.message : step.output]),
      'It has not taken a step.',
    );
    if (error) io.out(`${textOf(error.message)} [${error.code}]`);
  }
}

export function showDifferences(io: Io, differences: readonly Difference[], names: readonly [string, string]): void {
  io.out(`A is ${names[0]}, B is ${names[1]}.`);
  const signed = (n: number): string => `${n > 0 ? '+' : ''}${count(n)}`;
  const rows = differences.map(({ area, what, a, b }) => [area, what, count(a), count(b), signed(b - a)]);
  showTable(io, ['', '', 'A', 'B', 'B − A'], rows, 'Both come to the same numbers.');
}

const short = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
