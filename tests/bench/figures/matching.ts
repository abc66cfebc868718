/** Events beside many active triggers: what each of them costs before anything is written. */
import type { EventRow } from '../../../engine/unit/rows.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { AUTHOR, openTaktAt } from '../bed.ts';
import { type Benchmark, figure, median, timed, times } from '../figure.ts';

const TRIGGERS = 500;
const EVENTS = 20_000;
/** Types of events among which the triggers are spread; of an entity's changes there are three. */
const KINDS = 50;

/** Each wants an amount of its own. */
const waiting = (n: number, event: string): JsonObject => ({
  takt: 1,
  id: `listener-${n}`,
  name: `Listener ${n}`,
  nodes: {
    start: { type: 'trigger.event', params: { event, where: `event.data.amount = ${n} and event.data.currency = "EUR"` } },
    note: { type: 'data.set', params: { values: { seen: true } } },
  },
  edges: [['start', 'note']],
});

const paid = (n: number): EventRow => ({
  id: '01900000-0000-7000-8000-000000000000',
  type: 'order.0',
  topic: '',
  recordId: null,
  at: 0,
  data: { order: `O-${n}`, amount: 0, currency: 'EUR', items: 3 },
  key: null,
  chain: [],
});

function measurement(name: string, typeOf: (n: number) => string): Benchmark {
  return {
    names: [name],
    async run(bed, { rounds }, say) {
      const place = await bed.database();
      const takt = await openTaktAt(place.url, bed.folder);
      try {
        for (let n = 0; n < TRIGGERS; n++) {
          const { id } = await takt.engine.workflows.saveDraft(waiting(n, typeOf(n)));
          await takt.engine.workflows.publish(id, AUTHOR);
        }
        const { triggers } = await takt.engine.ports.catalog.current(takt.database.store);
        const about = { record: undefined, previous: undefined };
        const moment = { now: 0, random: () => 0 };
        const events = Array.from({ length: EVENTS }, (_, n) => paid(n));
        const rates = await times(rounds + 1, async () => {
          let found = 0;
          const ms = await timed(async () => {
            for (const event of events) found += triggers.match(event, about, moment).starts.length;
          });
          if (found !== EVENTS) throw new Error(`${found} triggers fit ${EVENTS} events.`);
          return (EVENTS / ms) * 1_000;
        });
        // The first round is for the compiler.
        const rate = median(rates.slice(1));
        say(`${Math.round(rate)} events a second against ${TRIGGERS} triggers`);
        return [figure(name, rate, 'events/s')];
      } finally {
        await takt.close();
        await place.drop();
      }
    },
  };
}

export const matching: readonly Benchmark[] = [
  measurement('match_per_s', (n) => `order.${n % KINDS}`),
  measurement('match_one_type_per_s', () => 'order.0'),
];
