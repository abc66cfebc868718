import { charge, enter, leave } from './budget.ts';
import { fail, locate } from './failure.ts';
import type { Frame } from './frame.ts';
import type { Signature } from './signature.ts';
import { Callable } from './values.ts';

/** A compiled node: the value of the node for a context value and the variables in scope. */
export type Run = (input: unknown, frame: Frame) => unknown;

/** A function written in the expression, closed over its context value and its scope. */
export class Lambda extends Callable {
  readonly names: readonly string[];
  readonly body: Run;
  readonly input: unknown;
  readonly frame: Frame;
  readonly signature: Signature | undefined;

  constructor(names: readonly string[], body: Run, input: unknown, frame: Frame, signature: Signature | undefined) {
    super();
    this.names = names;
    this.body = body;
    this.input = input;
    this.frame = frame;
    this.signature = signature;
  }

  get arity(): number {
    return this.names.length;
  }
}

export type Implementation = (args: readonly unknown[]) => unknown;

/** A function of the library, or one made at run time from others. */
export class Native extends Callable {
  readonly arity: number;
  /** How many parameters it declares, for partial application; at least the arity. */
  readonly declared: number;
  readonly implementation: Implementation;
  readonly signature: Signature | undefined;

  constructor(implementation: Implementation, arity: number, signature?: Signature, declared = arity) {
    super();
    this.implementation = implementation;
    this.arity = arity;
    this.signature = signature;
    this.declared = declared;
  }
}

/** A call in tail position, not yet made: the loop in `apply` makes it without growing the stack. */
export class TailCall {
  readonly procedure: Run;
  readonly args: readonly Run[];
  readonly input: unknown;
  readonly frame: Frame;
  readonly position: number | undefined;
  readonly token: string | undefined;

  constructor(
    call: { procedure: Run; args: readonly Run[]; position: number | undefined; token: string | undefined },
    input: unknown,
    frame: Frame,
  ) {
    this.procedure = call.procedure;
    this.args = call.args;
    this.position = call.position;
    this.token = call.token;
    this.input = input;
    this.frame = frame;
  }
}

/** Calls a function value; `input` is the context that a missing argument may take. */
export function apply(callee: unknown, args: readonly unknown[], input: unknown): unknown {
  let result = applyOnce(callee, args, input);
  while (result instanceof TailCall) {
    const call: TailCall = result;
    const next = call.procedure(call.input, call.frame);
    const values = call.args.map((argument) => argument(call.input, call.frame));
    try {
      result = applyOnce(next, values, input);
    } catch (thrown) {
      throw locate(thrown, call.position, call.token);
    }
  }
  return result;
}

function applyOnce(callee: unknown, args: readonly unknown[], input: unknown): unknown {
  charge(5);
  if (callee instanceof Lambda) {
    const values = callee.signature === undefined ? args : callee.signature.validate(args, input);
    enter();
    const frame = callee.frame.child();
    const names = callee.names;
    for (let index = 0; index < names.length; index++) frame.bind(names[index] as string, values[index]);
    const result = callee.body(callee.input, frame);
    leave();
    return result;
  }
  if (callee instanceof Native) {
    return callee.implementation(callee.signature === undefined ? args : callee.signature.validate(args, input));
  }
  return fail('T1006');
}

/** Calls a function given as an argument (of $map and the like): it gets no context. */
export function invoke(callee: unknown, args: readonly unknown[]): unknown {
  return apply(callee, args, null);
}

/** The arguments that a higher-order function passes: the value, then key and whole as far as the function takes them. */
export function handed(callee: Callable, value: unknown, key: unknown, whole: unknown): unknown[] {
  if (callee.arity >= 3) return [value, key, whole];
  return callee.arity === 2 ? [value, key] : [value];
}
