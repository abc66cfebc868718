/** What the clients of a world order, and what must have come of an order at the end. */
import type { Random } from '../../engine/ports/random.ts';
import { LEADS as ALL_LEADS, KINDS as DRILLED, STEPS as STEPS_OF_DRILL } from '../crash/load.ts';
import { oneOf, whole } from './chance.ts';

const KINDS = [...DRILLED, 'retry', 'each', 'fork', 'race', 'turn', 'chain', 'quiet', 'once', 'throttle', 'undo', 'replace'] as const;
type Kind = (typeof KINDS)[number];

export interface Order {
  id: string;
  kind: Kind;
  /** Key of the lead that it is about. */
  lead: string;
  /** The critical section that it enters. */
  shelf: number;
  /** Sent until it is taken, under its id as a key. Otherwise once, and whether it is taken nobody may hear. */
  keyed: boolean;
  /** Whether somebody answers it; of the kinds `wait` and `race`. */
  answered: boolean;
}

/** Few, so that orders meet. */
export const LEADS = ALL_LEADS.slice(0, 3);
const SHELVES = 2;
const UNKEYED = 0.4;
const SILENT = 0.25;

/** @returns orders of a few kinds, about a few leads */
export function ordersOf(chance: Random, count: number): Order[] {
  const kinds = Array.from({ length: whole(chance, 1, 4) }, () => oneOf(chance, KINDS) ?? 'count');
  return Array.from({ length: count }, (_, i) => ({
    id: `order-${i + 1}`,
    kind: oneOf(chance, kinds) ?? 'count',
    lead: oneOf(chance, LEADS) ?? '',
    shelf: whole(chance, 1, SHELVES),
    keyed: chance.next() >= UNKEYED,
    answered: chance.next() >= SILENT,
  }));
}

/** Waits for an answer for ever. */
export const isSilent = (order: Order): boolean => order.kind === 'wait' && !order.answered;

/** How often the nodes of a run that is done are carried out; where it could go one way or another, one entry for each way. */
export const STEPS: Record<Kind, readonly Record<string, number>[]> = {
  count: [STEPS_OF_DRILL.count],
  assign: [STEPS_OF_DRILL.assign],
  send: [STEPS_OF_DRILL.send],
  wait: [STEPS_OF_DRILL.wait],
  section: [STEPS_OF_DRILL.section],
  retry: [
    { call: 1, end: 1 },
    { note: 1, end: 1 },
  ],
  each: [{ each: 1, add: 3, mail: 3, end: 1 }],
  fork: [{ pause: 1, call: 1, add: 1, join: 3, note: 1, end: 1 }],
  race: [
    { know: 1, answer: 1, add: 1, end: 1 },
    { know: 1, answer: 1, note: 1, end: 1 },
  ],
  turn: [{ pause: 1, note: 1, end: 1 }],
  chain: [{ write: 1, end: 1 }],
  quiet: [],
  once: [{ note: 1, end: 1 }],
  throttle: [
    { gate: 1, note: 1, end: 1 },
    { gate: 1, end: 1 },
  ],
  replace: [{ pause: 1, call: 1, note: 1, end: 1 }],
  undo: [
    { add: 1, call: 1, end: 1 },
    { add: 1, back: 1, sub: 1, end: 1 },
  ],
};

/** Of these no more than one run of a lead may pass, in whatever order they come: how it is told from the others. */
export const FIRST_ONLY: Partial<Record<Kind, string>> = { once: 'drill-once', throttle: 'drill-throttle' };

/** How many different effects of an order the outside hears of, by connector. */
export const SENT: Partial<Record<Kind, Partial<Record<string, number>>>> = {
  send: { http: 1, mail: 1 },
  each: { mail: 3 },
  fork: { http: 1 },
  replace: { http: 1 },
};
