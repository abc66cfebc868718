/** Writes from outside, by group commit: an HTTP request waits for its own commit, and a thousand of them share a few. */
import { hear } from '../admission/dispatch.ts';
import { finish } from '../admission/finish.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { jsonSize } from '../schema/size.ts';
import type { Author } from '../store/schema.ts';
import { sqlState } from '../store/sql-state.ts';
import { nothing, together } from '../store/together.ts';
import { isUnavailable, troubleOf } from '../store/trouble.ts';
import { drive, type Outcome, RecordsHeld } from '../unit/drive.ts';
import { isUuid } from '../unit/find.ts';
import { addHeard, load, readHeard } from '../unit/load.ts';
import type { Hear } from '../unit/request.ts';
import type { RunRow } from '../unit/rows.ts';
import { applyChange, type Change, type Changed, isEventType, type Written } from './change.ts';
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

/** What the first line gives: what is written, or the promise of the second one. */
type Answer = { kind: 'now'; value: Changed } | { kind: 'later'; outcome: Promise<Outcome<Changed>> };

/**
 * Two lines, each one transaction at a time. In the first nothing waits for a lock: what is about a record that another transaction holds –
 * a worker's, which may have lost its way to the database – goes over to the second, where it waits without keeping the others.
 */
export class Intake {
  readonly #first: GroupCommit<Submission, Answer>;
  readonly #second: GroupCommit<Submission, Changed>;
  readonly #ports: Ports;
  /** Record → how many in the second line are about it: those that come after them must not overtake. */
  readonly #held = new Map<string, number>();

