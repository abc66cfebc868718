/** Follows a job to its end: a running server carries it out, else this process does, with the runs that come of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRow } from '../../engine/store/queries/jobs.ts';
import type { Workbench } from '../start/assemble.ts';
import { aborted, LOOK_EVERY_MS, showWork } from './carry.ts';
import { showProgress } from './import/progress.ts';
import type { Io } from './io.ts';

/** @returns the job as it ended; undefined where Ctrl-C came first: it goes on with whoever carries work out next */
export async function followJob(io: Io, bench: Workbench, job: JobRow): Promise<JobRow | undefined> {
  const here = !(await bench.serverRuns());
  const progress = showProgress(io, job.kind === 'move' ? 'runs' : 'records', job.total ?? 0);
  let work: Work | undefined;
  try {
    for (;;) {
      const { done, total, ...now } = await bench.engine.jobs.get(job.id);
      progress.update(done, done, total ?? done);
      if (now.status !== 'running') {
        progress.stop();
        if (work) await showWork(io, bench, work.promise);
        return { done, total, ...now };
      }
      if (io.signal.aborted) break;
      // Another process may be at the job just now; when that ends, there is something to do here again.
      if (here && (work === undefined || work.over)) work = begin(bench);
      await Promise.race([sleep(LOOK_EVERY_MS), aborted(io.signal), ...(work && !work.over ? [work.promise] : [])]);
    }
  } finally {
    progress.stop();
    // Broken off or failed: what the work meets from here on has been told, or is met again by whoever goes on with it.
    work?.promise.catch(() => {});
  }
  const who = here ? 'It goes on with takt start, or with the next command' : 'The running server goes on with it';
  io.err(`${who}: takt jobs show ${job.id}`);
  return undefined;
}

interface Work {
  promise: Promise<unknown>;
  over: boolean;
}

function begin({ engine }: Workbench): Work {
  const work: Work = { promise: engine.drain(), over: false };
  work.promise = work.promise.finally(() => {
    work.over = true;
  });
  return work;
}
