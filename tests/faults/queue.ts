/** The queue of effects as pg-boss keeps it: part of the transactions, and with leases. */
import type { DispatchQueue, EffectJob } from '../../engine/outbox/queue.ts';
import { byDestination } from '../../engine/outbox/server.ts';
import type { StoreTx } from '../../engine/store/port.ts';
import { connectionLost } from './errors.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** A job of whose dispatcher nothing is heard for so long is given out again, a moment later. */
const SILENCE_MS = 15_000;
const AGAIN_MS = 1_000;

interface Job extends EffectJob {
  dueAt: number;
  /** Leased until then; null: nobody has it. */
  until: number | null;
}

export class Queue {
  readonly #timeline: Timeline;
  readonly #weather: Weather;
  readonly #trace: Trace;
  readonly #jobs = new Map<string, Job>();
  /** What transactions want, until they commit. */
  readonly #wanted = new WeakMap<StoreTx, (() => void)[]>();
  #last = 0;

  constructor(timeline: Timeline, weather: Weather, trace: Trace) {
    this.#timeline = timeline;
    this.#weather = weather;
    this.#trace = trace;
  }

  /** Jobs that nobody has completed. */
  get jobs(): readonly EffectJob[] {
    return [...this.#jobs.values()];
  }

  /** When the next job can be taken; null where there is none. */
  nextDue(): number | null {
    const moments = [...this.#jobs.values()].map((job) => (job.until === null ? job.dueAt : job.until + AGAIN_MS));
    return moments.length > 0 ? Math.min(...moments) : null;
  }

  commit(tx: StoreTx): void {
    for (const act of this.#wanted.get(tx) ?? []) act();
  }

  /** The queue as one process sees it. */
  of(life: Life): DispatchQueue {
    return {
      enqueue: (tx, list) =>
        life.within(async () => {
          await tx.hint('effects');
          const now = this.#timeline.now;
          this.#later(tx, () => {
            for (const job of list) this.#add(job.effectId, byDestination(job), now + job.delayMs);
          });
        }),
      complete: (tx, ids) =>
        life.within(async () => {
          await tx.hint('effects');
          this.#later(tx, () => {
            for (const id of ids) this.#jobs.delete(id);
          });
        }),
      take: (limit, without) => life.within(() => this.#take(life, limit, without)),
      touch: (ids) =>
        life.within(async () => {
          for (const id of ids) {
            const job = this.#jobs.get(id);
            if (job?.until != null) job.until = this.#timeline.now + SILENCE_MS;
          }
        }),
      onHint: async () => async () => {},
      close: async () => {},
    };
  }

  async #take(life: Life, limit: number, without: readonly string[]): Promise<EffectJob[]> {
    await this.#timeline.turn();
    await life.moving();
    life.check();
    const fault = this.#weather.at('read');
    if (fault === 'lost before' || fault === 'refused') throw connectionLost();
    const now = this.#timeline.now;
    const due = [...this.#jobs.values()]
      .filter((job) => (job.until === null ? job.dueAt : job.until + AGAIN_MS) <= now && !without.includes(job.server))
      .slice(0, limit);
    for (const job of due) job.until = now + SILENCE_MS;
    if (due.length > 0) this.#trace.note(`${life.name}: takes ${due.map((job) => job.id).join(' ')}`);
    if (fault === 'end after' || fault === 'end before') life.end();
    if (fault === 'lost after') throw connectionLost();
    return due.map(({ id, effectId, server }) => ({ id, effectId, server }));
  }

  #later(tx: StoreTx, act: () => void): void {
    this.#wanted.set(tx, [...(this.#wanted.get(tx) ?? []), act]);
  }

  #add(effectId: string, server: string, dueAt: number): void {
    const id = String(++this.#last);
    this.#jobs.set(id, { id, effectId, server, dueAt, until: null });
  }
}
