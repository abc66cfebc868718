/** Sends effects: takes jobs, lets the connectors deliver, settles the outcome and wakes the run in one transaction. */
import type { JsonObject } from '../../schemas/json.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { GroupCommit, type GroupLimits } from '../runtime/group-commit.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { jsonSize, storableSize } from '../schema/size.ts';
import { nothing, together } from '../store/together.ts';
import type { EffectRow } from '../unit/rows.ts';
import { Lane } from '../worker/lane.ts';
import type { Sleeper } from '../worker/sleeper.ts';
import type { Connector } from './connector.ts';
import { Places } from './places.ts';
import type { DispatchQueue, EffectJob } from './queue.ts';
import { answerOf, type Sent, settlementOf } from './settlement.ts';
import { Turns } from './turns.ts';

/**
 * Deliveries that are being sent at once in one process, those included that wait for their turn: what is taken while the others are on their
 * way costs fewer transactions. One server alone gets half of them.
 */
const SENDING = 200;
/** And those besides whose outcome is still to be written: they keep nobody from being sent, and share their transactions. */
const UNSETTLED = 150;
/** One attempt may take this long, milliseconds, after having waited so long for its turn: together less than the lease of its job. */
const ATTEMPT_MS = 75_000;
const PATIENCE_MS = 60_000;
/** Longest sleep; a hint or the ticker ends it earlier. */
const LONGEST_MS = 60_000;
/**
 * What waits for servers that get no more now is looked through for what does not, 30 ms for 100,000: after each look so many times as long
 * nobody looks again.
 */
const REST = 4;
/** How often the queue hears of deliveries under way. */
const TOUCH_MS = 4_000;

/** No more than are under way can wait. */
const SETTLING: GroupLimits<Sent> = {
  batch: { entries: 200, bytes: 16_000_000 },
  waiting: { entries: 10_000, bytes: Number.POSITIVE_INFINITY },
  sizeOf: ({ outcome }) => (outcome?.ok ? jsonSize(outcome.result) : 0),
};

