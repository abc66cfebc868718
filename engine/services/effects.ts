import { TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { isUuid } from '../unit/find.ts';
import type { EffectRow } from '../unit/rows.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';
import type { Runs } from './runs.ts';

/** Effects that one retry takes at a time. */
const BATCH = 500;

/** The outbox as people see it: what waits to leave, what was sent, what is dead. */
export class Effects {
  readonly #ports: Ports;
  readonly #runs: Runs;

  constructor(ports: Ports, runs: Runs) {
    this.#ports = ports;
    this.#runs = runs;
  }

  /** Newest first. */
  async page(filter: { status?: EffectRow['status']; runId?: string }, limit: number, cursor?: string): Promise<Page<EffectRow>> {
    const rows = await this.#ports.database.store.effectPage(filter, idCursor(cursor), limit + 1);
    return pageOf(rows, limit, (effect) => [effect.id]);
  }

  /** Sends a dead effect once more. Throws EFFECT_NOT_FOUND where none of that id is dead. */
  async retry(id: string): Promise<void> {
    const done = isUuid(id) ? await this.#retryBatch([id]) : 0;
    if (done === 0) throw new TaktError('EFFECT_NOT_FOUND', { message: `There is no dead effect ${id.slice(0, 40)}.` });
  }

  /** Sends every dead effect once more. */
  async retryAll(progress: (done: number) => void = () => {}): Promise<number> {
    let done = 0;
    let after: string | undefined;
    for (;;) {
      const dead = await this.#ports.database.store.deadEffectIds(after, BATCH);
      if (dead.length === 0) return done;
      after = dead.at(-1);
      done += await this.#retryBatch(dead);
      progress(done);
    }
  }

  /**
   * Where the run still stands at the step that failed, the step is retried, and its effect with it under the same key.
   * Where the run has gone on by its error port, the effect alone is sent.
   */
  async #retryBatch(ids: readonly string[]): Promise<number> {
    const { standing, alone } = await transact(this.#ports.database, async (tx) => {
      const dead = await tx.deadEffects(ids);
      const runs = new Map((await tx.claimRunsByIds([...new Set(dead.map((effect) => effect.runId))])).map((run) => [run.id, run]));
      const stands = (effect: EffectRow): boolean => {
        const run = runs.get(effect.runId);
        return run?.status === 'failed' && run.state.tokens.some((token) => token.status === 'failed' && token.node === effect.node);
      };
      const revived = await tx.reviveEffects(dead.filter((effect) => !stands(effect)).map((effect) => effect.id));
      if (revived.length > 0) {
        await this.#ports.queue.enqueue(
          tx,
          revived.map(({ id, connector, destination }) => ({ effectId: id, connector, destination, delayMs: 0 })),
        );
      }
      return { standing: dead.filter(stands), alone: revived };
    });
    for (const runId of new Set(standing.map((effect) => effect.runId))) await this.#runs.retry(runId);
    return standing.length + alone.length;
  }
}
