/** What belongs to a whole evaluation: the input document and the variables that the caller gives. */
export interface World {
  readonly root: unknown;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

interface Binding {
  readonly name: string;
  value: unknown;
  readonly next: Binding | undefined;
}

/**
 * A scope of variables. Scopes hold a handful of names, so a linked list beats a Map: no allocation for an
 * empty scope, one small object a binding.
 */
export class Frame {
  readonly world: World;
  private readonly parent: Frame | undefined;
  private head: Binding | undefined;

  constructor(world: World, parent: Frame | undefined) {
    this.world = world;
    this.parent = parent;
    this.head = undefined;
  }

  child(): Frame {
    return new Frame(this.world, this);
  }

  /** A scope in which the names of a tuple are variables. */
  withTuple(tuple: Readonly<Record<string, unknown>>): Frame {
    const frame = this.child();
    for (const name of Object.keys(tuple)) frame.declare(name, tuple[name]);
    return frame;
  }

  /** Adds a binding that is known to be new in this scope. */
  declare(name: string, value: unknown): void {
    this.head = { name, value, next: this.head };
  }

  bind(name: string, value: unknown): void {
    for (let binding = this.head; binding !== undefined; binding = binding.next) {
      if (binding.name === name) {
        binding.value = value;
        return;
      }
    }
    this.declare(name, value);
  }

  lookup(name: string): unknown {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      for (let binding = frame.head; binding !== undefined; binding = binding.next) if (binding.name === name) return binding.value;
    }
    const variables = this.world.variables;
    return variables !== undefined && Object.hasOwn(variables, name) ? variables[name] : undefined;
  }
}
