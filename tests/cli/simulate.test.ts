/** Virtual time on the command line. None of it opens a database. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readEvents, readScenarios, readScript } from '../../engine/simulate/index.ts';
import { recipesOf } from '../../scripts/catalogue.ts';
import { ann, edges, mail, nodes, START, taktWithoutDatabase as takt, welcome } from '../simulate/support.ts';
import { type Folder, temporary } from './support.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scenario = {
  name: 'nobody answers',
  do: [ann],
  until: 'P3D',
  timeline: [
    { at: 'PT0S', message: { subject: 'Welcome' } },
    { at: 'PT0S', task: {} },
    { at: 'P1D', message: {} },
    { at: 'P1D', end: { outcome: 'reminded' } },
  ],
};
const wrong = { ...scenario, name: 'somebody answers', timeline: scenario.timeline.slice(0, 3) };
const script = { start: START, arrivals: [{ entity: 'lead', count: 5, over: 'PT0S', data: { name: 'Ann', emails: ['ann@x.example'] } }] };

let folder: Folder;
let paths: Record<'good' | 'bad' | 'script', string>;
beforeAll(async () => {
  folder = await temporary();
  await cp(new URL('../../workflows/lead-scoring.json', import.meta.url), join(folder.path, 'lone.json'));
  paths = {
    good: await folder.write('good.json', JSON.stringify({ ...welcome, id: 'good' })),
    bad: await folder.write('bad.json', JSON.stringify({ ...welcome, id: 'bad' })),
    script: await folder.write('script.txt', JSON.stringify(script)),
  };
  await folder.write('good.scenario.json', JSON.stringify({ recipes: ['A01'], start: START, scenarios: [scenario] }));
  await folder.write('bad.scenario.json', JSON.stringify({ recipes: ['A02'], start: START, scenarios: [scenario, wrong] }));
});
afterAll(() => folder.remove());

describe('takt workflow test', () => {
  it('a line for each scenario, and exit code 0 when all pass', async () => {
    const { code, out } = await takt('workflow', 'test', paths.good);
    expect([code, out.split('\n').slice(0, 2)]).toEqual([0, [join(folder.path, 'good.scenario.json'), '  ✓ nobody answers']]);
    expect(out).toMatch(/\n1 of 1 scenarios passed, .+\.\n$/);
  });

  it('a folder is all in it; what failed is shown with its time, and the exit code is 1', async () => {
    const { code, out } = await takt('workflow', 'test', folder.path);
    expect(code).toBe(1);
    expect(out).toContain('  ✗ somebody answers\n');
    expect(out).toContain('\n      + P1D   end workflow="bad" status="done" outcome="reminded" record="@ann"\n');
    expect(out).toContain('2 of 3 scenarios passed');
  });

  it('as JSON', async () => {
    const { code, out } = await takt('workflow', 'test', paths.bad, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { recipes: ['A02'], workflow: paths.bad, scenarios: [{ passed: true }, { passed: false, name: 'somebody answers' }] },
    ]);
  });

  it.each([
    ['a workflow without scenarios', 'lone.json', 'SCENARIO_MISSING'],
    ['a path to nowhere', 'nothing.json', 'FILE_UNREADABLE'],
  ])('%s is an error that says so', async (_what, name, errorCode) => {
    const { code, err } = await takt('workflow', 'test', join(folder.path, name));
    expect(code).toBe(1);
    expect(err).toContain(`[${errorCode}]`);
    expect(err).toContain(name.replace('.json', ''));
  });
});

test('the catalogue lists recipes with their workflows and results', () => {
  const files = [
    {
      path: '/w/b/two.scenario.json',
      workflow: '/w/b/two.json',
      recipes: ['B08', 'A01'],
      scenarios: [
        { name: 'x', passed: true },
        { name: 'y', passed: false },
      ],
    },
    { path: '/w/one.scenario.json', workflow: '/w/one.json', recipes: ['A02'], scenarios: [{ name: 'z', passed: true }] },
  ].map((file) => ({ ...file, scenarios: file.scenarios.map((one) => ({ ...one, timeline: [], final: [], openTasks: [] })) }));
  const scenarios = [
    { name: 'x', passed: true },
    { name: 'y', passed: false },
  ];
  expect(recipesOf(files, '/w')).toEqual([
    { id: 'A01', workflow: 'b/two.json', scenarios, passed: false },
    { id: 'A02', workflow: 'one.json', scenarios: [{ name: 'z', passed: true }], passed: true },
    { id: 'B08', workflow: 'b/two.json', scenarios, passed: false },
  ]);
});

describe('takt simulate', () => {
  const simulate = (...more: string[]) => takt('simulate', '--workflows', paths.good, '--script', paths.script, '--until', 'P3D', ...more);

  it('sums up what happened', async () => {
    const { code, out } = await simulate();
    expect(code).toBe(0);
    expect(out).toMatch(/^2026-03-02 09:00 to 2026-03-05 09:00 UTC \(3 d 0 h\), seed 1, 5 inputs\./);
    expect(out).toMatch(/good +5 +5 done +5 reminded/);
    expect(out).toMatch(/email +good +10 +0/);
    expect(out).toMatch(/call +\(nobody\) +5 +0 +5/);
  });

  it('equal seeds give equal bytes, different seeds do not', async () => {
    const first = (await simulate('--json')).out;
    expect((await simulate('--json')).out).toBe(first);
    expect((await simulate('--json', '--timeline', '1', '--seed', '2')).out).not.toBe((await simulate('--json', '--timeline', '1')).out);
  });

  it('shows every step of the runs that are asked for', async () => {
    const { timelines } = JSON.parse((await simulate('--json', '--timeline', 'all')).out);
    expect(timelines).toHaveLength(5);
    const { out } = await simulate('--run', timelines[3].run);
    expect(out).toContain('good@1  Ann (@lead-4)  done "reminded"');
    expect(out).toMatch(/\nP1D +second +message.send +done +next/);
  });

  it('two versions are compared on the same input', async () => {
    const twice = { ...welcome, id: 'good', nodes: { ...nodes, more: mail('More') }, edges: [...edges, ['call', 'more']] };
    const other = await folder.write('other.txt', JSON.stringify(twice));
    const { code, out } = await simulate('--compare', paths.good, other);
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.startsWith('messages'))).toEqual([
      expect.stringMatching(/^messages +email of good +10 +15 +\+5$/),
    ]);
    expect(JSON.parse((await simulate('--json', '--compare', paths.good, other)).out)).toMatchObject({
      a: { messages: [{ sent: 10 }] },
      b: { messages: [{ sent: 15 }] },
      differences: [{ area: 'messages', a: 10, b: 15 }],
    });
    expect((await simulate('--compare', paths.good, paths.good)).out).toContain('Both come to the same numbers.');
  });

  it.each([
    ['without a script or events', ['--workflows', 'x', '--until', 'P1D']],
    ['without workflows', ['--script', 'SCRIPT', '--until', 'P1D']],
    ['with an end before its beginning', ['--script', 'SCRIPT', '--until', '2020-01-01T00:00:00Z']],
    ['with a start that is none', ['--script', 'SCRIPT', '--until', 'P1D', '--start', 'today']],
    ['with one path to compare', ['--script', 'SCRIPT', '--until', 'P1D', '--compare', 'x']],
    ['with no number of timelines', ['--script', 'SCRIPT', '--until', 'P1D', '--timeline', 'some']],
  ])('%s is a usage error', async (_what, argv) => {
    expect((await takt('simulate', ...argv.map((part) => (part === 'SCRIPT' ? paths.script : part)))).code).toBe(2);
  });
});

describe('docs/simulation.md', () => {
  test('every command in it works', async () => {
    const page = await readFile(join(root, 'docs/simulation.md'), 'utf8');
    const commands = [...page.matchAll(/^npm run -s takt -- (.+?)(?: +#.*)?$/gm)].map(([, command = '']) => command.split(' '));
    expect(commands.map(([verb]) => verb)).toEqual(['workflow', 'workflow', 'simulate', 'simulate', 'simulate']);
    for (const command of commands) {
      const argv = command.map((part) => (/^(workflows|examples)/.test(part) ? join(root, part) : part));
      const { code, err } = await takt(...argv);
      expect([command, code, err.includes('Error')]).toEqual([command, 0, false]);
    }
    // A month of the shop is among them: seconds on a quiet machine, much more where others work too.
  }, 240_000);

  test('every file in it can be read', async () => {
    const page = await readFile(join(root, 'docs/simulation.md'), 'utf8');
    const blocks = [...page.matchAll(/^```json\n(.+?)\n```$/gms)].map(([, text = '']) => text);
    const [scenarios = '', learning = '', outside = '', events = '', month = ''] = blocks;
    expect(readScenarios(scenarios).scenarios).toHaveLength(1);
    expect(readScript(learning).lessons).toMatchObject({ models: [{}], past: [{ count: 400 }] });
    expect(readScript(`{ "outside": ${outside} }`).outside).toHaveLength(2);
    expect(readEvents(events)).toHaveLength(3);
    expect(readScript(month)).toMatchObject({ arrivals: [{ count: 4_000 }], behaviours: [{}, {}] });
  });

  test('the shop of 4,000 leads a month comes to what its script says', async () => {
    const workflows = ['lead-scoring.json', 'lead-routing.json'].map((name) => join(root, 'workflows', name));
    const argv = ['--workflows', ...workflows, '--script', join(root, 'examples/simulation/script.json')];
    const people = ['--records', join(root, 'examples/simulation/people.jsonl')];
    const { out } = await takt('simulate', ...argv, ...people, '--until', 'P7D', '--json');
    const { runs, messages, load, refusedInputs, failed } = JSON.parse(out);
    const [routing, scoring] = runs;
    expect([routing.started, scoring.started]).toEqual([889, 889]);
    expect(messages[0].undelivered / messages[0].sent).toBeCloseTo(0.02, 1);
    expect(load).toHaveLength(6);
    expect([refusedInputs, failed]).toEqual([[], []]);
  }, 240_000);
});
