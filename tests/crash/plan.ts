/** The plan of a drill: what is done to whom, and when. The same seed gives the same plan. */
import type { Random } from '../../engine/ports/random.ts';

export const PROCESSES = ['server', 'worker 1', 'worker 2'] as const;
/** A process of Takt. */
export type ProcessName = (typeof PROCESSES)[number];

export type Fault = {
  /** So many orders are taken between the fault before and this one … */
  afterOrders: number;
  /** … or so many milliseconds pass, when nobody takes orders. */
  patienceMs: number;
} & (
  | { kind: 'kill'; victim: ProcessName | 'postmaster' }
  /** Which of the sessions that there are then, as a part of them in [0, 1). */
  | { kind: 'kill' | 'cut'; victim: 'session'; which: number }
  | { kind: 'freeze'; victim: ProcessName; ms: number }
  | { kind: 'freeze'; victim: 'session'; which: number; ms: number }
);

const KILLS: readonly (readonly [victim: ProcessName | 'postmaster' | 'session', weight: number])[] = [
  ['worker 1', 30],
  ['worker 2', 30],
  ['server', 15],
  ['session', 18],
  ['postmaster', 7],
];
/** Of all faults: how many cut a session, and how many stop a process for a while. */
const CUTS = 0.1;
const FREEZES = 0.1;
/** Of the frozen: so many sleep longer than a dispatcher may be silent (15 s). */
const LONG = 0.08;
const LONG_MS = 18_000;

/** @param kills how many SIGKILLs; cuts and freezes come on top */
export function faultPlan(kills: number, random: Random): Fault[] {
  const plan: Fault[] = [];
  let left = kills;
  while (left > 0) {
    const when = { afterOrders: 2 + Math.floor(random.next() * 20), patienceMs: 300 + Math.floor(random.next() * 1_500) };
    const lot = random.next();
    const which = random.next();
    if (lot < CUTS) plan.push({ ...when, kind: 'cut', victim: 'session', which });
    else if (lot < CUTS + FREEZES) {
      const ms = random.next() < LONG ? LONG_MS : 300 + Math.floor(random.next() * 3_000);
      const at = Math.floor(which * (PROCESSES.length + 1));
      const victim = PROCESSES[at];
      plan.push(
        victim ? { ...when, kind: 'freeze', victim, ms } : { ...when, kind: 'freeze', victim: 'session', which: random.next(), ms },
      );
    } else {
      const victim = drawn(random);
      plan.push(victim === 'session' ? { ...when, kind: 'kill', victim, which } : { ...when, kind: 'kill', victim });
      left--;
    }
  }
  return plan;
}

function drawn(random: Random): (typeof KILLS)[number][0] {
  let lot = random.next() * KILLS.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [victim, weight] of KILLS) {
    lot -= weight;
    if (lot < 0) return victim;
  }
  return 'session';
}
