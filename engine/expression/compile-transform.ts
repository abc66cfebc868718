import { type Ast, child } from './ast.ts';
import { charge, step } from './budget.ts';
import { apply, Native, type Run } from './callable.ts';
import type { Compiler } from './compile.ts';
import { fail } from './failure.ts';
import { Signature } from './signature.ts';
import { clone } from './text.ts';
import { Callable, isArrayOfStrings, isObject, type JsonObject } from './values.ts';

const SIGNATURE = new Signature('<(oa):o>');

/** `|pattern|update, delete|`: a function that returns a changed copy of its argument. */
export function compileTransform(node: Ast, compiler: Compiler): Run {
  const pattern = compiler.compile(child(node.pattern, node));
  const update = compiler.compile(child(node.update, node));
  const remove = node.delete === undefined ? undefined : compiler.compile(node.delete);
  const ownClone = compiler.bound.has('clone');
  return (_input, frame) =>
    new Native(
      (args) => {
        const [subject] = args;
        if (subject === undefined) return undefined;
        const made = new Set<object>();
        let copy: unknown;
        const custom = ownClone ? frame.lookup('clone') : undefined;
        if (custom === undefined) copy = clone(subject, made);
        else if (custom instanceof Callable) copy = clone(apply(custom, [subject], null), made);
        else fail('T2013', { position: node.position });
        const found = pattern(copy, frame);
        for (const match of found === undefined ? [] : Array.isArray(found) ? found : [found]) {
          step();
          const change = update(match, frame);
          const names = remove?.(match, frame);
          if (change !== undefined && !isObject(change)) fail('T2011', { position: node.update?.position, value: change });
          const removed = names === undefined || Array.isArray(names) ? names : [names];
          if (removed !== undefined && !isArrayOfStrings(removed)) fail('T2012', { position: node.delete?.position, value: names });
          // A pattern can lead out of the copy, to the input itself: nothing there is changed.
          if (typeof match === 'object' && match !== null && made.has(match)) edit(match as JsonObject, change, removed ?? []);
        }
        return copy;
      },
      1,
      SIGNATURE,
    );
}

function edit(target: JsonObject, change: JsonObject | undefined, removed: readonly string[]): void {
  if (Array.isArray(target)) return;
  const names = change === undefined ? [] : Object.keys(change);
  charge(names.length + removed.length);
  for (const name of names) target[name] = change?.[name];
  for (const name of removed) delete target[name];
}
