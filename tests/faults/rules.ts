/** What must hold when a world has come to rest, whatever has happened in it. */
import { type Order, STEPS, TASKS } from './load.ts';
import type { Finding, World } from './world.ts';

interface Rule {
  rule: string;
  /** What breaks it. */
  ask(world: World): string[];
}

export const broken = (world: World): Finding[] => RULES.flatMap(({ rule, ask }) => ask(world).map((detail) => ({ rule, detail })));

const eventOf = (world: World, order: Order) => world.tables.eventsByKey.get(order.id);

const RULES: readonly Rule[] = [
  {
    rule: 'an order that was taken is one event, that of the receipt, with one run',
    ask: (world) =>
      world.orders.flatMap((order) => {
        const event = eventOf(world, order);
        const receipt = world.receipts.get(order.id);
        if (!event || receipt?.event !== event.id) return [`${order.id}: told ${receipt?.event}, there is ${event?.id}`];
        const runs = world.tables.runs.all().filter((run) => run.eventId === event.id && run.parent === null);
        if (runs.length !== 1) return [`${order.id} has ${runs.length} runs`];
        const told = receipt.duplicate ? [] : receipt.runs;
        return told.every((id) => runs[0]?.id === id) ? [] : [`${order.id} was told of ${told.join(', ')}`];
      }),
  },
  {
    rule: 'a run that is done went through each of its steps, each once',
    ask: (world) =>
      world.orders.flatMap((order) => {
        const event = eventOf(world, order);
        const run = world.tables.runs.all().find((one) => one.eventId === event?.id && one.parent === null);
        if (run?.status !== 'done') return [];
        const steps = [...world.tables.stepsByRun.of(run.id)].filter((step) => step.status === 'done');
        return Object.entries(STEPS[order.kind]).flatMap(([node, times]) => {
          const there = steps.filter((step) => step.node === node).length;
          return there === times ? [] : [`${order.id}: ${node} ${there} times instead of ${times}`];
        });
      }),
  },
  {
    rule: 'an order has its tasks',
    ask: (world) =>
      world.orders.flatMap((order) => {
        const there = [...world.tables.recordsByEntity.of('task')].filter((task) => task.name === `Drill ${order.id}`).length;
        const should = order.silent ? 0 : TASKS[order.kind];
        return there === should ? [] : [`${order.id} has ${there} tasks instead of ${should}`];
      }),
  },
];
