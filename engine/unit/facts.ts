/** Answers of the database that a transaction only reads, by what was asked. */
import type { AssignmentReport } from '../assignments/report.ts';
import { TaktError } from '../errors/index.ts';
import type { MonthsAnswer } from '../forecasting/months.ts';
import type { ReceivedAnswer } from '../forecasting/received.ts';
import type { Told } from '../forecasting/told.ts';
import type { FactRequest } from '../node/definition.ts';
import type { ChangeRow, EventRow } from './rows.ts';

/** What each kind of request is answered by. */
export interface Facts {
  events: readonly EventRow[];
  event_count: number;
  changes: readonly ChangeRow[];
  sent: number;
  open_runs: readonly string[];
  recent_runs: number;
  entered: boolean;
  /** In the order of the owners. */
  loads: readonly number[];
  /** Ids, those with the most keys in common first. */
  alike: readonly string[];
  /** Null: there are too many changes. */
  assignments: AssignmentReport | null;
  forecast: Told<MonthsAnswer>;
  received: Told<ReceivedAnswer>;
}

export class FactStore {
  readonly #answers: { [K in keyof Facts]: Map<string, Facts[K]> } = {
    events: new Map(),
    event_count: new Map(),
    changes: new Map(),
    sent: new Map(),
    open_runs: new Map(),
    recent_runs: new Map(),
    entered: new Map(),
    loads: new Map(),
    alike: new Map(),
    assignments: new Map(),
    forecast: new Map(),
    received: new Map(),
  };

  has(request: FactRequest): boolean {
    return this.#answers[request.kind].has(keyOf(request));
  }

  add<K extends keyof Facts>(request: Extract<FactRequest, { kind: K }>, answer: Facts[K]): void {
    this.#of(request).set(keyOf(request), answer);
  }

  /** Throws where it was not loaded before: a defect of the node. */
  get<K extends keyof Facts>(request: Extract<FactRequest, { kind: K }>): Facts[K] {
    const answer = this.#of(request).get(keyOf(request));
    if (answer !== undefined) return answer;
    throw new TaktError('INTERNAL', { message: `${keyOf(request)} was not loaded before it was read.`, hint: 'Yield the request first.' });
  }

  #of<K extends keyof Facts>(request: Extract<FactRequest, { kind: K }>): Map<string, Facts[K]> {
    const kind: K = request.kind;
    return this.#answers[kind];
  }
}

/** Names what is asked: who asks for the same gets the same answer. */
export const keyOf = (request: FactRequest): string =>
  request.kind === 'loads' ? loadsKey(JSON.stringify(request.load), request.owners) : JSON.stringify(request);

/** A step asks several times about the same list, which may be of hundreds of people: the key is made, and hashed, once. */
const loadsKeys = new WeakMap<readonly string[], Map<string, string>>();

function loadsKey(load: string, owners: readonly string[]): string {
  const keys = loadsKeys.get(owners) ?? new Map<string, string>();
  let key = keys.get(load);
  if (key === undefined) {
    key = `${load} ${owners.join()}`;
    keys.set(load, key);
    loadsKeys.set(owners, keys);
  }
  return key;
}
