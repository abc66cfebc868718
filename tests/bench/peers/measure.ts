/** Takt and a peer in turn, then Takt and the next peer, each in a new process on a new database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bed } from '../bed.ts';
import { startContestant } from './contestant.ts';
import type { Counts, Peer } from './peers.ts';
import { parentOf, processorTimes } from './processor.ts';
import type { Work } from './programs/protocol.ts';

/** Who takes part: a program that speaks the protocol. */
export interface Entrant {
  name: string;
  program: string;
  counts: Counts;
  /** Is its database to be migrated by Takt? */
  migrated: boolean;
}

/** What is measured: what a contestant answers, and processor time of its own processes and of PostgreSQL, milliseconds a workflow. */
export type Measure = Work | 'own' | 'postgres';

/** What one contestant did in one round. Where there is no such work, the list is empty. */
export interface Round {
  name: string;
  values: Record<Measure, number[]>;
}

/** The first workflows of a process are slower, and are not counted. */
const WARM_UP = 0.25;
const SAMPLES = 100;

const TAKT: Entrant = {
  name: 'takt',
  program: fileURLToPath(new URL('./takt.ts', import.meta.url)),
  counts: { workflows: 12_000, jobs: 20_000 },
  migrated: true,
};

/** Takt before each of the peers, so that every comparison is of two neighbours in time. @param programs folder of the programs */
export const entrants = (programs: string, peers: readonly Peer[]): Entrant[] =>
  peers.flatMap(({ name, program, counts }) => [TAKT, { name, program: join(programs, program), counts, migrated: false }]);

/** @param scale of the counts: 1 is what figures are told from */
export async function measureRound(bed: Bed, { name, program, counts, migrated }: Entrant, scale: number): Promise<Round> {
  const { url, drop } = migrated ? await bed.database() : await bed.emptyDatabase();
  const folder = await mkdtemp(join(bed.folder, 'contestant-'));
  try {
    const contestant = await startContestant(program, url, folder);
    try {
      const ask = (work: Work, count: number): Promise<number[]> => contestant.ask({ work, count });
      const [many, jobsCount] = [Math.ceil(counts.workflows * scale), Math.ceil(counts.jobs * scale)];
      const memory = await ask('memory', 0);
      await ask('workflows', Math.ceil(many * WARM_UP));
      const families = [contestant.pid, await parentOf(await bed.backend())];
      const before = await processorTimes(families);
      const workflows = await ask('workflows', many);
      const [own = 0, postgres = 0] = (await processorTimes(families)).map((ms, i) => (ms - (before[i] ?? 0)) / many);
      const lean = await ask('lean', many);
      const atomic = await ask('atomic', many);
      const jobs = await ask('jobs', jobsCount);
      const first = await ask('first', SAMPLES);
      return { name, values: { memory, workflows, own: [own], postgres: [postgres], lean, atomic, jobs, first } };
    } finally {
      await contestant.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await drop();
  }
}
