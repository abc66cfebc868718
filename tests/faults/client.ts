/** Who sends orders in: again and again under the same key until somebody says that it is taken. */

import type { Random } from '../../engine/ports/random.ts';
import type { Change } from '../../engine/runtime/change.ts';
import type { Author } from '../../engine/store/schema.ts';
import { oneOf, whole } from './chance.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

const AUTHOR: Author = { kind: 'system', id: 'client' };
/** A request without an answer is given up after so long, and sent again, milliseconds. */
const PATIENCE_MS = 8_000;
const AGAIN_MS = 2_000;

export type EventChange = Extract<Change, { kind: 'event' }>;
/** What can be sent again until it is taken: a record has a key then. */
export type Sendable = EventChange | Extract<Change, { kind: 'create' }>;

/** What the client was told. */
export interface Receipt {
  /** Of the event or the record. */
  id: string;
  duplicate: boolean;
  runs: readonly string[];
}

export class Client {
  readonly #timeline: Timeline;
  readonly #chance: Random;
  readonly #trace: Trace;
  readonly #processes: () => readonly Process[];

  constructor(parts: { timeline: Timeline; chance: Random; trace: Trace; processes: () => readonly Process[] }) {
    this.#timeline = parts.timeline;
    this.#chance = parts.chance;
    this.#trace = parts.trace;
    this.#processes = parts.processes;
  }

  /** Resolves when it was taken. */
  async post(change: Sendable): Promise<Receipt> {
    for (;;) {
      const receipt = await this.once(change);
      if (receipt) return receipt;
      await this.#timeline.sleep(whole(this.#chance, 1, AGAIN_MS));
    }
  }

  /** Undefined where nobody has said that it is taken; it may be nevertheless. */
  async once(change: Sendable): Promise<Receipt | undefined> {
    const process = oneOf(this.#chance, this.#processes());
    if (!process) return undefined;
    const answer = await Promise.race([this.#asked(process, change), process.life.ended.catch(() => undefined), this.#outOfPatience()]);
    const what = change.kind === 'event' ? `${change.type} ${change.key ?? ''}` : `${change.entity} ${String(change.data.key)}`;
    this.#trace.note(`client: ${what} ${answer ? `taken as ${answer.id}` : 'not taken'}`);
    return answer;
  }

  async #asked(process: Process, change: Sendable): Promise<Receipt | undefined> {
    const [outcome] = await process.intake.submit([change], AUTHOR);
    if (!outcome?.ok) return undefined;
    const { value } = outcome;
    if (value.kind === 'event') return value;
    return value.kind === 'record' ? { id: value.record.id, duplicate: value.op === 'unchanged', runs: [] } : undefined;
  }

  async #outOfPatience(): Promise<undefined> {
    await this.#timeline.sleep(PATIENCE_MS);
    return undefined;
  }
}
