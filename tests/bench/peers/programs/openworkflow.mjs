// openworkflow: a worker that polls; its own pool is widened by the address, which postgres.js reads settings from.
import { OpenWorkflow } from 'openworkflow';
import { BackendPostgres } from 'openworkflow/postgres';
import { openApplication, unsaved } from './application.ts';
import { counter, inFlight, serve, until } from './protocol.ts';

// Measured: 158–243 workflows a second with 256, 113–147 with 100, 107–118 with 32: where all places are taken, the worker sleeps 50 ms and more.
const IN_FLIGHT = 256;

await serve(async ({ url }) => {
  const app = await openApplication(url, 25);
  const wide = new URL(url);
  wide.searchParams.set('max', '25');
  const backend = await BackendPostgres.connect(wide.href);
  const client = new OpenWorkflow({ backend });
  const writes = (step) => ({
    update: (order) => step.run({ name: 'note' }, () => app.updateLead(order)),
    task: (order) => step.run({ name: 'call' }, () => app.createTask(order)),
  });
  const { counted, more } = counter();
  const define = (name, run) => client.defineWorkflow({ name }, counted(run));
  const all = define('all', ({ input, step }) => app.fiveSteps(input, { pure: (name, work) => step.run({ name }, work), ...writes(step) }));
  const lean = define('lean', ({ input, step }) => app.fiveSteps(input, { pure: unsaved, ...writes(step) }));
  const one = define('one', ({ input, step }) => writes(step).update(input));
  const worker = client.newWorker({ concurrency: IN_FLIGHT });
  await worker.start();
  const ended = async () =>
    (await app.pool.query(`select 1 from openworkflow.workflow_runs where status in ('pending', 'running') limit 1`)).rowCount === 0;
  const work = async (flow, orders) => {
    const through = more(orders.length);
    await inFlight(orders, IN_FLIGHT, (order) => flow.run(order));
    await through;
    await until(ended);
  };
  return {
    workflows: (count) => app.checked(count, (orders) => work(all, orders)),
    lean: (count) => app.checked(count, (orders) => work(lean, orders)),
    jobs: (count) => work(one, app.orders(count)),
    first: () => app.first((order) => all.run(order)),
    async stop() {
      await worker.stop();
      await backend.stop();
      await app.close();
    },
  };
});
