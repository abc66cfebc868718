/** Who is measured: Takt, and the peers with the versions and settings that they are measured with. */

/** Workflows and jobs of one round: so many that a round takes some seconds, each contestant by its speed. */
export interface Counts {
  workflows: number;
  jobs: number;
}

export interface Peer {
  name: string;
  /** npm packages with exact versions. */
  packages: Readonly<Record<string, string>>;
  /** File in `programs/`. */
  program: string;
  counts: Counts;
  settings: string;
}

/** The tables and writes of every peer's application go through this driver. */
export const DRIVER: Readonly<Record<string, string>> = { pg: '8.23.1' };

export const peers: readonly Peer[] = [
  {
    name: 'graphile-worker',
    packages: { 'graphile-worker': '0.18.0' },
    program: 'graphile-worker.mjs',
    counts: { workflows: 8_000, jobs: 20_000 },
    settings: '24 jobs at once, pool 25, local queue 500, completions batched; added by 1,000',
  },
  {
    name: 'pg-boss',
    packages: { 'pg-boss': '12.38.0' },
    program: 'pg-boss.mjs',
    counts: { workflows: 8_000, jobs: 20_000 },
    settings: '8 workers with batches of 50, pool 25, notifications; inserted by 1,000',
  },
  {
    name: 'dbos',
    packages: { '@dbos-inc/dbos-sdk': '5.3.0' },
    program: 'dbos.mjs',
    counts: { workflows: 1_000, jobs: 2_000 },
    settings: '200 workflows called at once, without a queue, pool 25',
  },
  {
    name: 'openworkflow',
    packages: { openworkflow: '0.10.1', postgres: '3.4.9' },
    program: 'openworkflow.mjs',
    counts: { workflows: 1_000, jobs: 2_000 },
    settings: '256 workflows at once, pool 25',
  },
  {
    name: 'restate',
    packages: { '@restatedev/restate-sdk': '1.17.2', '@restatedev/restate-server': '1.7.12' },
    program: 'restate.mjs',
    counts: { workflows: 2_000, jobs: 3_000 },
    settings: '400 calls at once, settings of the server as delivered',
  },
];

/** @throws Error for a name that no peer has */
export function chosenPeers(only: string | undefined): readonly Peer[] {
  if (only === undefined) return peers;
  return only.split(',').map((name) => {
    const found = peers.find((peer) => peer.name === name.trim());
    if (found) return found;
    throw new Error(`There is no peer "${name.trim()}". Peers: ${peers.map((peer) => peer.name).join(', ')}.`);
  });
}
