// Restate: its server in a process of its own with its own log on disk, the steps in this process, called over HTTP.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http2';
import { createRequire } from 'node:module';
import { createServer as createTcpServer } from 'node:net';
import { arch, platform } from 'node:os';
import * as restate from '@restatedev/restate-sdk';
import { openApplication, unsaved } from './application.ts';
import { inFlight, serve, until } from './protocol.ts';

// Measured: with more at once the rate stays, and the processor time of a workflow falls from 3.2 to 2.6 ms.
const IN_FLIGHT = 400;

async function freePort() {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The server's own program, without the small one in Node that starts it: its memory is asked for. */
const serverFile = () => {
  const starter = createRequire(createRequire(import.meta.url).resolve('@restatedev/restate-server/package.json'));
  return starter.resolve(`@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`);
};

const healthy = async (address) => {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false; // not listening yet
  }
};

await serve(async ({ url, folder }) => {
  const app = await openApplication(url, 25);
  const writes = (ctx) => ({
    update: (order) => ctx.run('note', () => app.updateLead(order)),
    task: (order) => ctx.run('call', () => app.createTask(order)),
  });
  const flow = restate.service({
    name: 'flow',
    handlers: {
      all: (ctx, order) => app.fiveSteps(order, { pure: (name, work) => ctx.run(name, work), ...writes(ctx) }),
      lean: (ctx, order) => app.fiveSteps(order, { pure: unsaved, ...writes(ctx) }),
      one: (ctx, order) => writes(ctx).update(order),
    },
  });
  const endpoint = restate.endpoint().setLogger((meta, message) => {
    if (meta.level === 'error' || meta.level === 'warn') process.stderr.write(`${message}\n`);
  });
  const listener = createServer(endpoint.bind(flow).http2Handler()).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const server = spawn(serverFile(), ['--base-dir', folder, '--no-logo', '--listen-mode', 'tcp', '--bind-port', String(node)], {
    env: {
      ...process.env,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'error,octocrab=off',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until(() => healthy(`http://127.0.0.1:${admin}/health`));
  await until(() => healthy(`http://127.0.0.1:${ingress}/restate/health`));
  const registered = await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${listener.address().port}` }),
  });
  if (!registered.ok) throw new Error(`Restate did not take the service: ${await registered.text()}`);
  const call = (handler) => async (order) => {
    const answer = await fetch(`http://127.0.0.1:${ingress}/flow/${handler}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Restate answered ${answer.status}: ${text}`);
  };
  return {
    workflows: (count) => app.checked(count, (orders) => inFlight(orders, IN_FLIGHT, call('all'))),
    lean: (count) => app.checked(count, (orders) => inFlight(orders, IN_FLIGHT, call('lean'))),
    jobs: (count) => inFlight(app.orders(count), IN_FLIGHT, call('one')),
    first: () => app.first(call('all')),
    async memoryBeside() {
      const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
    },
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      listener.close();
      await app.close();
    },
  };
});
