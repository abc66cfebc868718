/** From an event that is posted to the first step of its run, on a quiet system. */
import { eq } from 'drizzle-orm';
import { runs, steps } from '../../../engine/store/schema.ts';
import { AUTHOR, openTaktAt } from '../bed.ts';
import { type Benchmark, figure, quantile } from '../figure.ts';
import { FIVE_STEPS, makeLeads, paid } from '../work.ts';

const SAMPLES = 200;
/** Between two events, so that everything sleeps again. */
const PAUSE_MS = 20;

export const latency: readonly Benchmark[] = [
  {
    names: ['event_to_step_p50_ms', 'event_to_step_p99_ms'],
    async run(bed) {
      const { url, drop } = await bed.database();
      const takt = await openTaktAt(url, bed.folder);
      try {
        await takt.publish(FIVE_STEPS);
        const leads = await makeLeads(takt, SAMPLES);
        await takt.engine.start();
        const waited: number[] = [];
        for (const [n, lead] of leads.entries()) {
          const begun = performance.now();
          const posted = await takt.engine.intake.submitOne(paid(lead, n), AUTHOR);
          if (posted.kind !== 'event') throw new Error('The event was not written.');
          for (;;) {
            const found = await takt.database.orm
              .select({ run: steps.runId })
              .from(steps)
              .innerJoin(runs, eq(runs.id, steps.runId))
              .where(eq(runs.id, posted.runs[0] ?? ''))
              .limit(1);
            if (found.length > 0) break;
          }
          waited.push(performance.now() - begun);
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
        return [figure('event_to_step_p50_ms', quantile(waited, 0.5), 'ms'), figure('event_to_step_p99_ms', quantile(waited, 0.99), 'ms')];
      } finally {
        await takt.engine.stop();
        await takt.close();
        await drop();
      }
    },
  },
];
