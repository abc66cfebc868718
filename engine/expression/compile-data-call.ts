/**
 * $eventCount and $inSegment ask for data. An expression reads none itself: the engine loads the answers before, so it must know
 * the questions from the expression alone. Hence their arguments are texts written in the expression.
 */
import { TaktError } from '../errors/index.ts';
import { parseDuration } from '../time/duration.ts';
import type { Ast } from './ast.ts';
import { charge, meter } from './budget.ts';
import type { Run } from './callable.ts';
import { fail } from './failure.ts';

/** A count of events that an expression asks for. */
export interface EventCount {
  readonly type: string;
  /** ISO 8601 duration until now; ever without one. */
  readonly within?: string;
}

/** What an expression asks of the engine, each question once. */
export class DataCalls {
  private readonly counts = new Map<string, EventCount>();
  private readonly ids = new Set<string>();

  get eventCounts(): readonly EventCount[] {
    return [...this.counts.values()];
  }

  get segments(): readonly string[] {
    return [...this.ids];
  }

  addCount(count: EventCount): void {
    this.counts.set(JSON.stringify([count.type, count.within]), count);
  }

  addSegment(id: string): void {
    this.ids.add(id);
  }
}

const USES: Readonly<Record<string, string>> = {
  eventCount: '$eventCount("message.opened") or $eventCount("message.opened", "P30D")',
  inSegment: '$inSegment("vip")',
};

export const isDataFunction = (name: string): boolean => Object.hasOwn(USES, name);

/** The name of the data function that a node calls, unless the expression gives that name to something of its own. */
export function dataFunctionOf(node: Ast, bound: ReadonlySet<string>): string | undefined {
  const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : '';
  return isDataFunction(name) && !bound.has(name) ? name : undefined;
}

/** Throws TaktError EXPR_ARGUMENT. */
export function compileDataCall(name: string, node: Ast, calls: DataCalls): Run {
  const given = (node.arguments ?? []).map((argument) =>
    argument.type === 'string' && argument.value !== '' ? argument.value : undefined,
  );
  const [first, second, ...more] = given;
  if (typeof first !== 'string' || more.length > 0 || (given.length > 1 && (name === 'inSegment' || typeof second !== 'string')))
    throw refused(name, node.position);
  if (name === 'inSegment') {
    calls.addSegment(first);
    return () => {
      charge(5);
      return (meter.surroundings.inSegment ?? unavailable(name, node.position))(first);
    };
  }
  const within = typeof second === 'string' ? { text: second, ms: durationOf(second, node.position) } : undefined;
  calls.addCount({ type: first, ...(within === undefined ? {} : { within: within.text }) });
  return () => {
    charge(5);
    return (meter.surroundings.eventCount ?? unavailable(name, node.position))(first, within?.ms);
  };
}

function durationOf(text: string, position: number | undefined): number {
  try {
    return parseDuration(text);
  } catch (cause) {
    const hint = 'Write an ISO 8601 duration of weeks, days, hours, minutes or seconds, such as P30D or PT12H.';
    throw new TaktError('EXPR_ARGUMENT', {
      message: `$eventCount: "${text.slice(0, 40)}" is not a duration`,
      hint,
      ...at(position),
      cause,
    });
  }
}

/** A data function as a value, or called with anything but texts. */
export function refused(name: string, position: number | undefined): TaktError {
  return new TaktError('EXPR_ARGUMENT', {
    message: `The arguments of $${name} must be texts written in the expression, since its data is loaded before`,
    hint: `Call it directly: ${USES[name] ?? ''}.`,
    ...at(position),
  });
}

const at = (position: number | undefined) => (position === undefined ? {} : { column: Math.max(1, position) });

function unavailable(name: string, position: number | undefined): never {
  return fail('D4008', { functionName: name, position, token: name, hint: 'Use it in the conditions and parameters of a workflow.' });
}
