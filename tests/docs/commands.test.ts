/** The commands of the pages can be typed: each is carried out, in the order of the page, on the files that the page shows. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Folder, memoryIo, openTerminal, type Terminal, temporary } from '../cli/support.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The part of a page below a heading, up to the next one of that level. */
const section = (text: string, heading: string): string => text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);

/** Arguments of the commands; those that name an id are left out, since nobody knows it before. */
function commandsOf(text: string): string[][] {
  const lines = blocks(text, 'sh').flatMap((block) => block.split('\n'));
  return lines
    .filter((line) => line.startsWith('npm run -s takt -- ') && !line.includes('<id>'))
    .map((line) => {
      const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
      const end = words.indexOf('#');
      return words.slice('npm run -s takt --'.split(' ').length, end === -1 ? undefined : end);
    });
}

const audit = (pause: string) => ({
  takt: 1,
  id: 'lead-audit',
  name: 'Audit',
  nodes: { start: { type: 'trigger.manual', params: { entity: 'lead' } }, [pause]: { type: 'flow.wait', params: { for: 'P2D' } } },
  edges: [['start', pause]],
});

let terminal: Terminal;
let folder: Folder;
beforeEach(async () => {
  terminal = await openTerminal();
  folder = await temporary();
  const lead = { kind: 'create', entity: 'lead', data: { last_name: 'Doe', score: 90 }, onExisting: 'error' } as const;
  await terminal.bench.engine.intake.submit([lead, lead], { kind: 'system', id: 'test' });
  // Two versions, with a run under way on the first.
  for (const name of ['a_day', 'two_days']) {
    await takt('workflow', 'import', await folder.write('lead-audit.json', JSON.stringify(audit(name))), '--publish');
    await takt('run', 'start', 'lead-audit');
  }
});
afterEach(async () => {
  await terminal.close();
  await folder.remove();
});

/** With somebody who agrees to everything. */
async function takt(...argv: string[]): Promise<string> {
  const { code, out, err } = await terminal.taktWith(memoryIo(true), ...argv);
  expect([argv.join(' '), code, code === 0 ? '' : err]).toEqual([argv.join(' '), 0, '']);
  return out;
}

it.each([
  ['segments.md', page('segments.md')],
  ['models.md', section(page('models.md'), '# Learned models') + section(page('models.md'), 'From the command line')],
  ['forecast.md', section(page('forecast.md'), '# Forecast') + section(page('forecast.md'), 'From the command line')],
  ['experiments.md', page('experiments.md')],
  ['operations.md: Many runs at once', section(page('operations.md'), 'Many runs at once')],
])('%s', async (_name, text) => {
  const files = new Map<string, string>();
  for (const block of blocks(text, 'json')) {
    const name = `${String(JSON.parse(block).id)}.json`;
    files.set(name, await folder.write(name, block));
  }
  const commands = commandsOf(text);
  for (const command of commands) await takt(...command.map((word) => files.get(word) ?? word));
  expect(commands.length).toBeGreaterThan(3);
});
