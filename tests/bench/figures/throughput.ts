/** Runs a second: five steps each, every step saved with input and output. */
import { pino } from 'pino';
import { buildServer } from '../../../api/server/index.ts';
import { type Bed, openTaktAt } from '../bed.ts';
import { type Clients, openClients } from '../clients.ts';
import { type Benchmark, type Figure, figure, median, type Scale, timed, times } from '../figure.ts';
import { writeAgain } from '../limit.ts';
import { FIVE_STEPS, makeLeads, post, settled } from '../work.ts';
import { peakMegabytes, startWorkers } from '../workers.ts';

const inProcess: Benchmark = {
  names: ['runs_per_s', 'run_share_of_limit'],
  async run(bed: Bed, { rounds, events }: Scale, say): Promise<Figure[]> {
    const { url, drop } = await bed.database();
    const takt = await openTaktAt(url, bed.folder);
    try {
      await takt.publish(FIVE_STEPS);
      const leads = await makeLeads(takt, events);
      await takt.engine.start();
      await post(takt, leads, 0);
      await settled(takt);
      const limits: number[] = [];
      const rates = await times(rounds, async (round) => {
        const since = takt.engine.ports.newId();
        const ms = await timed(async () => {
          await post(takt, leads, round + 1);
          await settled(takt);
        });
        limits.push((events / (await writeAgain(bed, url, since))) * 1_000);
        say(`${Math.round((events / ms) * 1_000)} runs a second beside ${Math.round(limits.at(-1) ?? 0)} in plain batches`);
        return (events / ms) * 1_000;
      });
      const [value, limit] = [median(rates), median(limits)];
      return [figure('runs_per_s', value, 'runs/s', limit), figure('run_share_of_limit', value / limit, 'of the limit')];
    } finally {
      await takt.engine.stop();
      await takt.close();
      await drop();
    }
  },
};

const WORKERS = 4;
/** Rounds of events before those that are measured: their numbers. */
const WARM = 100;

const fourProcesses: Benchmark = {
  names: ['runs_per_s_4', 'worker_rss_mb'],
  async run(bed, { rounds, events }, say) {
    const { url, drop } = await bed.database();
    const takt = await openTaktAt(url, bed.folder);
    const workers = await startWorkers(url, bed.folder, WORKERS);
    try {
      await takt.publish(FIVE_STEPS);
      const leads = await makeLeads(takt, events);
      // Each of them as warm as the one process above: the compiler of each has to see so many runs.
      for (let warm = 0; warm < WORKERS; warm++) {
        await post(takt, leads, WARM + warm);
        await settled(takt);
      }
      const limits: number[] = [];
      const rates = await times(rounds, async (round) => {
        const since = takt.engine.ports.newId();
        const ms = await timed(async () => {
          await post(takt, leads, round + 1);
          await settled(takt);
        });
        limits.push((events / (await writeAgain(bed, url, since))) * 1_000);
        say(`${Math.round((events / ms) * 1_000)} runs a second with 4 workers beside ${Math.round(limits.at(-1) ?? 0)} in plain batches`);
        return (events / ms) * 1_000;
      });
      const peaks = await Promise.all(workers.processes.flatMap(({ pid }) => (pid === undefined ? [] : [peakMegabytes(pid)])));
      return [figure('runs_per_s_4', median(rates), 'runs/s', median(limits)), figure('worker_rss_mb', Math.max(...peaks), 'MB')];
    } finally {
      await workers.stop();
      await takt.close();
      await drop();
    }
  },
};

/** Requests under way at once. */
const CLIENTS = 64;

const overHttp: Benchmark = {
  names: ['runs_per_s_http'],
  async run(bed, { rounds, events }, say) {
    const { url, drop } = await bed.database();
    const takt = await openTaktAt(url, bed.folder);
    // The clients of a minute are one here; what a key may ask is a setting, and not what is measured.
    const server = await buildServer({ ...takt, logger: pino({ level: 'silent' }), limits: { perKey: 10_000_000 } });
    let clients: Clients | undefined;
    try {
      await takt.publish(FIVE_STEPS);
      const leads = await makeLeads(takt, events);
      await takt.engine.start();
      const address = await server.listen({ host: '127.0.0.1', port: 0 });
      const { token } = await takt.keys.create('bench', ['admin']);
      clients = await openClients({ url: `${address}/api/v1/events`, token, records: leads, atOnce: CLIENTS });
      const post = clients.post;
      const limits: number[] = [];
      const rates = await times(rounds, async (round) => {
        const since = takt.engine.ports.newId();
        const ms = await timed(async () => {
          await post(round * 1_000_003, events);
          await settled(takt);
        });
        limits.push((events / (await writeAgain(bed, url, since))) * 1_000);
        say(
          `${Math.round((events / ms) * 1_000)} runs a second, posted one by one, beside ${Math.round(limits.at(-1) ?? 0)} in plain batches`,
        );
        return (events / ms) * 1_000;
      });
      return [figure('runs_per_s_http', median(rates), 'runs/s', median(limits))];
    } finally {
      await clients?.close();
      await server.close();
      await takt.engine.stop();
      await takt.close();
      await drop();
    }
  },
};

export const throughput: readonly Benchmark[] = [inProcess, fourProcesses, overHttp];
