/** What happens in the worlds: orders of the crash drill, and what it cannot wait for. */
import type { Random } from '../../engine/ports/random.ts';
import { LEADS as ALL_LEADS, firstOrders, type Order, workflowsOf } from '../crash/load.ts';

export { type Kind, type Order, PEOPLE, STEPS, TASKS } from '../crash/load.ts';

/** Few, so that orders meet. */
export const LEADS = ALL_LEADS.slice(0, 4);

export const WORKFLOWS = workflowsOf('http://customers.example');

/** @returns orders of all kinds, about a few leads */
export function ordersOf(chance: Random, count: number): Order[] {
  return firstOrders(chance, count).map((order) => ({
    ...order,
    lead: LEADS[Math.floor(chance.next() * LEADS.length)] ?? '',
    shelf: order.shelf % 2,
  }));
}
