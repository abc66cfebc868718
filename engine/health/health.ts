/** Can this process work, and if not: what is wrong, since when, and what is to be done. */
import { type ErrorCode, TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import type { QueueState } from '../store/queries/operation.ts';
import { troubleCode, troubleOfLook } from '../store/trouble.ts';
import type { Part, PartState } from './vitals.ts';

/** `degraded`: something is late or does not move; `unavailable`: nothing can be written, or nothing be read. */
type HealthStatus = 'ok' | 'degraded' | 'unavailable';

export interface HealthProblem {
  code: ErrorCode;
  message: string;
  hint: string;
  /** Milliseconds since the epoch. */
  since: number;
}

export interface Health {
  status: HealthStatus;
  /** The gravest first. */
  problems: HealthProblem[];
  /** What waits; absent where the database does not say. */
  queues?: QueueState & { lagMs: number };
}

/** A database that takes longer than this is no database to work with. */
const PATIENCE_MS = 3_000;
/** Nobody needs to know more exactly, and counting millions at every look would be work of its own. */
const MOST = 10_000;
/** Due runs and effects are taken within a second or so; what waits for so long says that those who take them do not keep up. */
const LATE_MS = 60_000;
/** A batch of runs, or a piece of a job, takes a second at most: a part that is at one for so long stands still. */
const STUCK_MS = 60_000;
/** An effect may wait 60 seconds for its turn, and its attempt take 75; a dead dispatcher's are given out anew after 15. */
const LATE_EFFECTS_MS = 180_000;

/** What is asked at most every ten seconds, since it writes: is there room again? */
const PROBE_MS = 10_000;

export class HealthCheck {
  readonly #ports: Ports;
  #probedAt = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async look(): Promise<Health> {
    const { vitals, clock } = this.#ports;
    const looked = await this.#ask();
    const now = clock.now();
    const parts = vitals.states();
    const troubles = databaseTroubles(parts);
    const late = looked ? [...lateness(looked, parts, now), ...standstill(parts, now)] : standstill(parts, now);
    const problems = [...troubles, ...late];
    const status = troubles.length > 0 ? 'unavailable' : problems.length > 0 ? 'degraded' : 'ok';
    return { status, problems, ...(looked && { queues: looked }) };
  }

  /** What the queues hold, or nothing: then `vitals` knows why. */
  async #ask(): Promise<(QueueState & { lagMs: number }) | undefined> {
    const { vitals, clock, database } = this.#ports;
    const now = clock.now();
    try {
      const state = await withinPatience(
        (async () => {
          const { store } = database;
          if (!(await store.takesWrites())) throw new TaktError('DATABASE_READ_ONLY', { transient: true });
          const queues = await store.queueState(now, MOST);
          await this.#probe(now);
          return queues;
        })(),
      );
      vitals.worked('look');
      return { ...state, lagMs: state.oldestDue === null ? 0 : Math.max(0, now - state.oldestDue) };
    } catch (error) {
      vitals.failed('look', troubleOfLook(error));
      return undefined;
    }
  }

  /**
   * Writers that nobody gives anything to write do not notice that the database takes writes again. The question whether the disk has
   * room costs a write, so it is asked only where a writer was refused.
   */
  async #probe(now: number): Promise<void> {
    const { vitals, database } = this.#ports;
    const refused = vitals.states().filter(({ part, failure }) => WRITERS.includes(part) && failure && troubleCode(failure.error));
    if (refused.length === 0) return;
    const full = refused.some(({ failure }) => failure?.error.code === 'DATABASE_FULL');
    if (full && now - this.#probedAt < PROBE_MS) return;
    if (full) {
      this.#probedAt = now;
      await database.store.probeRoom();
    }
    // The loops find out by themselves: they try again within ten seconds.
    vitals.worked('intake');
  }
}

const WRITERS: readonly Part[] = ['intake', 'worker', 'helper', 'dispatcher'];

function databaseTroubles(parts: readonly PartState[]): HealthProblem[] {
  const failures = parts.flatMap(({ part, failure }) => (failure && (part === 'home' || troubleCode(failure.error)) ? failure : []));
  // A disk that is full may bring the whole server down: it is the cause then, and told first.
  const codes = [...new Set(failures.map(({ error }) => error.code))].sort(
    (a, b) => Number(b === 'DATABASE_FULL') - Number(a === 'DATABASE_FULL'),
  );
  return codes.map((code) => {
    const same = failures.filter(({ error }) => error.code === code).sort((a, b) => a.since - b.since);
    const { hint = '', title = '' } = same[0]?.error ?? {};
    return { code, message: title, hint, since: same[0]?.since ?? 0 };
  });
}

function lateness(
  { dueRuns, lagMs, oldestDue, oldestEffect }: QueueState & { lagMs: number },
  parts: readonly PartState[],
  now: number,
): HealthProblem[] {
  const problems: HealthProblem[] = [];
  const seconds = (ms: number): number => Math.round(ms / 1_000);
  if (oldestDue !== null && lagMs > LATE_MS) {
    const many = `${dueRuns >= MOST ? `${MOST} or more` : dueRuns} runs are due, the first for ${seconds(lagMs)} seconds.`;
    const code = parts.some(({ part }) => part === 'worker') ? 'RUNS_LATE' : 'WORKER_MISSING';
    problems.push(problem(new TaktError(code, { message: many }), oldestDue));
  }
  if (oldestEffect !== null && now - oldestEffect > LATE_EFFECTS_MS) {
    const message = `An effect should have left the house ${seconds(now - oldestEffect)} seconds ago.`;
    problems.push(problem(new TaktError('EFFECTS_LATE', { message }), oldestEffect));
  }
  return problems;
}

/** Parts that work by themselves, as people are told of them. */
const LOOPS: Partial<Record<Part, string>> = { worker: 'worker', helper: 'second lane of the worker', dispatcher: 'dispatcher' };

function standstill(parts: readonly PartState[], now: number): HealthProblem[] {
  return parts.flatMap(({ part, busySince, failure }) => {
    const name = LOOPS[part];
    if (name === undefined) return [];
    if (failure && troubleCode(failure.error) === undefined) {
      return [problem(new TaktError('PART_FAILING', { message: `The ${name} fails: ${failure.error.message}` }), failure.since)];
    }
    if (busySince === undefined || now - busySince <= STUCK_MS) return [];
    const seconds = Math.round((now - busySince) / 1_000);
    return [
      problem(new TaktError('PART_STUCK', { message: `The ${name} has been at one piece of work for ${seconds} seconds.` }), busySince),
    ];
  });
}

const problem = ({ code, message, hint }: TaktError, since: number): HealthProblem => ({ code, message, hint, since });

/** Throws when the work keeps us waiting. What it still does then is of no interest. */
async function withinPatience<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TaktError('DATABASE_UNAVAILABLE', { transient: true })), PATIENCE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
