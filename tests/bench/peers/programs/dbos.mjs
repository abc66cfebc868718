// DBOS: a workflow of steps, called directly – faster than through a queue, which a dispatcher polls.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { openApplication, unsaved } from './application.ts';
import { inFlight, serve } from './protocol.ts';

// Measured: 212–254 workflows a second with 200, 192–194 with 64, 134 with 16.
const IN_FLIGHT = 200;

await serve(async ({ url }) => {
  const app = await openApplication(url, 25);
  const pure = (name, work) => DBOS.runStep(work, { name });
  const writes = {
    update: (order) => DBOS.runStep(() => app.updateLead(order), { name: 'note' }),
    task: (order) => DBOS.runStep(() => app.createTask(order), { name: 'call' }),
  };
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePoolSize: 25, logLevel: 'error' });
  const all = DBOS.registerWorkflow((order) => app.fiveSteps(order, { pure, ...writes }), { name: 'all' });
  const lean = DBOS.registerWorkflow((order) => app.fiveSteps(order, { pure: unsaved, ...writes }), { name: 'lean' });
  const one = DBOS.registerWorkflow((order) => writes.update(order), { name: 'one' });
  await DBOS.launch();
  return {
    workflows: (count) => app.checked(count, (orders) => inFlight(orders, IN_FLIGHT, all)),
    lean: (count) => app.checked(count, (orders) => inFlight(orders, IN_FLIGHT, lean)),
    jobs: (count) => inFlight(app.orders(count), IN_FLIGHT, one),
    first: () => app.first(all),
    async stop() {
      await DBOS.shutdown();
      await app.close();
    },
  };
});
