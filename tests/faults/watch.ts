/** Looks at the runs with each commit, for what the tables at the end no longer show. */
import type { Tables } from '../../engine/store/memory/tables.ts';
import type { RunStatus } from '../../engine/store/schema.ts';
import { AGAINST_STATEMENTS } from './errors.ts';
import { told } from './rule.ts';

const ENDED: readonly RunStatus[] = ['done', 'cancelled', 'refused'];

export class Watch {
  readonly #tables: Tables;
  readonly #broken: (rule: string, detail: string) => void;
  readonly #seen = new Map<string, RunStatus>();

  constructor(tables: Tables, broken: (rule: string, detail: string) => void) {
    this.#tables = tables;
    this.#broken = broken;
  }

  /** What is about to be committed is in the tables. */
  look(): void {
    for (const run of this.#tables.runs.all()) {
      const before = this.#seen.get(run.id);
      if (before === run.status) continue;
      this.#seen.set(run.id, run.status);
      if (before !== undefined && ENDED.includes(before)) this.#broken('a run that has ended stays so', `${told(run)} and was ${before}`);
      const { error } = run;
      const blamed = error?.code !== 'RUN_COMMIT_FAILED' || AGAINST_STATEMENTS.some((words) => error.message.includes(words));
      if (run.status === 'failed' && !blamed) this.#broken('no run is to blame for what is wrong with the database', told(run));
    }
  }
}
