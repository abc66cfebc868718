/** Events that go on coming while something breaks, what was answered to each, and what the database says of them afterwards. */
import { setTimeout as pause } from 'node:timers/promises';
import { connectPostgres } from '../../engine/store/sql-database.ts';
import { AUTHOR, type OpenedTakt, openTaktAt } from '../bench/bed.ts';
import { FIVE_STEPS, makeLeads, paid } from '../bench/work.ts';
import { query } from '../home/support.ts';

/** One event each so many milliseconds. */
const EVERY_MS = 10;
const LEADS = 500;

export interface Load {
  takt: OpenedTakt;
  /** The ids of the events that were acknowledged, and when. */
  acknowledged: Map<string, number>;
  refused(): number;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Makes tables, leads and the workflow, then sends an event every 10 ms, each without waiting for those before. */
export async function startLoad(url: string, folder: string): Promise<Load> {
  const migrating = connectPostgres(url, 1);
  await migrating.migrate().finally(() => migrating.close());
  const takt = await openTaktAt(url, folder);
  const leads = await takt
    .publish(FIVE_STEPS)
    .then(() => makeLeads(takt, LEADS))
    .catch(async (error: unknown) => {
      await takt.close();
      throw error;
    });
  const acknowledged = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let refused = 0;
  let going = true;
  const send = async (n: number): Promise<void> => {
    const [outcome] = await takt.engine.intake.submit([paid(leads[n % leads.length] ?? '', n)], AUTHOR);
    if (outcome?.ok && outcome.value.kind === 'event') acknowledged.set(outcome.value.id, Date.now());
    else refused++;
  };
  const loop = (async () => {
    for (let n = 0; going; n++) {
      const sent = send(n).finally(() => underWay.delete(sent));
      underWay.add(sent);
      await pause(EVERY_MS);
    }
    await Promise.all(underWay);
  })();
  const stop = (): Promise<void> => {
    going = false;
    return loop;
  };
  return {
    takt,
    acknowledged,
    refused: () => refused,
    stop,
    async close() {
      await stop();
      await takt.close();
    },
  };
}

/** Longest time between one moment and the next, of those after `from`, milliseconds. */
export function longestGap(moments: Iterable<number>, from: number): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((at, i) => (i > 0 && at >= from ? at - (sorted[i - 1] ?? at) : 0)));
}

export interface Account {
  acknowledged: number;
  /** Acknowledged events that are not there. */
  lost: number;
  /** Events of which not exactly one run is done, and runs of which not exactly one task came. */
  amiss: number;
}

/** Waits until every run is through, then counts. */
export async function settle(url: string, { acknowledged }: Pick<Load, 'acknowledged'>): Promise<Account> {
  while ((await query(url, "select 1 from runs where status in ('active', 'waiting') limit 1")).length > 0) await pause(200);
  const rows = await query(
    url,
    `select e.id, count(r.id) filter (where r.status = 'done') as done from events e left join runs r on r.event_id = e.id
      where e.type = 'order.paid' group by e.id`,
  );
  const there = new Set(rows.map(({ id }) => String(id)));
  const [tasks] = await query(url, "select count(*) as tasks from records where entity = 'task'");
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged.keys()].filter((id) => !there.has(id)).length,
    amiss: rows.filter(({ done }) => Number(done) !== 1).length + Math.abs(Number(tasks?.tasks) - rows.length),
  };
}

/** When runs ended, milliseconds since the epoch. */
export const ends = async (url: string): Promise<{ event: string; at: number }[]> =>
  (await query(url, 'select event_id, extract(epoch from ended_at) * 1000 as at from runs where ended_at is not null')).map((row) => ({
    event: String(row.event_id),
    at: Number(row.at),
  }));
