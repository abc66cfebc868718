/** The time after the last fault, until nothing moves any more. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** So long it may take: a job of a dead dispatcher is given out again after 15 s, what failed is tried again after 10, 30, 90 s. */
const LIMIT_MS = 180_000;
const LOOK_MS = 500;
/** It must be quiet so often in a row. */
const QUIET_LOOKS = 4;

const MOVING = `
  select (select count(*) from runs where due_at is not null)::int as due,
    (select count(*) from effects where status = 'pending')::int as effects,
    (select count(*) from pgboss.job where name = 'effects' and state in ('created', 'retry', 'active'))::int as jobs,
    (select count(*) from signals)::int as signals`;

/**
 * Resolves when nothing is due and nothing is under way, or when the time is over: what is left then is for the books to tell.
 * @param say hears what is left, every ten seconds
 */
export async function settled(url: string, say: (text: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const begun = performance.now();
    let quiet = 0;
    let told = begun;
    while (performance.now() - begun < LIMIT_MS) {
      const { rows } = await client.query<Record<string, number>>(MOVING);
      const left = Object.entries(rows[0] ?? {}).filter(([, count]) => count > 0);
      quiet = left.length === 0 ? quiet + 1 : 0;
      if (quiet >= QUIET_LOOKS) return;
      if (performance.now() - told > 10_000) {
        told = performance.now();
        say(`  ${left.map(([name, count]) => `${count} ${name}`).join(', ')}`);
      }
      await pause(LOOK_MS);
    }
  } finally {
    await client.end();
  }
}
