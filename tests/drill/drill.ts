/** What drills have in common: their form, and putting machines, servers, load and workers up and away again. */
import { closeAll } from '../../api/start/closers.ts';
import { startWorkers, type Workers } from '../bench/workers.ts';
import { type Load, startLoad } from './load.ts';
import { type Machine, type Network, openNetwork } from './network.ts';
import { openServers, type Servers } from './servers.ts';

/** By name; counts, or seconds where the name ends so. */
export type Findings = Record<string, number | boolean>;

export interface Scene {
  network: Network;
  servers: Servers;
  databases: readonly Machine[];
  workers: readonly { machine: Machine; processes: Workers }[];
  load: Load;
}

export interface Setting {
  standby: boolean;
  synchronous: boolean;
  /** PostgreSQL's own settings for silent connections, for comparison. */
  bare?: boolean;
  say(text: string): void;
}

const BARE = ['tcp_keepalives_idle=7200', 'tcp_user_timeout=0', 'idle_in_transaction_session_timeout=0', 'statement_timeout=0'];
/** The address of the primary that moves with it. */
export const VIRTUAL = 10;

/** Two workers and a server of Takt on a database, each on a machine of its own. Everything is taken away at the end, come what may. */
export async function onScene<T>({ standby, synchronous, bare = false, say }: Setting, work: (scene: Scene) => Promise<T>): Promise<T> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const network = await openNetwork();
    closers.push(network.close);
    const primary = await network.machine('db1', 11);
    const second = standby ? await network.machine('db2', 12) : undefined;
    const virtual = network.address(VIRTUAL);
    await primary.take(virtual);
    say(`PostgreSQL starts${standby ? ', and a standby' : ''} …`);
    const servers = await openServers({ primary, synchronous, ...(second && { standby: second }) });
    closers.push(servers.close);
    const address = new URL(servers.url(virtual));
    if (bare) address.searchParams.set('options', BARE.map((setting) => `-c ${setting}`).join(' '));
    const load = await startLoad(servers.url(virtual), servers.folder);
    closers.push(load.close);
    const workers = [];
    for (const host of [21, 22]) {
      const machine = await network.machine(`w${host}`, host);
      const processes = await startWorkers(address.href, servers.folder, 1, machine.enter());
      closers.push(processes.stop);
      workers.push({ machine, processes });
    }
    return await work({ network, servers, databases: second ? [primary, second] : [primary], workers, load });
  } finally {
    await closeAll(closers);
  }
}
