/** Takt and a peer in turn, then Takt and the next peer, each in a new process on a new database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bed } from '../bed.ts';
import { startContestant } from './contestant.ts';
import type { Counts, Peer } from './peers.ts';
import { parentOf, processorTimes } from './processor.ts';
import { WAYS, type Way, type Work } from './programs/protocol.ts';

/** Who takes part: a program that speaks the protocol. */
export interface Entrant {
  name: string;
  program: string;
  counts: Counts;
  /** Is its database to be migrated by Takt? */
  migrated: boolean;
}

/** How one way of working went: workflows or jobs a second, and processor time of one, milliseconds. */
export interface Worked {
  perSecond: number;
  /** Of the contestant's processes. */
  ownMs: number;
  postgresMs: number;
}

/** What one contestant did in one round. Ways that it has not are missing. */
export interface Round {
  name: string;
  work: Partial<Record<Way, Worked>>;
  firstStepMs: number[];
  idleBytes: number;
}

/** The first workflows of a process are slower, and are not counted. */
const WARM_UP = 0.25;
const SAMPLES = 50;

const TAKT: Entrant = {
  name: 'takt',
  program: fileURLToPath(new URL('./takt.ts', import.meta.url)),
  counts: { workflows: 8_000, jobs: 12_000 },
  migrated: true,
};

/** Takt before each of the peers, so that every comparison is of two neighbours in time. @param programs folder of the programs */
export const entrants = (programs: string, peers: readonly Peer[]): Entrant[] =>
  peers.flatMap(({ name, program, counts }) => [TAKT, { name, program: join(programs, program), counts, migrated: false }]);

/** @param scale of the counts: 1 is what figures are told from */
export async function measureRound(bed: Bed, { name, program, counts, migrated }: Entrant, scale: number): Promise<Round> {
  const { url, vacuum, drop } = migrated ? await bed.database() : await bed.emptyDatabase();
  const folder = await mkdtemp(join(bed.folder, 'contestant-'));
  try {
    const contestant = await startContestant(program, url, folder);
    try {
      const ask = (work: Work, count: number): Promise<number[]> => contestant.ask({ work, count });
      const families = [contestant.pid, await parentOf(await bed.backend())];
      const worked = async (way: Way, count: number): Promise<Worked | undefined> => {
        // A database of half a minute has no statistics yet, or has just got them: plans would be a matter of luck.
        await vacuum();
        const before = await processorTimes(families);
        const [perSecond] = await ask(way, count);
        const after = await processorTimes(families);
        const [ownMs = 0, postgresMs = 0] = after.map((ms, i) => (ms - (before[i] ?? 0)) / count);
        return perSecond === undefined ? undefined : { perSecond, ownMs, postgresMs };
      };
      const many = Math.ceil(counts.workflows * scale);
      const [idleBytes = 0] = await ask('memory', 0);
      await ask('workflows', Math.ceil(many * WARM_UP));
      const work: Round['work'] = {};
      for (const way of WAYS) work[way] = await worked(way, way === 'jobs' ? Math.ceil(counts.jobs * scale) : many);
      return { name, work, firstStepMs: await ask('first', SAMPLES), idleBytes };
    } finally {
      await contestant.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await drop();
  }
}
