/** The same work on tables that are just loaded, just bloated, or large. */

import { type Bed, type OpenedTakt, openTaktAt } from '../bed.ts';
import { type Benchmark, type Figure, figure, median, quantile, type Scale, timed, times } from '../figure.ts';
import { bloat, fill, leaveUntidy, tidyUp } from '../fill.ts';
import { FIVE_STEPS, makeLeads, post, settled } from '../work.ts';
import { waits } from './latency.ts';

/** Rows for each event of the scale: 10,000, 100,000 and 1,000,000 of 5,000 events. */
const SIZES = [
  { name: '10k', rows: 2 },
  { name: '100k', rows: 20 },
  { name: '1m', rows: 200 },
];
/** Rows of what is just loaded or bloated. */
const LOADED = 20;
/** Dead rows for each living one. */
const BLOAT = 3;
const SAMPLES = 100;

/** A database on which the work has been done once. */
interface Worked {
  takt: OpenedTakt;
  url: string;
  leads: readonly string[];
  /** Does the work again, and gives the median of its rates, runs a second. */
  rate(): Promise<number>;
}

async function onWorked(bed: Bed, { rounds, events }: Scale, measure: (worked: Worked) => Promise<Figure[]>): Promise<Figure[]> {
  const { url, drop } = await bed.database();
  const takt = await openTaktAt(url, bed.folder);
  let round = 0;
  try {
    await takt.publish(FIVE_STEPS);
    const leads = await makeLeads(takt, events);
    await takt.engine.start();
    const once = async (): Promise<number> => {
      const ms = await timed(async () => {
        await post(takt, leads, round++);
        await settled(takt);
      });
      return (events / ms) * 1_000;
    };
    await once();
    return await measure({ takt, url, leads, rate: async () => median(await times(rounds, once)) });
  } finally {
    await takt.engine.stop();
    await takt.close();
    await drop();
  }
}

export const tables: readonly Benchmark[] = [
  {
    names: ['runs_per_s_fresh', 'runs_per_s_bloated'],
    run: (bed, scale, say) =>
      onWorked(bed, scale, async ({ url, rate }) => {
        const before = await rate();
        const rows = scale.events * LOADED;
        await leaveUntidy(url);
        await fill(url, 0, rows);
        const fresh = await rate();
        await bloat(url, BLOAT);
        const bloated = await rate();
        say(`${Math.round(before)} runs a second, ${Math.round(fresh)} with ${rows} rows just loaded, ${Math.round(bloated)} just bloated`);
        return [figure('runs_per_s_fresh', fresh, 'runs/s', before), figure('runs_per_s_bloated', bloated, 'runs/s', before)];
      }),
  },
  {
    names: SIZES.flatMap(({ name }) => [`runs_per_s_${name}`, `event_to_step_p50_${name}_ms`]),
    run: (bed, scale, say) =>
      onWorked(bed, scale, async ({ takt, leads, url, rate }) => {
        const samples = leads.slice(0, SAMPLES);
        const empty = { rate: await rate(), wait: quantile(await waits(takt, samples), 0.5) };
        const figures: Figure[] = [];
        let there = 0;
        for (const { name, rows } of SIZES) {
          await fill(url, there, scale.events * rows);
          there = scale.events * rows;
          await tidyUp(url);
          // What fills the tables in minutes came in years: its last gigabytes are on the disk by then.
          await bed.checkpoint();
          const [perSecond, wait] = [await rate(), quantile(await waits(takt, samples), 0.5)];
          say(
            `${there} rows: ${Math.round(perSecond)} runs a second beside ${Math.round(empty.rate)}, first step after ${wait.toFixed(1)} ms beside ${empty.wait.toFixed(1)}`,
          );
          figures.push(
            figure(`runs_per_s_${name}`, perSecond, 'runs/s', empty.rate),
            figure(`event_to_step_p50_${name}_ms`, wait, 'ms', empty.wait),
          );
        }
        return figures;
      }),
  },
];
