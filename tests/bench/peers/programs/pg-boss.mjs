// pg-boss: one job a workflow; batches of jobs are fetched and completed at once, notifications wake the workers.
import { PgBoss } from 'pg-boss';
import { openApplication } from './application.ts';
import { counter, serve, until } from './protocol.ts';
import { openSavedSteps } from './saved-steps.ts';

const BATCH = 1_000;
const WORK = { localConcurrency: 8, batchSize: 50, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 };

await serve(async ({ url }) => {
  const app = await openApplication(url, 25);
  const steps = await openSavedSteps(app);
  const { counted, more } = counter();
  const boss = new PgBoss({ connectionString: url, max: 25, useListenNotify: true });
  boss.on('error', (error) => process.stderr.write(`${error}\n`));
  await boss.start();
  const tasks = { all: steps.all, lean: steps.lean, atomic: steps.atomic, one: app.updateLead };
  for (const [name, task] of Object.entries(tasks)) {
    const run = counted(task);
    await boss.createQueue(name, { notify: true });
    await boss.work(name, WORK, async (jobs) => {
      await Promise.all(jobs.map(({ data }) => run(data)));
    });
  }
  const work = async (name, orders) => {
    const all = more(orders.length);
    for (let from = 0; from < orders.length; from += BATCH) {
      await boss.insert(
        name,
        orders.slice(from, from + BATCH).map((data) => ({ data })),
      );
    }
    await all;
    await until(async () => (await app.pool.query(`select 1 from pgboss.job where state < 'completed' limit 1`)).rowCount === 0);
  };
  return {
    workflows: (count) => app.checked(count, (orders) => work('all', orders)),
    lean: (count) => app.checked(count, (orders) => work('lean', orders)),
    atomic: (count) => app.checked(count, (orders) => work('atomic', orders)),
    jobs: (count) => work('one', app.orders(count)),
    first: () => app.first((order) => boss.send('all', order)),
    async stop() {
      await boss.stop();
      await app.close();
    },
  };
});
