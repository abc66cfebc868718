/** Makes facts of rows that were written. It remembers of runs and effects what later rows do not say again. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { Settlement } from '../store/queries/effects.ts';
import type { ChangeRow, EffectRow, RecordRow, RunRow } from '../unit/rows.ts';
import type { EffectFact, Fact, RecordFact, RunFact, RunRef } from './facts.ts';

/** Rows that one transaction has written, in its order. */
export type Seen =
  | { what: 'records'; rows: readonly RecordRow[] }
  | { what: 'changes'; rows: readonly ChangeRow[] }
  | { what: 'runs'; rows: readonly RunRow[] }
  | { what: 'settlements'; rows: readonly Settlement[] }
  | { what: 'steps'; count: number };

export class Witness {
  readonly #now: () => number;
  readonly #runs = new Map<string, { ref: RunRef; status: RunRow['status']; nodes: string }>();
  /** Effects that a connector has, by id. */
  readonly #leaving = new Map<string, EffectRow>();
  #steps = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Steps that were written in all. */
  get steps(): number {
    return this.#steps;
  }

  begun(effects: readonly EffectRow[]): void {
    for (const effect of effects) this.#leaving.set(effect.id, effect);
  }

  /** What a transaction that committed has seen, as facts. */
  understand(seen: readonly Seen[]): Fact[] {
    const rows = new Map(seen.flatMap((one) => (one.what === 'records' ? one.rows.map((row) => [row.id, row] as const) : [])));
    return seen.flatMap((one): Fact[] => {
      if (one.what === 'changes') return this.#records(one.rows, rows);
      if (one.what === 'runs') return one.rows.flatMap((row) => this.#run(row));
      if (one.what === 'settlements') return one.rows.flatMap((row) => this.#effect(row));
      if (one.what === 'steps') this.#steps += one.count;
      return [];
    });
  }

  /** A record may have changed several times in the transaction; only its last state is known, and each change leads back by one. */
  #records(changes: readonly ChangeRow[], rows: ReadonlyMap<string, RecordRow>): RecordFact[] {
    const states = new Map<string, JsonObject>();
    const facts = changes.toReversed().flatMap((change): RecordFact[] => {
      const row = rows.get(change.recordId);
      if (!row) return [];
      const after = states.get(row.id) ?? fieldsOf(row);
      const before = undone(after, change.changes);
      states.set(row.id, before);
      const { op, author, changes: fields } = change;
      return [
        {
          kind: 'record',
          at: this.#now(),
          op,
          id: row.id,
          entity: row.entity,
          changes: fields,
          before: op === 'created' || op === 'restored' ? undefined : before,
          after: op === 'deleted' ? undefined : after,
          author,
          run: author.kind === 'run' ? this.#runs.get(author.id)?.ref : undefined,
        },
      ];
    });
    return facts.reverse();
  }

  #run(row: RunRow): RunFact[] {
    const { id, workflowId: workflow, version, recordId, status, outcome, error } = row;
    const nodes = row.state.tokens.map((token) => token.node);
    const known = this.#runs.get(id);
    const place = nodes.join(' ');
    const ref = { id, workflow, version, recordId };
    this.#runs.set(id, { ref, status, nodes: place });
    if (known?.status === status && known.nodes === place) return [];
    return [{ kind: 'run', at: this.#now(), run: ref, status, nodes, outcome, error }];
  }

  #effect({ id, status, result, error }: Settlement): EffectFact[] {
    const effect = this.#leaving.get(id);
    const run = effect && this.#runs.get(effect.runId)?.ref;
    if (!run || (status !== 'sent' && status !== 'dead')) return [];
    this.#leaving.delete(id);
    const { connector, payload, recordId, node } = effect;
    return [{ kind: 'effect', at: this.#now(), status, connector, payload, result, error, recordId, run, node }];
  }
}

function fieldsOf({ data, key, owner, stage }: RecordRow): JsonObject {
  return { ...data, ...(key === null ? {} : { key }), ...(owner === null ? {} : { owner }), ...(stage === null ? {} : { stage }) };
}

/** The fields as they were before the change. */
function undone(after: JsonObject, changes: Readonly<Record<string, readonly [Json, Json]>>): JsonObject {
  const before = { ...after };
  for (const [field, [was]] of Object.entries(changes)) {
    if (was === null) delete before[field];
    else before[field] = was;
  }
  return before;
}
