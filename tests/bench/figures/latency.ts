/** From an event that is posted to the first step of its run: on a quiet system, and under half of what it can do. */
import postgres from 'postgres';
import { AUTHOR, type Bed, type OpenedTakt, openTaktAt } from '../bed.ts';
import { type Benchmark, type Figure, figure, quantile, timed } from '../figure.ts';
import { openHandover } from '../handover.ts';
import { FIVE_STEPS, makeLeads, paid, post, settled } from '../work.ts';

const SAMPLES = 200;
/** Between two events, so that everything sleeps again. */
const PAUSE_MS = 20;
/** Between two posts of the load. */
const BEAT_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Milliseconds from posting an event about each lead until its first step can be read. It is looked for each millisecond, over a connection of
 * its own and by a statement that is prepared: looking must not slow what is looked at, with which it shares the process.
 */
export async function waits(takt: OpenedTakt, leads: readonly string[]): Promise<number[]> {
  const waited: number[] = [];
  const watcher = postgres(takt.url, { max: 1 });
  const hasStep = async (run: string): Promise<boolean> => (await watcher`select 1 from steps where run_id = ${run} limit 1`).length > 0;
  try {
    for (const [n, lead] of leads.entries()) {
      const begun = performance.now();
      const posted = await takt.engine.intake.submitOne(paid(lead, n), AUTHOR);
      if (posted.kind !== 'event') throw new Error('The event was not written.');
      while (!(await hasStep(posted.runs[0] ?? ''))) await pause(1);
      waited.push(performance.now() - begun);
      await pause(PAUSE_MS);
    }
  } finally {
    await watcher.end();
  }
  return waited;
}

/** The same of a bare handover of as many things. */
async function bareWaits(bed: Bed, count: number): Promise<number[]> {
  const place = await bed.emptyDatabase();
  const handover = await openHandover(place);
  const waited: number[] = [];
  try {
    for (let id = 0; id < count; id++) {
      const begun = performance.now();
      await handover.tell(id);
      while (!(await handover.isTaken(id))) await pause(1);
      waited.push(performance.now() - begun);
      await pause(PAUSE_MS);
    }
  } finally {
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
    names: ['event_to_step_p50_ms', 'event_to_step_p99_ms', 'event_to_step_half_load_p50_ms', 'event_to_step_half_load_p99_ms'],
    async run(bed, { events }, say) {
      const { url, drop } = await bed.database();
      const takt = await openTaktAt(url, bed.folder);
      try {
        await takt.publish(FIVE_STEPS);
        const leads = await makeLeads(takt, events);
        const samples = leads.slice(0, SAMPLES);
        const bare = await bareWaits(bed, SAMPLES);
        await takt.engine.start();
        const quiet = await waits(takt, samples);
        await post(takt, leads, 1);
        await settled(takt);
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
        return [...figures('event_to_step', quiet, bare), ...figures('event_to_step_half_load', busy, bare)];
      } finally {
        await takt.engine.stop();
        await takt.close();
        await drop();
      }
    },
  },
];
