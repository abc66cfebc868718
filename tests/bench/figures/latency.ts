/** From an event that is posted to the first step of its run: on a quiet system, and under half of what it can do. */
import { AUTHOR, type Bed, type OpenedTakt, openTaktAt } from '../bed.ts';
import { type Benchmark, type Figure, figure, quantile, timed } from '../figure.ts';
import { openHandover } from '../handover.ts';
import { openWatcher } from '../watcher.ts';
import { FIVE_STEPS, makeLeads, paid, post, settled } from '../work.ts';

const SAMPLES = 200;
/** Between two events, so that everything sleeps again. */
const PAUSE_MS = 20;
/** Between two posts of the load. */
const BEAT_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds from posting an event about each lead until its first step can be read. */
export async function waits(takt: OpenedTakt, leads: readonly string[]): Promise<number[]> {
  const waited: number[] = [];
  const watcher = await openWatcher(takt.url, 'steps');
  try {
    for (const [n, lead] of leads.entries()) {
      const begun = performance.now();
      const posted = await takt.engine.intake.submitOne(paid(lead, n), AUTHOR);
      if (posted.kind !== 'event') throw new Error('The event was not written.');
      await watcher.until('select 1 from steps where run_id = $1 limit 1', [posted.runs[0]]);
      waited.push(performance.now() - begun);
      await pause(PAUSE_MS);
    }
  } finally {
    await watcher.close();
  }
  return waited;
}

/** The same of a bare handover of as many things. */
async function bareWaits(bed: Bed, count: number): Promise<number[]> {
  const place = await bed.emptyDatabase();
  const handover = await openHandover(place);
  const watcher = await openWatcher(place.url, 'taken');
  const waited: number[] = [];
  try {
    for (let id = 0; id < count; id++) {
      const begun = performance.now();
      await handover.tell(id);
      await watcher.until('select 1 from taken where id = $1', [id]);
      waited.push(performance.now() - begun);
      await pause(PAUSE_MS);
    }
  } finally {
    await watcher.close();
    await handover.close();
    await place.drop();
  }
  return waited;
}

/** Posts events at a steady rate until it is told to stop; resolves then. @param rate events a second */
async function load(takt: OpenedTakt, leads: readonly string[], rate: number, over: () => boolean): Promise<void> {
  const posts: Promise<void>[] = [];
  const begun = performance.now();
  for (let sent = 0, round = 1; !over(); round++) {
    const due = Math.floor(((performance.now() - begun) / 1_000) * rate) - sent;
    const some = Array.from({ length: Math.min(due, leads.length) }, (_, i) => leads[(sent + i) % leads.length] ?? '');
    posts.push(post(takt, some, round));
    sent += some.length;
    await pause(BEAT_MS);
  }
  await Promise.all(posts);
}

const figures = (name: string, waited: readonly number[], bare: readonly number[]): Figure[] => [
  figure(`${name}_p50_ms`, quantile(waited, 0.5), 'ms', quantile(bare, 0.5)),
  figure(`${name}_p99_ms`, quantile(waited, 0.99), 'ms', quantile(bare, 0.99)),
];

export const latency: readonly Benchmark[] = [
  {
    names: ['event_to_step', 'event_to_step_begun', 'event_to_step_half_load'].flatMap((name) => [`${name}_p50_ms`, `${name}_p99_ms`]),
    async run(bed, { events }, say) {
      const { url, drop } = await bed.database();
      const takt = await openTaktAt(url, bed.folder);
      try {
        await takt.publish(FIVE_STEPS);
        const leads = await makeLeads(takt, events);
        const samples = leads.slice(0, SAMPLES);
        const bare = await bareWaits(bed, SAMPLES);
        await takt.engine.start();
        // The first runs of a process find code that was never carried out; a system that has been up for a while has done some thousands.
        const begun = await waits(takt, samples);
        await post(takt, leads, 1);
        await settled(takt);
        const quiet = await waits(takt, samples);
        const ms = await timed(async () => {
          await post(takt, leads, 2);
          await settled(takt);
        });
        const half = ((events / ms) * 1_000) / 2;
        say(`loading with ${Math.round(half)} events a second`);
        let over = false;
        const loading = load(takt, leads.slice(SAMPLES), half, () => over);
        const busy = await waits(takt, samples).finally(() => {
          over = true;
        });
        await loading;
        await settled(takt);
        return [
          ...figures('event_to_step', quiet, bare),
          ...figures('event_to_step_begun', begun, bare),
          ...figures('event_to_step_half_load', busy, bare),
        ];
      } finally {
        await takt.engine.stop();
        await takt.close();
        await drop();
      }
    },
  },
];
