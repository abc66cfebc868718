/** One worker is cut off from the database, in the middle of a transaction, and later let in again. */
import { setTimeout as pause } from 'node:timers/promises';
import { query } from '../home/support.ts';
import { type Findings, onScene } from './drill.ts';
import { ends, longestGap, settle } from './load.ts';

/** How long everything runs undisturbed before. */
const BEFORE_MS = 5_000;
/** Nobody waits longer for the server to notice. */
const LIMIT_MS = 60_000;

export interface PartitionOptions {
  /** PostgreSQL's own settings for silent connections, for comparison. */
  bare: boolean;
  say(text: string): void;
}

export function partition({ bare, say }: PartitionOptions): Promise<Findings> {
  return onScene({ standby: false, synchronous: false, bare, say }, async ({ servers, databases, workers, load }) => {
    const [worker] = workers;
    const [process] = worker?.processes.processes ?? [];
    const [database] = databases;
    if (!worker || !process || !database) throw new Error('The drill has no worker.');
    const admin = servers.superuserUrl(database.address);
    const url = servers.url(database.address);
    const sessions = (what: string): Promise<Record<string, unknown>[]> =>
      query(admin, `select pid, xact_start from pg_stat_activity where client_addr = '${worker.machine.address}' and ${what}`);
    await pause(BEFORE_MS);

    say('A worker is halted in the middle of a transaction and cut off …');
    const holding = "state = 'idle in transaction' and backend_xid is not null";
    for (;;) {
      process.kill('SIGSTOP');
      await pause(20);
      if ((await sessions(holding)).length > 0) break;
      process.kill('SIGCONT');
      await pause(7);
    }
    const held = (await sessions(holding)).map(({ pid }) => Number(pid));
    await worker.machine.cut();
    process.kill('SIGCONT');
    const cutAt = Date.now();
    const still = (): Promise<Record<string, unknown>[]> =>
      query(admin, `select 1 from pg_stat_activity where pid in (${held.join(', ')})`);
    while ((await still()).length > 0 && Date.now() - cutAt < LIMIT_MS) await pause(100);
    const noticed = (await still()).length === 0;
    const noticedAt = Date.now();
    // The runs that were held are carried out by the other worker.
    await pause(3_000);

    say('The worker is let in again …');
    await worker.machine.heal();
    const healedAt = Date.now();
    const fresh = `application_name = 'takt' and xact_start > to_timestamp(${healedAt} / 1000.0)`;
    while ((await sessions(fresh)).length === 0) await pause(20);
    const backAt = Date.now();
    await load.stop();
    const account = await settle(url, load);
    const finished = await ends(url);
    const latencies = finished.map(({ event, at }) => ({ at, took: at - (load.acknowledged.get(event) ?? at) }));
    const slow = latencies.filter(({ at, took }) => at > cutAt && took > 1_000);
    return {
      ...account,
      refused: load.refused(),
      noticed,
      server_notices_s: (noticedAt - cutAt) / 1_000,
      runs_held: slow.length,
      runs_held_longest_s: Math.max(0, ...slow.map(({ took }) => took)) / 1_000,
      longest_gap_of_other_runs_s:
        longestGap(
          finished.map(({ at }) => at),
          cutAt,
        ) / 1_000,
      longest_gap_of_acknowledgements_s: longestGap(load.acknowledged.values(), cutAt) / 1_000,
      worker_is_back_after_s: (backAt - healedAt) / 1_000,
    };
  });
}
