import { charge } from './budget.ts';
import { fail } from './failure.ts';
import { Callable } from './values.ts';

/** The kinds of arguments as bits: array, string, number, boolean, null, function, object, missing. */
const KINDS: Readonly<Record<string, number>> = { a: 1, s: 2, n: 4, b: 8, l: 16, f: 32, o: 64, m: 128 };
const ANY = 255;
const MISSING = 128;
const ARRAY = 1;
const PLURALS: Readonly<Record<string, string>> = { a: 'arrays', b: 'booleans', f: 'functions', n: 'numbers', o: 'objects', s: 'strings' };

interface Parameter {
  kinds: number;
  array: boolean;
  /** Letter or letters of the item type of an array. */
  items: string | undefined;
  optional: boolean;
  repeated: boolean;
  /** Takes the context value when it is not given. */
  context: boolean;
}

function kindOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 2;
    case 'number':
      return 4;
    case 'boolean':
      return 8;
    case 'object':
      if (value === null) return 16;
      if (Array.isArray(value)) return ARRAY;
      return value instanceof Callable ? 32 : 64;
    default:
      return MISSING;
  }
}

const isNumeric = (value: unknown): boolean => typeof value === 'number';

function closing(text: string, start: number, open: string, close: string): number {
  let depth = 1;
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === close && --depth === 0) return index;
    if (text[index] === open) depth++;
  }
  return text.length;
}

function parseParameters(definition: string): Parameter[] {
  const parameters: Parameter[] = [];
  const add = (kinds: number, array = false) =>
    parameters.push({ kinds, array, items: undefined, optional: false, repeated: false, context: false });
  for (let index = 1; index < definition.length; index++) {
    const symbol = definition.charAt(index);
    const last = parameters.at(-1);
    if (symbol === ':') break;
    if (symbol === 'a') add(ANY, true);
    else if (symbol === 'f') add(32);
    else if (symbol === 'j') add(ANY & ~32);
    else if (symbol === 'x') add(ANY);
    else if ('snblo'.includes(symbol)) add((KINDS[symbol] ?? 0) | MISSING);
    else if (symbol === '(') {
      const end = closing(definition, index, '(', ')');
      add([...definition.slice(index + 1, end)].reduce((kinds, letter) => kinds | (KINDS[letter] ?? 0), MISSING));
      index = end;
    } else if (last !== undefined) {
      if (symbol === '-') last.context = last.optional = true;
      else if (symbol === '?') last.optional = true;
      else if (symbol === '+') last.repeated = true;
      else if (symbol === '<') {
        const end = closing(definition, index, '<', '>');
        last.items = definition.slice(index + 1, end);
        index = end;
      }
    }
  }
  return parameters;
}

/**
 * The signature of a function: checks the arguments and brings them into shape (one value for an array,
 * the context for a missing one). Matching is by table and so linear in arguments × parameters.
 */
export class Signature {
  private readonly parameters: readonly Parameter[];
  /** One argument for each parameter, as most calls have it. */
  private readonly ones: number[];

  constructor(definition: string) {
    this.parameters = parseParameters(definition);
    this.ones = this.parameters.map(() => 1);
  }

  /** Throws T0410, T0411, T0412. */
  validate(args: readonly unknown[], context: unknown): unknown[] {
    const kinds = args.map(kindOf);
    const counts = this.match(kinds);
    if (counts === undefined) return this.refuse(args, kinds);
    const checked: unknown[] = [];
    let at = 0;
    for (const [index, parameter] of this.parameters.entries()) {
      const count = counts[index] ?? 0;
      if (count === 0 && parameter.context) {
        if ((kindOf(context) & parameter.kinds) === 0) fail('T0411', { value: context, index: at + 1 });
        checked.push(context);
      } else if (count === 0) {
        checked.push(args[at++]);
      } else {
        for (let taken = 0; taken < count; taken++, at++) {
          checked.push(parameter.array ? this.asArray(args[at], kinds[at] ?? MISSING, count, parameter, at) : args[at]);
        }
      }
    }
    return checked;
  }

  /** How many arguments each parameter takes: as many as it can while the rest still fits. */
  private match(kinds: readonly number[]): number[] | undefined {
    const parameters = this.parameters;
    if (kinds.length === parameters.length && kinds.every((kind, index) => (kind & (this.parameters[index]?.kinds ?? 0)) !== 0))
      return this.ones;
    const counts: number[] = [];
    const dead = new Set<number>();
    const fits = (index: number, at: number): boolean => {
      const parameter = parameters[index];
      if (parameter === undefined) return at === kinds.length;
      const key = index * (kinds.length + 1) + at;
      if (dead.has(key)) return false;
      let most = 0;
      const limit = parameter.repeated ? kinds.length - at : Math.min(1, kinds.length - at);
      while (most < limit && ((kinds[at + most] ?? 0) & parameter.kinds) !== 0) most++;
      for (let count = most; count >= (parameter.optional ? 0 : 1); count--) {
        counts[index] = count;
        if (fits(index + 1, at + count)) return true;
      }
      dead.add(key);
      return false;
    };
    return fits(0, 0) ? counts : undefined;
  }

  private refuse(args: readonly unknown[], kinds: readonly number[]): never {
    let at = 0;
    for (const parameter of this.parameters) {
      const start = at;
      const limit = parameter.repeated ? kinds.length : Math.min(start + 1, kinds.length);
      while (at < limit && ((kinds[at] ?? 0) & parameter.kinds) !== 0) at++;
      if (at === start && !parameter.optional) break;
    }
    return fail('T0410', { value: args[at], index: at + 1 });
  }

  private asArray(value: unknown, kind: number, count: number, parameter: Parameter, at: number): unknown {
    if (kind === MISSING) return undefined;
    const items = parameter.items;
    if (items !== undefined) {
      const letter = KINDS[items.charAt(0)] ?? 0;
      let right: boolean;
      if (Array.isArray(value)) {
        charge(value.length >> 2);
        right = letter === 4 ? value.every(isNumeric) : value.every((item) => kindOf(item) === letter);
      } else right = count === 1 && items.length === 1 && kind === letter;
      if (!right) fail('T0412', { value, index: at + 1, ...(PLURALS[items] === undefined ? {} : { type: PLURALS[items] }) });
    }
    return Array.isArray(value) ? value : [value];
  }
}