  /** @param onCommitted called after each commit: runs may be due */
  constructor(ports: Ports, onCommitted: () => void) {
    this.#ports = ports;
    this.#first = new GroupCommit(async (batch) => {
      const answers = await watched(ports, () => this.#write(batch));
      onCommitted();
      return answers;
    }, LIMITS);
    this.#second = new GroupCommit(async (batch) => {
      const outcomes = await watched(ports, () => writeBatch(ports, batch));
      onCommitted();
      return outcomes;
    }, LIMITS);
  }

  /** What waits for its transaction now. */
  get waiting(): Amount {
    const [first, second] = [this.#first.waiting, this.#second.waiting];
    return { entries: first.entries + second.entries, bytes: first.bytes + second.bytes };
  }

  /** Each change succeeds or fails by itself, in the order given. Resolves when all are committed. */
  async submit(changes: readonly Change[], author: Author): Promise<ChangeOutcome[]> {
    const answers = await this.#first.submit(changes.map((change) => ({ change, author })));
    return Promise.all(answers.map(told));
  }

  /** One change; throws what went wrong with it. */
  async submitOne(change: Change, author: Author): Promise<Changed> {
    const [outcome] = await this.submit([change], author);
    if (!outcome?.ok) throw outcome?.error ?? new TaktError('INTERNAL', { message: 'A change had no outcome.' });
    return outcome.value;
  }

  async drained(): Promise<void> {
    await this.#first.drained();
    await this.#second.drained();
  }

  /** Writes what waits for nobody; the rest goes over. */
  async #write(batch: readonly Submission[]): Promise<Outcome<Answer>[]> {
    const held = new Set(this.#held.keys());
    for (;;) {
      const free = batch.filter(({ change }) => !held.has(subjectOf(change) ?? ''));
      try {
        const outcomes = free.length > 0 ? await writeBatch(this.#ports, free, held) : [];
        const written = new Map(free.map((submission, i) => [submission, outcomes[i]]));
        return batch.map((submission) => {
          const outcome = written.get(submission);
          if (!outcome) return this.#over(submission, [subjectOf(submission.change) ?? '']);
          return outcome.ok || !(outcome.error instanceof RecordsHeld) ? asAnswer(outcome) : this.#over(submission, outcome.error.ids);
        });
      } catch (error) {
        if (!(error instanceof RecordsHeld)) throw error;
        const more = error.ids.filter((id) => !held.has(id) && free.some(({ change }) => subjectOf(change) === id));
        // By whom they are wanted is not known: all wait, as they would in the second line.
        if (more.length === 0) return (await writeBatch(this.#ports, batch)).map(asAnswer);
        for (const id of more) held.add(id);
      }
    }
  }

  #over(submission: Submission, ids: readonly string[]): Outcome<Answer> {
    return { ok: true, value: { kind: 'later', outcome: this.#later(submission, ids) } };
  }

  async #later(submission: Submission, ids: readonly string[]): Promise<Outcome<Changed>> {
    for (const id of ids) this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    try {
      const [outcome] = await this.#second.submit([submission]);
      return outcome ?? { ok: false, error: new TaktError('INTERNAL', { message: 'A change had no outcome.' }) };
    } catch (error) {
      return { ok: false, error };
    } finally {
      for (const id of ids) {
        const left = (this.#held.get(id) ?? 0) - 1;
        if (left > 0) this.#held.set(id, left);
        else this.#held.delete(id);
      }
    }
  }
}

/** The record that a change is about, where it says so. */
function subjectOf(change: Change): string | undefined {
  if (change.kind === 'create') return undefined;
  return change.kind === 'event' ? change.recordId : change.id;
}

const asAnswer = (outcome: Outcome<Changed>): Outcome<Answer> =>
  outcome.ok ? { ok: true, value: { kind: 'now', value: outcome.value } } : outcome;

async function told(answer: Outcome<Answer>): Promise<ChangeOutcome> {
  if (!answer.ok) return { ok: false, error: explain(answer.error) };
  if (answer.value.kind === 'now') return { ok: true, value: answer.value.value };
  const outcome = await answer.value.outcome;
  return outcome.ok ? outcome : { ok: false, error: explain(outcome.error) };
}

/** What keeps every change from being written is told to `/health`; what is wrong with one of them is not. */
async function watched<T>(ports: Ports, write: () => Promise<T>): Promise<T> {
  try {
    const outcomes = await write();
    ports.vitals.worked('intake');
    return outcomes;
  } catch (error) {
    if (isUnavailable(error)) ports.vitals.failed('intake', error);
    throw error;
  }
}

/** @param held see `openWorkspace` */
function writeBatch(ports: Ports, batch: readonly Submission[], held?: Iterable<string>): Promise<Outcome<Changed>[]> {
  return transact(ports.database, async (tx, commitAlong) => {
    // Along with the question whether the catalogue is as it was: a round trip less.
    const ahead = askedAhead(batch);
    const [state, heard] = await together([ports.catalog.current(tx), ahead ? readHeard(tx, ahead, held !== undefined) : nothing]);
    const workspace = openWorkspace(ports, state, held);
    if (heard) addHeard(workspace, heard);
    const changes = batch.map(({ change, author }) => applyChange(workspace, change, author));
    const outcomes = await drive(changes, workspace, (requests) => load(tx, workspace, requests));
    const started = await finish(tx, workspace, ports.queue, commitAlong);
    const runs = Map.groupBy(
      workspace.newRuns.filter((run) => started.has(run.id)),
      (run) => run.eventId,
    );
    return outcomes.map((outcome) => (outcome.ok ? { ok: true, value: withRuns(outcome.value, runs) } : outcome));
  });
}

/**
 * What telling of events will ask for, their records with it. Not where records are changed, too: their locks come first, or two transactions
 * that share one would wait for each other.
 */
function askedAhead(batch: readonly Submission[]): Hear | undefined {
  const events = batch.flatMap(({ change }) => (change.kind === 'event' ? [change] : []));
  if (events.length < batch.length) return undefined;
  // Others are refused, and must not spoil the statement.
  const right = events.filter(({ type }) => isEventType(type));
  return hear(right.map(({ type, recordId }) => ({ type, recordId: recordId !== undefined && isUuid(recordId) ? recordId : null })));
}

/** Which runs an event has started is known only when the rules of the workflows have been asked. */
function withRuns(written: Written, runs: ReadonlyMap<string | null, readonly RunRow[]>): Changed {
  if (written.kind !== 'event') return written;
  return { ...written, runs: (runs.get(written.id) ?? []).map((run) => run.id) };
}

/** What the database says about one change, in the catalogue's words. */
function explain(error: unknown): TaktError {
  if (error instanceof TaktError) return error;
  const trouble = troubleOf(error);
  if (trouble) return trouble;
  return sqlState(error) === '23505' ? new TaktError('RECORD_KEY_TAKEN', { cause: error }) : asTaktError(error);
}
