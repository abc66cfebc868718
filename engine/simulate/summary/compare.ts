import type { Summary, TroubleSummary } from './summary.ts';

/** One number of two simulations. */
export interface Difference {
  /** Such as `messages` or `load`. */
  area: string;
  what: string;
  a: number;
  b: number;
}

/** The numbers in which two summaries differ, those of one area together. */
export function compareSummaries(a: Summary, b: Summary): Difference[] {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const keys = new Set([...left.keys(), ...right.keys()]);
  const differences = [...keys].flatMap((key): Difference[] => {
    const [area = '', what = ''] = key.split('\n');
    const [one, other] = [left.get(key) ?? 0, right.get(key) ?? 0];
    return one === other ? [] : [{ area, what, a: one, b: other }];
  });
  return AREAS.flatMap((area) => differences.filter((difference) => difference.area === area));
}

const AREAS = ['inputs', 'runs', 'outcomes', 'messages', 'requests', 'tasks', 'load', 'waiting', 'failed', 'refused'] as const;

function numbersOf(summary: Summary): Map<string, number> {
  const numbers = new Map<string, number>();
  const set = (area: (typeof AREAS)[number], what: string, value: number): void => {
    numbers.set(`${area}\n${what}`, value);
  };
  set('inputs', 'taken in', summary.inputs);
  for (const { what, code, count } of summary.refusedInputs) set('inputs', `refused: ${what} ${code}`, count);
  for (const { workflow, started, status, outcomes } of summary.runs) {
    set('runs', `${workflow}: started`, started);
    for (const [state, count] of Object.entries(status)) set('runs', `${workflow}: ${state}`, count);
    for (const [outcome, count] of Object.entries(outcomes)) set('outcomes', `${workflow}: ${outcome || '(none)'}`, count);
  }
  for (const [area, rows] of [['messages', summary.messages] as const, ['requests', summary.requests] as const]) {
    for (const { by, workflow, sent, undelivered } of rows) {
      set(area, `${by} of ${workflow}`, sent);
      set(area, `${by} of ${workflow}: undelivered`, undelivered);
    }
  }
  for (const { kind, person, created, closed, open } of summary.tasks) {
    set('tasks', `${kind} for ${person ?? 'nobody'}: made`, created);
    set('tasks', `${kind} for ${person ?? 'nobody'}: closed`, closed);
    set('tasks', `${kind} for ${person ?? 'nobody'}: open`, open);
  }
  for (const { person, created, openAtEnd, maxOpen } of summary.load) {
    set('load', `${person ?? 'nobody'}: tasks`, created);
    set('load', `${person ?? 'nobody'}: open in the end`, openAtEnd);
    set('load', `${person ?? 'nobody'}: most at once`, maxOpen);
  }
  for (const { workflow, node, runs } of summary.waiting) set('waiting', `${workflow}/${node}`, runs);
  const trouble = ({ workflow, node, code }: TroubleSummary): string => `${workflow}${node === '' ? '' : `/${node}`}: ${code}`;
  for (const row of summary.failed) set('failed', trouble(row), row.runs);
  for (const row of summary.refused) set('refused', trouble(row), row.runs);
  return numbers;
}
