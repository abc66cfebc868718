/** What a simulation has come to, in numbers. Plain data: equal simulations give equal summaries. */
import type { RefusedInput } from '../inputs.ts';

export interface Summary {
  seed: number;
  /** ISO instants. */
  start: string;
  until: string;
  /** Changes and events from outside, the refused ones included. */
  inputs: number;
  refusedInputs: RefusedInput[];
  runs: RunsSummary[];
  messages: SendingSummary[];
  requests: SendingSummary[];
  tasks: TaskSummary[];
  load: LoadSummary[];
  waiting: { workflow: string; node: string; runs: number }[];
  failed: TroubleSummary[];
  refused: TroubleSummary[];
}

export interface RunsSummary {
  workflow: string;
  started: number;
  /** How many are in which state in the end. */
  status: Record<string, number>;
  /** Of those that are done; without an outcome they count under "". */
  outcomes: Record<string, number>;
}

/** Of messages `by` is the channel, of requests the connector. */
export interface SendingSummary {
  by: string;
  workflow: string;
  sent: number;
  undelivered: number;
}

export interface TaskSummary {
  kind: string;
  /** Whose they are in the end; null for nobody's. */
  person: string | null;
  created: number;
  closed: number;
  open: number;
}

export interface LoadSummary {
  person: string | null;
  created: number;
  closed: number;
  openAtEnd: number;
  /** Most tasks open at once, and since when. */
  maxOpen: number;
  maxOpenAt: string | null;
  /** By day, UTC; `open` at its end. */
  days: { day: string; created: number; closed: number; open: number }[];
}

/** Runs that failed or were refused, of one cause. */
export interface TroubleSummary {
  workflow: string;
  node: string;
  code: string;
  /** That of the first one. */
  message: string;
  runs: number;
  /** The id of the first one. */
  example: string;
}

/** Sorts rows by what they are about. */
export const byKeys =
  <Row>(...keys: ((row: Row) => string | null)[]) =>
  (a: Row, b: Row): number => {
    for (const key of keys) {
      const [left, right] = [key(a) ?? '', key(b) ?? ''];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };

/** The value under a key, made where it is missing. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
