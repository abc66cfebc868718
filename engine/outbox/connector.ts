import type { JsonObject } from '../../schemas/json.ts';

/** One attempt to deliver an effect. */
export interface Delivery {
  /** Equal for every attempt: the outside recognises a repetition by it. */
  readonly key: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly effectId: string;
  readonly runId: string;
  readonly recordId: string | undefined;
  /** Aborts when the attempt's time is over or the process stops. */
  readonly signal: AbortSignal;
}

/**
 * Sends effects to one kind of outside. `send` gives the result that the node reads, or throws a TaktError: `transient`
 * where a later attempt may succeed (then the retry policy decides), otherwise the effect is dead at once.
 */
export interface Connector {
  readonly name: string;
  /**
   * How many deliveries to one server are carried out at a time in one process. The others wait for their turn, which is no attempt. As many
   * as there are without it.
   */
  readonly atOnce?: number;
  /** All deliveries go by one and the same server, whatever their destination. */
  readonly oneServer?: boolean;
  send(payload: JsonObject, delivery: Delivery): Promise<JsonObject>;
}
