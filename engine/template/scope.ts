import type { Output } from './output.ts';

const NONE: ReadonlyMap<string, unknown> = new Map();

/** Where a rendering stands: the value that names are looked up in, the loops around it, and the output so far. */
export class Scope {
  readonly value: unknown;
  readonly parent: Scope | undefined;
  /** @index, @key, @first, @last of the loop, and names given by `as |item|`. */
  readonly data: ReadonlyMap<string, unknown>;
  readonly names: ReadonlyMap<string, unknown>;
  readonly output: Output;

  constructor(
    value: unknown,
    output: Output,
    parent?: Scope,
    data: ReadonlyMap<string, unknown> = NONE,
    names: ReadonlyMap<string, unknown> = NONE,
  ) {
    this.value = value;
    this.output = output;
    this.parent = parent;
    this.data = data;
    this.names = names;
  }

  get root(): Scope {
    return this.parent === undefined ? this : this.parent.root;
  }
}
