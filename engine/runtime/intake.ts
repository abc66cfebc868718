/** Writes from outside, by group commit: an HTTP request waits for its own commit, and a thousand of them share a few. */
import { finish } from '../admission/finish.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { jsonSize } from '../schema/size.ts';
import { sqlState } from '../store/database.ts';
import type { Author } from '../store/schema.ts';
import { isUnavailable, troubleOf } from '../store/trouble.ts';
import { drive, type Outcome } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import type { Workspace } from '../unit/workspace.ts';
import { applyChange, type Change, type Changed, type Written } from './change.ts';
import { type Amount, GroupCommit, type GroupLimits } from './group-commit.ts';
import { openWorkspace, type Ports } from './ports.ts';
import { transact } from './transact.ts';

/**
 * `batch`: more in one transaction would hold locks longer without saving round trips. `waiting`: beyond it, senders are told to come back;
 * 50,000 records of the size that is allowed would be 12 GB.
 */
const LIMITS: GroupLimits<Submission> = {
  batch: { entries: 500, bytes: 16_000_000 },
  waiting: { entries: 50_000, bytes: 64_000_000 },
  sizeOf: ({ change }) => ('data' in change ? jsonSize(change.data) : 0),
};

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
      const outcomes = await writeWatched(ports, batch);
      onCommitted();
      return outcomes;
    }, LIMITS);
  }

  /** What waits for its transaction now. */
  get waiting(): Amount {
    return this.#group.waiting;
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

/** What keeps every change from being written is told to `/health`; what is wrong with one of them is not. */
async function writeWatched(ports: Ports, batch: readonly Submission[]): Promise<Outcome<Changed>[]> {
  try {
    const outcomes = await writeBatch(ports, batch);
    ports.vitals.worked('intake');
    return outcomes;
  } catch (error) {
    if (isUnavailable(error)) ports.vitals.failed('intake', error);
    throw error;
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
    const started = await finish(tx, workspace, ports.queue);
    return outcomes.map((outcome) => (outcome.ok ? { ok: true, value: told(outcome.value, workspace, started) } : outcome));
  });
}

/** Which runs an event has started is known only when the rules of the workflows have been asked. */
function told(written: Written, workspace: Workspace, started: ReadonlySet<string>): Changed {
  if (written.kind !== 'event') return written;
  const runs = workspace.newRuns.filter((run) => run.eventId === written.id && started.has(run.id)).map((run) => run.id);
  return { ...written, runs };
}

/** What the database says about one change, in the catalogue's words. */
function explain(error: unknown): TaktError {
  if (error instanceof TaktError) return error;
  const trouble = troubleOf(error);
  if (trouble) return trouble;
  return sqlState(error) === '23505' ? new TaktError('RECORD_KEY_TAKEN', { cause: error }) : asTaktError(error);
}