export interface DispatcherOptions {
  ports: Ports;
  queue: DispatchQueue;
  connectors: readonly Connector[];
  sleeper: Sleeper;
  /** Called after a settlement: runs may be due. */
  onSettled: () => void;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #connectors: ReadonlyMap<string, Connector>;
  readonly #settling: GroupCommit<Sent, void>;
  readonly #lane: Lane;
  /** job → its delivery, until its outcome is written */
  readonly #flying = new Map<string, Promise<void>>();
  /** What ends the deliveries that are being sent or wait for their turn: one each, as `AbortSignal.any` costs more than the rest of this class. */
  readonly #ends = new Set<AbortController>();
  #stopping = false;
  readonly #places = new Places(SENDING);
  readonly #turns = new Turns();
  /** Until then nobody looks past full servers, microseconds of the stopwatch. */
  #rest = 0;
  /** Somebody would have looked. */
  #putOff = false;
  /** Whether what has been left in the queue, if anything was, can be taken now. */
  #hasRoom: (() => boolean) | undefined;
  #touched = 0;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#connectors = new Map(options.connectors.map((connector) => [connector.name, connector]));
    this.#settling = new GroupCommit((batch) => this.#settle(batch), SETTLING);
    this.#lane = new Lane('dispatcher', options.sleeper, options.ports.vitals, async () =>
      (await this.takeOnce()) > 0 ? 0 : this.#pause(),
    );
  }

  /** May be started again after a stop. */
  async start(): Promise<void> {
    this.#unlisten = await this.#options.queue.onHint(() => this.#lane.wake());
    this.#lane.start();
  }

  /** Called every second or so: looks for work, and tells the queue now and then that deliveries are still under way. */
  tick(): void {
    this.#lane.tick();
    const { ports, queue } = this.#options;
    const now = ports.clock.now();
    if (this.#flying.size === 0 || now - this.#touched < TOUCH_MS) return;
    this.#touched = now;
    queue.touch([...this.#flying.keys()]).catch((error: unknown) => {
      ports.logger.warn({ err: error }, 'The queue could not be told that deliveries are under way; some may be done twice.');
    });
  }

  /** Deliveries under way are aborted and put back, to be done again at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const end of this.#ends) end.abort();
    await this.#lane.stop();
    await Promise.all(this.#flying.values());
    await this.#settling.drained();
    await this.#unlisten?.();
    this.#stopping = false;
  }

  /** Takes as many jobs as there is room for and starts their delivery. Gives how many. */
  async takeOnce(): Promise<number> {
    const { ports, queue } = this.#options;
    this.#hasRoom = undefined;
    const room = this.#room;
    const full = this.#places.full;
    this.#putOff = full.length > 0 && ports.stopwatch() < this.#rest;
    const jobs = room <= 0 || this.#putOff ? [] : await this.#take(room, full);
    if (jobs.length === 0) {
      this.#hasRoom = room > 0 ? () => full.some((server) => !this.#places.isFull(server)) : () => this.#room > 0;
      // While the queue was asked.
      this.#goOn();
      return 0;
    }
    const effects = new Map(
      (await ports.database.store.beginAttempts(jobs.map((job) => job.effectId))).map((effect) => [effect.id, effect]),
    );
    // Cancelled or settled meanwhile: nothing is left to send.
    const stale = jobs.filter((job) => !effects.has(job.effectId)).map((job) => job.id);
    if (stale.length > 0) await transact(ports.database, (tx) => queue.complete(tx, stale));
    for (const job of jobs) {
      const effect = effects.get(job.effectId);
      if (!effect) continue;
      this.#flying.set(
        job.id,
        this.#deliver(job, effect).finally(() => {
          this.#flying.delete(job.id);
          this.#goOn();
        }),
      );
    }
    return jobs.length;
  }

  async #take(room: number, full: readonly string[]): Promise<EffectJob[]> {
    const { queue, ports } = this.#options;
    const begun = ports.stopwatch();
    const jobs = await queue.take(room, full);
    const now = ports.stopwatch();
    if (full.length > 0) this.#rest = now + REST * (now - begun);
    return jobs;
  }

  /** How long to sleep where nothing was taken, milliseconds. */
  #pause(): number {
    if (!this.#putOff) return LONGEST_MS;
    return Math.max(1, (this.#rest - this.#options.ports.stopwatch()) / 1_000);
  }

  get #room(): number {
    return Math.min(this.#places.grant, SENDING + UNSETTLED - this.#flying.size);
  }

  /** With what was left in the queue, once those have left their places, too, that end in the same turn of the event loop. */
  #goOn(): void {
    if (!this.#hasRoom?.()) return;
    this.#hasRoom = undefined;
    setImmediate(() => this.#lane.wake());
  }

  /** Resolves when every delivery under way is settled. */
  async landed(): Promise<void> {
    while (this.#flying.size > 0) await Promise.race(this.#flying.values());
  }

  async #deliver(job: EffectJob, effect: EffectRow): Promise<void> {
    const { ports } = this.#options;
    const { server } = job;
    this.#places.enter(server);
    const outcome = await this.#inTurn(server, effect).finally(() => {
      this.#places.leave(server);
      this.#goOn();
    });
    const interrupted = this.#stopping && !outcome?.ok;
    const [settled] = await this.#settling.submit([{ job, effect, outcome, interrupted }]);
    if (settled && !settled.ok)
      ports.logger.error(
        { effect: effect.id, run: effect.runId, err: settled.error },
        'The outcome of an effect could not be written; its job will be given out again.',
      );
  }

  /** Its time begins with its turn: that others are slow there is no failure of its own. */
  async #inTurn(server: string, effect: EffectRow): Promise<Sent['outcome']> {
    const connector = this.#connectors.get(effect.connector);
    if (!connector)
      return { ok: false, error: new TaktError('CONNECTOR_UNKNOWN', { message: `There is no connector "${effect.connector}".` }) };
    const end = new AbortController();
    this.#ends.add(end);
    // Those that were taken when all had been told to end.
    if (this.#stopping) end.abort();
    let watch = setTimeout(() => end.abort(), PATIENCE_MS);
    const send = () => {
      clearTimeout(watch);
      watch = setTimeout(() => end.abort(), ATTEMPT_MS);
      return this.#send(connector, effect, end.signal);
    };
    try {
      return connector.atOnce === undefined ? await send() : (await this.#turns.at(server, connector.atOnce, end.signal, send))?.done;
    } finally {
      clearTimeout(watch);
      this.#ends.delete(end);
    }
  }

  async #send(connector: Connector, effect: EffectRow, signal: AbortSignal): Promise<NonNullable<Sent['outcome']>> {
    try {
      const sending = connector.send(effect.payload, {
        key: effect.key,
        attempt: effect.attempts,
        effectId: effect.id,
        runId: effect.runId,
        recordId: effect.recordId ?? undefined,
        signal,
      });
      // A connector that does not heed the signal must not hold a place for ever.
      const result = await Promise.race([sending, timeIsOver(signal)]);
      checkResult(result);
      return { ok: true, result };
    } catch (error) {
      return { ok: false, error: asTaktError(error) };
    }
  }

  async #settle(batch: readonly Sent[]): Promise<{ ok: true; value: undefined }[]> {
    const { ports, queue, onSettled } = this.#options;
    const now = ports.clock.now();
    const settlements = batch.map((sent) => settlementOf(sent, ports.random.next(), now));
    await transact(ports.database, async (tx) => {
      const live = await tx.settleEffects(settlements);
      const told = settlements.flatMap((entry) => {
        const waitId = entry.status === 'pending' ? undefined : live.get(entry.id);
        return waitId === undefined ? [] : { runId: entry.runId, waitId, payload: answerOf(entry), at: now };
      });
      const again = settlements.filter((entry) => entry.status === 'pending' && live.has(entry.id));
      const jobs = again.map(({ id, connector, destination, nextAt }) => ({
        effectId: id,
        connector,
        destination,
        delayMs: (nextAt ?? now) - now,
      }));
      await together([
        told.length > 0 ? tx.sendSignals(told, now) : nothing,
        jobs.length > 0 ? queue.enqueue(tx, jobs) : nothing,
        queue.complete(
          tx,
          batch.map((sent) => sent.job.id),
        ),
      ]);
    });
    for (const { effect, outcome } of batch) {
      if (outcome?.ok === false)
        ports.logger.warn(
          { effect: effect.id, run: effect.runId, attempt: effect.attempts, code: outcome.error.code },
          `Delivery failed: ${outcome.error.message}`,
        );
    }
    onSettled();
    return batch.map(() => ({ ok: true, value: undefined }));
  }
}

/** Bytes of what a connector gives; a run carries less. */
const MAX_RESULT_BYTES = 10_000_000;

/** Throws EFFECT_RESULT: what cannot be written down would otherwise be sent again, and again. */
function checkResult(result: JsonObject): void {
  try {
    if (storableSize(result, MAX_RESULT_BYTES) <= MAX_RESULT_BYTES) return;
  } catch (cause) {
    throw new TaktError('EFFECT_RESULT', { message: `It was sent, but its answer cannot be kept: ${asTaktError(cause).message}`, cause });
  }
  throw new TaktError('EFFECT_RESULT', { message: `It was sent, but its answer has more than ${MAX_RESULT_BYTES} bytes.` });
}

/** Rejects when the signal aborts. */
function timeIsOver(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const over = (): void => reject(new TaktError('EFFECT_TIMEOUT', { cause: signal.reason, transient: true }));
    if (signal.aborted) over();
    else signal.addEventListener('abort', over, { once: true });
  });
}
