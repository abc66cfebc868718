/** How a fault of the plan is inflicted on an installation. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { signal } from '../../engine/home/process.ts';
import type { Installation } from './installation.ts';
import type { Fault } from './plan.ts';

/** Who is not there at the moment – it was just killed – is waited for so long, milliseconds: a PostgreSQL that hangs is given its time to stop. */
const MISSING_MS = 150_000;
const LOOK_MS = 50;

/** Resolves when it is over; of a freeze, when the victim goes on. Throws where the victim does not come back. */
export async function inflict(installation: Installation, fault: Fault): Promise<void> {
  if (fault.victim === 'session') return onSession(installation, fault);
  if (fault.victim === 'postmaster') return untilDone(async () => kill(await installation.postmaster()));
  const victim = installation.process(fault.victim);
  if (fault.kind === 'freeze') return victim.freeze(fault.ms);
  return untilDone(async () => victim.kill());
}

async function onSession({ superuserUrl }: Installation, fault: Extract<Fault, { victim: 'session' }>): Promise<void> {
  await untilDone(async () => {
    const client = new pg.Client({ connectionString: superuserUrl, connectionTimeoutMillis: 2_000 });
    // A session that is killed takes all others with it, this one too.
    client.on('error', () => {});
    await client.connect();
    try {
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity
          where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
      );
      const pid = rows[Math.floor(fault.which * rows.length)]?.pid;
      if (pid === undefined) return false;
      if (fault.kind === 'freeze') {
        signal(pid, 'SIGSTOP');
        await pause(fault.ms);
        signal(pid, 'SIGCONT');
      } else if (fault.kind === 'kill') kill(pid);
      else await client.query('select pg_terminate_backend($1)', [pid]);
      return true;
    } finally {
      await client.end().catch(() => {});
    }
  });
}

function kill(pid: number): boolean {
  signal(pid, 'SIGKILL');
  return true;
}

/** Tries again while the victim, or the database that knows it, is away. */
async function untilDone(attempt: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + MISSING_MS;
  for (;;) {
    try {
      if (await attempt()) return;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    if (performance.now() > until) throw new Error('The victim of a fault does not come back.');
    await pause(LOOK_MS);
  }
}
