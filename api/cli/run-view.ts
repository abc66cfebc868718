/** Runs as the command line shows them. */
import type { RunDetails } from '../../engine/services/runs.ts';
import type { RunRow } from '../../engine/unit/rows.ts';
import type { Io } from './io.ts';
import { chainText, dim, duration, errorLines, moment, showFields, showTable, showTitle, textOf } from './show.ts';
import { placeText, waitText } from './waits.ts';

/** @param names of records by id */
export function showRun(io: Io, { run, steps, effects, waits, called }: RunDetails, names: ReadonlyMap<string, string>): void {
  const record = run.recordId === null ? undefined : `${names.get(run.recordId) ?? ''} (${run.recordId})`.trim();
  showFields(io, [
    ['run', run.id],
    ['workflow', `${run.workflowId}, version ${run.version}`],
    ['status', run.status],
    ['outcome', run.outcome],
    ['record', record],
    ['event', run.eventId],
    ['called by', run.parent?.run],
    ['caused by', run.chain.length === 0 ? undefined : chainText(run.chain)],
    ['started', `${moment(run.createdAt)} UTC`],
    ['ended', run.endedAt === null ? undefined : `${moment(run.endedAt)} UTC, after ${duration(run.endedAt - run.createdAt)}`],
    [
      'goes on',
      run.status === 'paused'
        ? `when it is resumed: takt run resume ${run.id}`
        : run.dueAt === null
          ? undefined
          : `${moment(run.dueAt)} UTC`,
    ],
  ]);
  if (run.error) {
    showTitle(io, 'Error');
    for (const line of errorLines(run.error)) io.out(line);
  }
  if (waits.length > 0) {
    showTitle(io, 'Waits');
    showFields(
      io,
      waits.map((waiting) => [placeText(waiting), waitText(waiting, run)] as const),
    );
  }
  showTitle(io, 'Steps');
  for (const step of steps) {
    const time = step.endedAt === null ? 'not ended' : duration(step.endedAt - step.startedAt);
    const tries = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
    io.out(
      `${String(step.seq).padStart(3)}  ${step.node} (${step.type})  ${step.status}${step.port === null ? '' : ` → ${step.port}`}  ${dim(io, `${time}, ${(step.cpuMicros / 1_000).toFixed(2)} ms of work${tries}`)}`,
    );
    for (const [name, value] of [
      ['input', step.input],
      ['output', step.output],
    ] as const) {
      if (value !== null && value !== undefined) io.out(`       ${dim(io, name.padEnd(6))} ${clipped(value)}`);
    }
    if (step.error) for (const line of errorLines(step.error)) io.out(`       ${line}`);
  }
  if (called.length > 0) {
    showTitle(io, 'Called');
    showTable(
      io,
      ['id', 'workflow', 'status', 'outcome', 'started (UTC)'],
      called.map((one) => [one.id, workflowText(one), one.status, outcomeText(one), moment(one.createdAt)]),
      '',
    );
  }
  if (effects.length === 0) return;
  showTitle(io, 'Sent out');
  showTable(
    io,
    ['id', 'node', 'connector', 'to', 'status', 'attempts'],
    effects.map((e) => [e.id, e.node, e.connector, e.destination, e.status, e.attempts]),
    '',
  );
}

const clipped = (value: unknown): string => {
  const text = textOf(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > 500 ? `${text.slice(0, 500).toWellFormed()}… (--json has all)` : text;
};

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export function runJson({ state: _state, ...run }: RunRow): object {
  return { ...run, dueAt: iso(run.dueAt), createdAt: iso(run.createdAt), updatedAt: iso(run.updatedAt), endedAt: iso(run.endedAt) };
}

export function detailsJson({ run, steps, effects, waits, called }: RunDetails): object {
  return {
    ...runJson(run),
    waits: waits.map((waiting) => (waiting.until === undefined ? waiting : { ...waiting, until: iso(waiting.until) })),
    called: called.map(runJson),
    steps: steps.map((step) => ({ ...step, startedAt: iso(step.startedAt), endedAt: iso(step.endedAt) })),
    effects: effects.map((effect) => ({
      ...effect,
      nextAt: iso(effect.nextAt),
      createdAt: iso(effect.createdAt),
      settledAt: iso(effect.settledAt),
    })),
  };
}

export const workflowText = ({ workflowId, version }: RunRow): string => `${workflowId}@${version}`;
export const outcomeText = ({ error, outcome }: RunRow): string => error?.message ?? outcome ?? '';
