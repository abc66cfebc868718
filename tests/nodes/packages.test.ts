import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/custom-node');
const run = promisify(execFile);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'takt-nodes-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Loads packages in a process of its own, as the server does; this one's loader is the test runner's. */
async function load(...paths: string[]): Promise<unknown> {
  const code = `
    const { loadNodePackages } = await import(${JSON.stringify(join(root, 'nodes/load.ts'))});
    const { TaktError } = await import(${JSON.stringify(join(root, 'engine/sdk.ts'))});
    try {
      const { nodes, connectors } = await loadNodePackages(${JSON.stringify(paths)});
      console.log(JSON.stringify({ nodes: nodes.map((node) => node.type), connectors: connectors.map((one) => one.name) }));
    } catch (error) {
      console.log(JSON.stringify({ ours: error instanceof TaktError, code: error.code, message: error.message }));
    }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });
  return JSON.parse(stdout);
}

async function write(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

it('a folder with a package.json is loaded', async () => {
  expect(await load(example)).toEqual({ nodes: ['mail.domain'], connectors: [] });
});

it("a package outside of Takt gets Takt's own SDK", async () => {
  const path = await write(
    'good.mjs',
    `import { defineTrigger, TaktError } from 'takt/sdk';
     const trigger = defineTrigger({ type: 'site.visit', version: 1, title: 'Visit', description: 'A visit.', params: { type: 'object' },
       example: {}, summary: () => 'Visit', subscriptions: () => [{ type: 'site.visit', topic: '' }] });
     export default { nodes: [trigger], connectors: [{ name: 'site', send: async () => ({}) }] };`,
  );
  expect(await load(path, example)).toEqual({ nodes: ['site.visit', 'mail.domain'], connectors: ['site'] });
  const failing = await write(
    'failing.mjs',
    `import { TaktError } from 'takt/sdk'; throw new TaktError('NOT_FOUND', { message: 'no licence' });`,
  );
  expect(await load(failing)).toMatchObject({ ours: true, code: 'NODE_PACKAGE', message: expect.stringContaining('no licence') });
});

it.each([
  ['absent.mjs', undefined, 'absent.mjs'],
  ['none.mjs', 'export const nodes = [];', 'no default export'],
  ['odd.mjs', 'export default { nodes: [{ type: "a.b" }] };', '"nodes" is not a list'],
  ['send.mjs', 'export default { nodes: [], connectors: [{ name: "x" }] };', '"connectors" is not a list'],
  ['syntax.mjs', 'export default {', 'syntax.mjs'],
  [
    'schema.mjs',
    `import { defineNode } from 'takt/sdk';
     const node = defineNode({ type: 'a.b', version: 1, title: 'B', description: 'B.', params: { type: 'objekt' }, example: {},
       summary: () => 'B', ports: ['done'], run: function* () {} });
     export default { nodes: [node] };`,
    'type',
  ],
])('what cannot be loaded is named: %s', async (name, source, told) => {
  const path = source === undefined ? join(folder, name) : await write(name, source);
  expect(await load(path)).toMatchObject({ ours: true, code: 'NODE_PACKAGE', message: expect.stringContaining(told) });
});

it("the example's own tests pass, as its author runs them", async () => {
  const { stdout } = await run(process.execPath, ['--import', join(root, 'nodes/register.ts'), '--test', '--test-reporter=tap'], {
    cwd: example,
    // The runner of these tests must not take the inner one for its own.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
  });
  expect(stdout).toMatch(/^# pass 4$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
