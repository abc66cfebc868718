import { type Ast, child, left } from './ast.ts';
import { step } from './budget.ts';
import { apply, Lambda, Native, type Run, TailCall } from './callable.ts';
import type { Compiler } from './compile.ts';
import { compileDataCall, dataFunctionOf, isDataFunction } from './compile-data-call.ts';
import { fail, locate } from './failure.ts';
import type { Frame } from './frame.ts';
import { library } from './functions/index.ts';
import { settle } from './sequence.ts';
import { Signature } from './signature.ts';
import { Callable } from './values.ts';

/** The name under which a call is told in errors. */
function nameOf(procedure: Ast): string | undefined {
  const named = procedure.type === 'path' ? procedure.steps?.[0] : procedure;
  return (named?.type === 'variable' || named?.type === 'name') && typeof named.value === 'string' ? named.value : undefined;
}

/** `foo(…)` where `$foo(…)` was meant deserves its own message. */
function refuseForgottenDollar(code: string, node: Ast, procedure: Ast, frame: Frame): void {
  const name = procedure.type === 'path' ? nameOf(procedure) : undefined;
  if (name !== undefined && (library.has(name) || isDataFunction(name) || frame.lookup(name) !== undefined))
    fail(code, { position: node.position, token: name });
}

type Call = (input: unknown, frame: Frame, first: readonly unknown[]) => unknown;

/** A call; `first` are arguments that ~> puts in front. */
function compileInvocation(node: Ast, compiler: Compiler): Call {
  const procedure = child(node.procedure, node);
  const callee = compiler.compile(procedure);
  const args = (node.arguments ?? []).map((argument) => compiler.compile(argument));
  const position = node.position;
  const token = nameOf(procedure);
  return (input, frame, first) => {
    const target = callee(input, frame);
    if (target === undefined) refuseForgottenDollar('T1005', node, procedure, frame);
    const values: unknown[] = first.slice();
    for (let index = 0; index < args.length; index++) values.push((args[index] as Run)(input, frame));
    try {
      return apply(target, values, input);
    } catch (thrown) {
      throw locate(thrown, position, token);
    }
  };
}

const NOTHING: readonly unknown[] = [];

export function compileCall(node: Ast, compiler: Compiler): Run {
  const dataFunction = dataFunctionOf(node, compiler.bound);
  if (dataFunction !== undefined) return compileDataCall(dataFunction, node, compiler.dataCalls);
  const call = compileInvocation(node, compiler);
  return (input, frame) => call(input, frame, NOTHING);
}

export function compileLambda(node: Ast, compiler: Compiler): Run {
  const body = child(node.body, node);
  if (node.thunk === true) {
    // A call of a data function calls nothing further, so it needs no putting off.
    if (dataFunctionOf(body, compiler.bound) !== undefined) return compileCall(body, compiler);
    const procedure = child(body.procedure, body);
    const call = {
      procedure: compiler.compile(procedure),
      args: (body.arguments ?? []).map((argument) => compiler.compile(argument)),
      position: body.position,
      token: nameOf(procedure),
    };
    return (input, frame) => new TailCall(call, input, frame);
  }
  const names = (node.arguments ?? []).map((parameter) => String(parameter.value));
  const run = compiler.compile(body);
  const signature = node.signature === undefined ? undefined : new Signature(node.signature.definition);
  return (input, frame) => {
    step();
    return new Lambda(names, run, input, frame, signature);
  };
}

/** Stands for a `?` among the arguments of a partial application. */
const OPEN = Symbol('open');

export function compilePartial(node: Ast, compiler: Compiler): Run {
  const procedure = child(node.procedure, node);
  const callee = compiler.compile(procedure);
  const args = (node.arguments ?? []).map((argument) =>
    argument.type === 'operator' && argument.value === '?' ? undefined : compiler.compile(argument),
  );
  return (input, frame) => {
    step();
    const values = args.map((argument) => (argument === undefined ? OPEN : argument(input, frame)));
    const target = callee(input, frame);
    if (target instanceof Lambda) return partialLambda(target, values);
    if (target instanceof Native) return partialNative(target, values);
    if (target === undefined) refuseForgottenDollar('T1007', node, procedure, frame);
    return fail('T1008', { position: node.position, ...(nameOf(procedure) === undefined ? {} : { token: nameOf(procedure) }) });
  };
}

function partialLambda(target: Lambda, values: readonly unknown[]): Lambda {
  const scope = target.frame.child();
  const open: string[] = [];
  for (const [index, name] of target.names.entries()) {
    if (values[index] === OPEN) open.push(name);
    else scope.bind(name, values[index]);
  }
  return new Lambda(open, target.body, target.input, scope, undefined);
}

function partialNative(target: Native, values: readonly unknown[]): Native {
  const open = values.flatMap((value, index) => (value === OPEN ? [index] : []));
  return new Native((given) => {
    const full = values.map((value) => (value === OPEN ? undefined : value));
    for (const [at, index] of open.entries()) full[index] = given[at];
    return apply(target, full, undefined);
  }, open.length);
}

/** `value ~> $function` and `$f ~> $g`. */
export function compileApply(node: Ast, compiler: Compiler): Run {
  const first = compiler.compile(left(node));
  const second = child(node.rhs, node);
  if (second.type === 'function') {
    const call = compileInvocation(second, compiler);
    return (input, frame) => call(input, frame, [first(input, frame)]);
  }
  const target = compiler.compile(second);
  const position = node.position;
  return (input, frame) => {
    step();
    const value = first(input, frame);
    const callee = target(input, frame);
    if (!(callee instanceof Callable)) fail('T2006', { position, value: callee });
    if (!(value instanceof Callable)) return apply(callee, [value], null);
    return new Native((args) => apply(callee, [settle(apply(value, args.slice(0, 1), null))], null), 1);
  };
}
