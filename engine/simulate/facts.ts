/** What happens in a simulated world, in the order in which it is committed. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';
import type { Author, RunStatus } from '../store/schema.ts';

export interface RunRef {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly recordId: string | null;
}

/** A record came, changed, went or came back. */
export interface RecordFact {
  readonly kind: 'record';
  /** Milliseconds since the epoch, as with every fact. */
  readonly at: number;
  readonly op: 'created' | 'updated' | 'deleted' | 'restored';
  readonly id: string;
  readonly entity: string;
  /** field → [before, after] */
  readonly changes: Readonly<Record<string, readonly [Json, Json]>>;
  /** Its fields, `key`, `owner` and `stage` among them; undefined where it was not there, or deleted. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly author: Author;
  /** The run that wrote it. */
  readonly run: RunRef | undefined;
}

/** An effect has left the house, or never will. */
export interface EffectFact {
  readonly kind: 'effect';
  readonly at: number;
  readonly status: 'sent' | 'dead';
  readonly connector: string;
  /** What the connector was given. That of a message has a `channel`. */
  readonly payload: JsonObject;
  /** What the connector has given back. */
  readonly result: JsonObject | null;
  readonly error: ErrorData | null;
  readonly recordId: string | null;
  readonly run: RunRef;
  readonly node: string;
}

/** A run has another status than before; a new one has its first. */
export interface RunFact {
  readonly kind: 'run';
  readonly at: number;
  readonly run: RunRef;
  readonly status: RunStatus;
  /** The nodes at which its tokens are. */
  readonly nodes: readonly string[];
  readonly outcome: string | null;
  readonly error: ErrorData | null;
}

export type Fact = RecordFact | EffectFact | RunFact;

/** The channel of a message; undefined for any other effect. */
export const channelOf = (fact: EffectFact): string | undefined =>
  typeof fact.payload.channel === 'string' ? fact.payload.channel : undefined;
