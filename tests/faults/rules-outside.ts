import { SENT } from './load.ts';
import { differs, type Rule } from './rule.ts';

/** Workflows that say what then. */
const MAY_GIVE_UP = ['drill-retry', 'drill-undo'];

export const RULES_OF_THE_OUTSIDE: readonly Rule[] = [
  {
    rule: 'what the outside hears stands in the outbox, under the same key',
    ask: ({ world }) =>
      world.outside.heard.flatMap(({ key, connector, payload }) => {
        const effect = world.tables.effectsByKey.get(key);
        const same = effect?.connector === connector && JSON.stringify(effect.payload) === JSON.stringify(payload);
        return same ? [] : [`${connector} heard ${key}`];
      }),
  },
  {
    rule: 'what counts as sent was heard',
    ask: ({ world }) => {
      const heard = new Set(world.outside.heard.map(({ key }) => key));
      return world.tables.effects.all().flatMap((effect) => (effect.status === 'sent' && !heard.has(effect.key) ? [effect.key] : []));
    },
  },
  {
    rule: 'an order is heard under as many keys as it has effects',
    ask: (books) =>
      books.world.orders.flatMap((order) =>
        books.runsOfOrder(order).flatMap((run) => {
          if (run.status !== 'done') return [];
          const effects = [...books.world.tables.effectsByRun.of(run.id)];
          return Object.entries(SENT[order.kind] ?? {}).flatMap(([connector, times]) => {
            const keys = effects.filter((effect) => effect.connector === connector && effect.status === 'sent').map(({ key }) => key);
            return differs(`${connector} of ${order.id}`, new Set(keys).size, times ?? 0);
          });
        }),
      ),
  },
  {
    rule: 'an effect is sent, or given up where its workflow says what then',
    ask: ({ world }) =>
      world.tables.effects.all().flatMap((effect) => {
        const run = world.tables.runs.get(effect.runId);
        const givenUp = effect.status === 'dead' && MAY_GIVE_UP.includes(run?.workflowId ?? '');
        const withdrawn = effect.status === 'cancelled' && run?.status === 'cancelled';
        // The last that a run that was ended heard may be that it was given up.
        const ended = effect.status === 'dead' && run?.status === 'cancelled';
        return effect.status === 'sent' || givenUp || withdrawn || ended ? [] : [`${effect.key} is ${effect.status}`];
      }),
  },
  { rule: 'no job of an effect is left', ask: ({ world }) => world.queue.jobs.map((job) => `job ${job.id} of ${job.effectId}`) },
];
