import type { Fact, RunFact } from '../facts.ts';
import { byKeys, entry, type RunsSummary, type Summary, type TroubleSummary } from './summary.ts';

/** How runs have gone. It keeps of each run what was heard last. */
export class RunTally {
  readonly #runs = new Map<string, RunFact>();

  hear(fact: Fact): void {
    if (fact.kind === 'run') this.#runs.set(fact.run.id, fact);
  }

  /** In the order in which they started. */
  ids(): string[] {
    return [...this.#runs.keys()];
  }

  sum(): Pick<Summary, 'runs' | 'waiting' | 'failed' | 'refused'> {
    const facts = [...this.#runs.values()];
    return {
      runs: byWorkflow(facts),
      waiting: waiting(facts),
      failed: troubles(facts.filter(({ status }) => status === 'failed')),
      refused: troubles(facts.filter(({ status }) => status === 'refused')),
    };
  }
}

function byWorkflow(facts: readonly RunFact[]): RunsSummary[] {
  const rows = new Map<string, RunsSummary>();
  for (const { run, status, outcome } of facts) {
    const { workflow } = run;
    const row = entry(rows, workflow, (): RunsSummary => ({ workflow, started: 0, status: {}, outcomes: {} }));
    if (status !== 'refused') row.started++;
    row.status[status] = (row.status[status] ?? 0) + 1;
    if (status === 'done') row.outcomes[outcome ?? ''] = (row.outcomes[outcome ?? ''] ?? 0) + 1;
  }
  for (const row of rows.values()) {
    row.status = sorted(row.status);
    row.outcomes = sorted(row.outcomes);
  }
  return [...rows.values()].sort(byKeys((row) => row.workflow));
}

const sorted = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** A run that waits at several nodes counts at each of them. */
function waiting(facts: readonly RunFact[]): Summary['waiting'] {
  const rows = new Map<string, Summary['waiting'][number]>();
  for (const { run, status, nodes } of facts) {
    if (status !== 'waiting' && status !== 'active') continue;
    for (const node of new Set(nodes)) entry(rows, `${run.workflow}\n${node}`, () => ({ workflow: run.workflow, node, runs: 0 })).runs++;
  }
  return [...rows.values()].sort(
    byKeys(
      (row) => row.workflow,
      (row) => row.node,
    ),
  );
}

function troubles(facts: readonly RunFact[]): TroubleSummary[] {
  const rows = new Map<string, TroubleSummary>();
  for (const { run, error } of facts) {
    const { workflow } = run;
    const { code = '', message = '', node = '' } = error ?? {};
    entry(rows, [workflow, node, code].join('\n'), () => ({ workflow, node, code, message, runs: 0, example: run.id })).runs++;
  }
  return [...rows.values()].sort(
    byKeys(
      (row) => row.workflow,
      (row) => row.node,
      (row) => row.code,
    ),
  );
}
