/** A month of steps is forgotten. */
import pg from 'pg';
import { dropStepMonths } from '../../../engine/jobs/step-months.ts';
import { firstIdAt } from '../../../engine/ports/ids.ts';
import type { StepMonth } from '../../../engine/store/queries/step-months.ts';
import { openTaktAt } from '../bed.ts';
import { type Benchmark, figure, median, timed, times } from '../figure.ts';

/** Months before the first that an installation has by itself. */
const month = (number: number): StepMonth & { from: string } => {
  const begin = Date.UTC(2090, number);
  return { name: `steps_bench_${number}`, from: firstIdAt(begin), to: firstIdAt(Date.UTC(2090, number + 1)) };
};
/** Steps for each event of the scale: 5,000 events, 10 million steps. */
const STEPS = 2_000;
const STEPS_OF_RUN = 10;
/** One run in so many has not ended when its month goes, and keeps its steps. */
const KEPT = 1_000;
const AFTER = Date.UTC(2091, 6);

/** Runs of a month, made by their number; `digits` are the first twelve of their ids. */
const runOf = (digits: string): string => `('${digits}' || '7' || lpad(to_hex(run), 19, '0'))::uuid`;

async function fill(client: pg.Client, { name, from, to }: StepMonth & { from: string }, steps: number): Promise<void> {
  const id = runOf(from.replaceAll('-', '').slice(0, 12));
  await client.query(`create table ${name} (like steps)`);
  await client.query(
    `insert into ${name} (run_id, seq, node, type, status, port, attempt, input, output, started_at, ended_at, cpu_micros)
     select ${id}, seq, 'update', 'record.update', 'done', 'next', 1, '{"fields":{"stage":"work"}}', '{"changed":["stage"]}', now(), now(), 40
     from generate_series(1, ${steps / STEPS_OF_RUN}) run, generate_series(1, ${STEPS_OF_RUN}) seq`,
  );
  await client.query(`alter table ${name} add primary key (run_id, seq)`);
  // As it is long before it goes.
  await client.query(`vacuum analyze ${name}`);
  await client.query(`alter table steps attach partition ${name} for values from ('${from}') to ('${to}')`);
  await client.query(
    `insert into runs (id, workflow_id, version, status, entry_key, state, chain, created_at, updated_at)
     select ${id}, 'w', 1, 'waiting', '${name}' || run, '{}', '[]', now(), now() from generate_series(1, ${steps / STEPS_OF_RUN}, ${KEPT}) run`,
  );
}

/** Writes a step at a time until it is told to stop; gives how long the slowest took, milliseconds. */
async function longestWrite(client: pg.Client, over: () => boolean): Promise<number> {
  let longest = 0;
  while (!over()) {
    const ms = await timed(() =>
      client.query(
        `insert into steps (run_id, seq, node, type, status, attempt, started_at, cpu_micros) values (uuidv7(), 1, 'n', 'flow.wait', 'waiting', 1, now(), 0)`,
      ),
    );
    longest = Math.max(longest, ms);
  }
  return longest;
}

export const retention: readonly Benchmark[] = [
  {
    names: ['retention_ms', 'retention_stall_ms'],
    async run(bed, { rounds, events }, say) {
      const place = await bed.database();
      const takt = await openTaktAt(place.url, bed.folder);
      const client = new pg.Client({ connectionString: place.url });
      await client.connect();
      const ports = { ...takt.engine.ports, clock: { now: () => AFTER } };
      const plain: number[] = [];
      const stalls: number[] = [];
      try {
        const own = await times(rounds, async (round) => {
          await fill(client, month(round), events * STEPS);
          // Beside it a plain table of as many rows, without anything that is kept. Both lie on the disk, as a month of long ago does:
          // what was never written out is freed in a sixth of the time.
          await client.query(`create table bare as table ${month(round).name}`);
          await client.query('alter table bare add primary key (run_id, seq)');
          await bed.checkpoint();
          plain.push(await timed(() => client.query('drop table bare')));
          let over = false;
          const stall = longestWrite(client, () => over);
          const ms = await timed(() => dropStepMonths(ports, AFTER));
          over = true;
          stalls.push(await stall);
          say(
            `${events * STEPS} steps: ${ms.toFixed(0)} ms, a plain table ${plain.at(-1)?.toFixed(0)} ms; the longest that a writer waited ${stalls.at(-1)?.toFixed(0)} ms`,
          );
          return ms;
        });
        return [figure('retention_ms', median(own), 'ms', median(plain)), figure('retention_stall_ms', median(stalls), 'ms')];
      } finally {
        await client.end();
        await takt.close();
        await place.drop();
      }
    },
  },
];
