// graphile-worker: one job a workflow, the settings that its documentation gives for speed.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { openApplication } from './application.ts';
import { counter, serve, until } from './protocol.ts';
import { openSavedSteps } from './saved-steps.ts';

const BATCH = 1_000;

await serve(async ({ url }) => {
  const app = await openApplication(url, 25);
  const steps = await openSavedSteps(app);
  const { counted, more } = counter();
  const runner = await run({
    preset: {
      worker: {
        connectionString: url,
        concurrentJobs: 24,
        maxPoolSize: 25,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger: new Logger(() => (level, message) => {
          if (level === 'error' || level === 'warning') process.stderr.write(`${message}\n`);
        }),
      },
    },
    noHandleSignals: true,
    taskList: { all: counted(steps.all), lean: counted(steps.lean), atomic: counted(steps.atomic), one: counted(app.updateLead) },
  });
  const utils = await makeWorkerUtils({ connectionString: url });
  const work = async (identifier, orders) => {
    const all = more(orders.length);
    for (let from = 0; from < orders.length; from += BATCH) {
      await utils.addJobs(orders.slice(from, from + BATCH).map((payload) => ({ identifier, payload })));
    }
    await all;
    await until(async () => (await app.pool.query('select 1 from graphile_worker.jobs limit 1')).rowCount === 0);
  };
  return {
    workflows: (count) => app.checked(count, (orders) => work('all', orders)),
    lean: (count) => app.checked(count, (orders) => work('lean', orders)),
    atomic: (count) => app.checked(count, (orders) => work('atomic', orders)),
    jobs: (count) => work('one', app.orders(count)),
    first: () => app.first((order) => runner.addJob('all', order)),
    async stop() {
      await runner.stop();
      await utils.release();
      await app.close();
    },
  };
});
