/** Writes from outside, by group commit: an HTTP request waits for its own commit, and a thousand of them share a few. */
import { asTaktError, TaktError } from '../errors/index.ts';
import { isUnavailable, sqlState } from '../store/database.ts';
import type { Author } from '../store/schema.ts';
import { commit } from '../unit/commit.ts';
import { drive, type Outcome } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import { applyChange, type Change, type Changed } from './change.ts';
import { GroupCommit } from './group-commit.ts';
import { openWorkspace, type Ports } from './ports.ts';
import { transact } from './transact.ts';

/** `batch`: more in one transaction would hold locks longer without saving round trips. `waiting`: beyond it, senders are told to come back. */
const LIMITS = { batch: 500, waiting: 50_000 };

interface Submission {
  change: Change;
  author: Author;
}

export type ChangeOutcome = { ok: true; value: Changed } | { ok: false; error: TaktError };

export class Intake {
  readonly #group: GroupCommit<Submission, Changed>;

  /** @param onCommitted called after each commit: runs may be due */
  constructor(ports: Ports, onCommitted: () => void) {
    this.#group = new GroupCommit(async (batch) => {
      const outcomes = await writeBatch(ports, batch);
      onCommitted();
      return outcomes;
    }, LIMITS);
  }

  /** Each change succeeds or fails by itself, in the order given. Resolves when all are committed. */
  async submit(changes: readonly Change[], author: Author): Promise<ChangeOutcome[]> {
    const outcomes = await this.#group.submit(changes.map((change) => ({ change, author })));
    return outcomes.map((outcome) => (outcome.ok ? outcome : { ok: false, error: explain(outcome.error) }));
  }

  /** One change; throws what went wrong with it. */
  async submitOne(change: Change, author: Author): Promise<Changed> {
    const [outcome] = await this.submit([change], author);
    if (!outcome?.ok) throw outcome?.error ?? new TaktError('INTERNAL', { message: 'A change had no outcome.' });
    return outcome.value;
  }

  drained(): Promise<void> {
    return this.#group.drained();
  }
}

function writeBatch(ports: Ports, batch: readonly Submission[]): Promise<Outcome<Changed>[]> {
  return transact(ports.database, async (tx) => {
    const workspace = openWorkspace(ports, await ports.catalog.current(tx));
    const outcomes = await drive(
      batch.map(({ change, author }) => applyChange(workspace, change, author)),
      workspace,
      (requests) => load(tx, workspace, requests),
    );
    const started = await commit(tx, workspace, ports.queue);
    return outcomes.map((outcome) => onlyStarted(outcome, started));
  });
}

/** Re-entry rules may have left out runs that the matching wanted to start. */
function onlyStarted(outcome: Outcome<Changed>, started: ReadonlySet<string>): Outcome<Changed> {
  if (!outcome.ok || outcome.value.kind !== 'event') return outcome;
  return { ok: true, value: { ...outcome.value, runs: outcome.value.runs.filter((id) => started.has(id)) } };
}

/** What the database says about one change, in the catalogue's words. */
function explain(error: unknown): TaktError {
  if (error instanceof TaktError) return error;
  if (isUnavailable(error)) return new TaktError('DATABASE_UNAVAILABLE', { cause: error, transient: true });
  return sqlState(error) === '23505' ? new TaktError('RECORD_KEY_TAKEN', { cause: error }) : asTaktError(error);
}
