import { TaktError } from '../errors/index.ts';

/** What one evaluation may use. */
export interface Limits {
  /** Nodes evaluated, items visited, and a share of every character read or written. */
  steps: number;
  /** Calls inside calls, and levels of nested data. */
  depth: number;
  /** Characters of any one string that the expression makes. */
  stringLength: number;
  /** Items of any one array that the expression makes. */
  arrayLength: number;
}

/** Measured on two slow cores: the worst expression found uses them up within 50 ms and 64 MB. */
export const DEFAULT_LIMITS: Readonly<Limits> = { steps: 500_000, depth: 200, stringLength: 1_000_000, arrayLength: 100_000 };

/** What an evaluation may know of the world. */
export interface Surroundings {
  /** Epoch milliseconds: $now(), $millis(), $daysSince(). */
  readonly now: number;
  /** A number in [0, 1): $random(), $shuffle(). */
  readonly random: () => number;
  /** IANA name of the zone in which days begin and working hours are meant; UTC without one. */
  readonly timeZone?: string;
  /** How many events of a type there were, within so many milliseconds or ever: $eventCount(). */
  readonly eventCount?: (type: string, withinMs: number | undefined) => number;
  /** Is what the expression is about in the segment: $inSegment()? */
  readonly inSegment?: (segment: string) => boolean;
}

/** What the evaluation that is under way has left, and what it may know of the world. */
interface Meter {
  active: boolean;
  steps: number;
  depth: number;
  maxDepth: number;
  stringLength: number;
  arrayLength: number;
  surroundings: Surroundings;
  /** What was used so far and costs less the next time (see `firstUse`). */
  used: Set<string> | undefined;
}

/**
 * One object for all evaluations, since they are synchronous: a field of a constant object is what the
 * JIT reads fastest (a meter handed through every closure cost 30 % on short conditions).
 */
export const meter: Meter = {
  active: false,
  steps: 0,
  depth: 0,
  maxDepth: 0,
  stringLength: 0,
  arrayLength: 0,
  surroundings: { now: 0, random: () => 0 },
  used: undefined,
};

/** Starts an evaluation. Returns the state of the one around it (a random port that evaluates), to hand to `closeMeter`. */
export function openMeter(env: Surroundings & { limits?: Partial<Limits> }): Meter | undefined {
  const outer = meter.active ? { ...meter } : undefined;
  const limits = env.limits;
  meter.active = true;
  meter.steps = limits?.steps ?? DEFAULT_LIMITS.steps;
  meter.depth = 0;
  meter.maxDepth = limits?.depth ?? DEFAULT_LIMITS.depth;
  meter.stringLength = limits?.stringLength ?? DEFAULT_LIMITS.stringLength;
  meter.arrayLength = limits?.arrayLength ?? DEFAULT_LIMITS.arrayLength;
  meter.surroundings = env;
  meter.used = undefined;
  return outer;
}

export function closeMeter(outer: Meter | undefined): void {
  if (outer === undefined) meter.active = false;
  else Object.assign(meter, outer);
}

export function exhausted(what: string): never {
  throw new TaktError('EXPR_BUDGET', { message: `The expression used up its budget: ${what}` });
}

/** Pays for one node. */
export function step(): void {
  if (--meter.steps < 0) exhausted('too many steps');
}

/** Pays for `steps` steps before the work is done. */
export function charge(steps: number): void {
  meter.steps -= steps;
  if (!(meter.steps >= 0)) exhausted('too many steps');
}

/** Pays for reading a string: eight characters a step. */
export function chargeText(text: string): void {
  if (text.length > 64) charge(text.length >> 3);
}

/** Refuses a string before it is made. */
export function allowLength(length: number): void {
  if (!(length <= meter.stringLength)) exhausted(`a string of more than ${meter.stringLength} characters`);
  charge(1 + (length >> 3));
}

/** Refuses an array before it is made; copying pays eight items a step. */
export function allowItems(count: number): void {
  if (!(count <= meter.arrayLength)) exhausted(`an array of more than ${meter.arrayLength} items`);
  charge(1 + (count >> 3));
}

export function enter(): void {
  if (++meter.depth > meter.maxDepth) exhausted(`calls or data nested more than ${meter.maxDepth} levels deep`);
}

export function leave(): void {
  meter.depth--;
}

/** Is this the first use, in this evaluation, of something that is prepared once and then kept? */
export function firstUse(kind: 'picture' | 'year of a zone', key: string): boolean {
  const full = `${kind}: ${key}`;
  meter.used ??= new Set();
  if (meter.used.has(full)) return false;
  meter.used.add(full);
  return true;
}
