import type { Fact } from './facts.ts';

/**
 * Names of records that stay the same whatever workflows do elsewhere, for chance: what comes from outside is numbered in the order in
 * which it comes, what a run makes by the record that the run is about.
 */
export class Identities {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  hear(fact: Fact): void {
    if (fact.kind !== 'record' || fact.op !== 'created') return;
    const parent = fact.run === undefined ? '' : this.of(fact.run.recordId ?? fact.run.workflow);
    const kind = `${parent}/${fact.entity}`;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#names.set(fact.id, `${kind}#${count}`);
  }

  of(id: string): string {
    return this.#names.get(id) ?? id;
  }
}
