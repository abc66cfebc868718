/** Waking runs beside very many that sleep on. */
import { sql } from '../../../engine/store/drizzle.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { type Bed, openTaktAt } from '../bed.ts';
import { type Benchmark, figure, median, timed, times } from '../figure.ts';
import { makeLeads, post, settled } from '../work.ts';

const SLEEPY: JsonObject = {
  takt: 1,
  id: 'sleepy',
  name: 'Sleepy',
  nodes: {
    paid: { type: 'trigger.event', params: { event: 'order.paid' } },
    night: { type: 'flow.wait', params: { for: 'P300D' } },
    end: { type: 'flow.end', params: { outcome: 'awake' } },
  },
  edges: [
    ['paid', 'night'],
    ['night', 'end'],
  ],
};
/** Of each event of the scale, two runs that are woken and 200 that sleep: 10,000 and 1,000,000 of 5,000 events. */
const WOKEN = 2;
const SLEEPING = 200;

/** All runs of the events, as if their night were over. */
const MORNING = sql`update runs set due_at = now(),
  state = jsonb_set(state, '{tokens,0,wait,until}', to_jsonb((extract(epoch from now()) * 1000)::bigint)) where entry_key like 'event:%' and status = 'waiting'`;
/** In the order of the index: without it PostgreSQL reads the whole table where nothing is due. */
const DUE = sql`select 1 from runs where due_at <= now() order by due_at limit 1`;

/** Runs a second that are woken, beside so many others. */
async function waking(bed: Bed, events: number, others: number, rounds: number): Promise<number> {
  const place = await bed.database();
  const takt = await openTaktAt(place.url, bed.folder);
  try {
    await takt.publish(SLEEPY);
    const leads = await makeLeads(takt, events);
    await takt.engine.start();
    const rates = await times(rounds, async (round) => {
      for (let i = 0; i < WOKEN; i++) await post(takt, leads, round * WOKEN + i);
      await settled(takt, DUE);
      if (round === 0 && others > 0)
        await takt.database.orm.execute(sql`insert into runs (id, workflow_id, version, status, entry_key, due_at, state, chain, created_at, updated_at)
          select gen_random_uuid(), workflow_id, version, status, 'other:' || i, due_at + i * interval '1 second', state, chain, created_at, updated_at
          from (select * from runs limit 1) one, generate_series(1, ${others}::int) i`);
      await takt.engine.stop();
      await takt.database.orm.execute(MORNING);
      const ms = await timed(async () => {
        await takt.engine.start();
        await settled(takt, DUE);
      });
      return ((events * WOKEN) / ms) * 1_000;
    });
    return median(rates);
  } finally {
    await takt.engine.stop();
    await takt.close();
    await place.drop();
  }
}

export const sleepers: readonly Benchmark[] = [
  {
    names: ['sleepers_wake_ratio', 'sleepers_wake_per_s'],
    async run(bed, { rounds, events }, say) {
      const alone = await waking(bed, events, 0, rounds);
      const among = await waking(bed, events, events * SLEEPING, rounds);
      say(`${Math.round(among)} runs a second woken among ${events * SLEEPING} that sleep on, ${Math.round(alone)} alone`);
      return [figure('sleepers_wake_ratio', among / alone, 'of the rate alone'), figure('sleepers_wake_per_s', among, 'runs/s', alone)];
    },
  },
];
