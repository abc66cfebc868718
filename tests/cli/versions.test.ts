import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Folder, memoryIo, openTerminal, type Terminal, temporary } from './support.ts';

let terminal: Terminal;
let folder: Folder;
const takt = (...argv: string[]) => terminal.takt(...argv);
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);

const publish = async (id: string, nodes: object, edges: string[][]): Promise<void> => {
  const file = { takt: 1, id, name: id, nodes: { start: { type: 'trigger.manual' }, ...nodes }, edges };
  const imported = await takt('workflow', 'import', await folder.write(`${id}.json`, JSON.stringify(file)), '--publish');
  expect(imported).toMatchObject({ code: 0 });
};
const start = async (id: string): Promise<string> => (await takt('run', 'start', id)).out.trim();
const statusOf = async (id: string): Promise<string> => (await json('run', id)).status;
const wait = { type: 'flow.wait', title: 'A while', params: { for: 'P30D' } };

beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

describe('moving runs to another version', () => {
  beforeAll(async () => {
    await publish('slow', { pause: wait }, [['start', 'pause']]);
    await start('slow');
    await start('slow');
    await publish('slow', { rest: wait }, [['start', 'rest']]);
  });

  it('shows first where they wait and why they cannot go on there', async () => {
    const { code, out } = await takt('workflow', 'move', 'slow', '1', '2', '--plan');
    expect(code).toBe(0);
    expect(out).toMatch(/^pause +A while +a moment +2 +Version 2 has no node "pause"\.$/m);
    expect(out).toContain('0 of 2 runs can go on in version 2.\n');
    expect(await json('workflow', 'move', 'slow', '1', '2', '--plan')).toMatchObject({ runs: 2, movable: 0 });
    expect(await takt('workflow', 'move', 'slow', '1', '2', '--yes')).toMatchObject({ code: 1, out });
  });

  it('asks, moves, and says how many', async () => {
    const move = ['workflow', 'move', 'slow', '1', '2', '--map', 'pause=rest'];
    const asked = await takt(...move);
    expect(asked).toMatchObject({ code: 1, err: '2 of 2 runs can be moved. Nobody can be asked here: add --yes.\n' });
    const { code, out } = await terminal.taktWith(memoryIo(true), ...move);
    expect(code).toBe(0);
    expect(out).toMatch(/^pause +A while +a moment +2 +goes on$/m);
    expect(out).toContain('2 runs go on in version 2.\n');
    const runs: { version: number; status: string }[] = await json('runs', '--workflow', 'slow');
    expect(runs.map((run) => [run.version, run.status])).toEqual([
      [2, 'waiting'],
      [2, 'waiting'],
    ]);
    expect((await takt(...move, '--yes')).out).toBe('No run of version 1 is under way.\n');
  });

  it.each([
    [['workflow', 'move', 'slow', '1', '9'], '[WORKFLOW_VERSION_NOT_FOUND]'],
    [['workflow', 'move', 'slow', '2', '2'], '[MOVE_INVALID]'],
    [['workflow', 'move', 'slow', '1', '2', '--map', 'puase=rest'], 'Did you mean "pause"?'],
    [['workflow', 'move', 'slow', '1', '2', '--map', 'pause'], 'Write old=new.'],
  ])('%j is refused with the way out', async (argv, told) => {
    expect(await takt(...argv)).toMatchObject({ code: 1, err: expect.stringContaining(told) });
  });
});

describe('retrying on the newest version', () => {
  const divide = (by: number) => ({ type: 'data.set', params: { values: { x: `= 1 / ${by}` } } });

  it('goes on where that has mended the fault, one run or many', async () => {
    await publish('divide', { check: divide(0) }, [['start', 'check']]);
    const [first = '', second = '', third = ''] = [await start('divide'), await start('divide'), await start('divide')];
    await publish('divide', { check: divide(2) }, [['start', 'check']]);
    await takt('run', 'retry', first);
    expect(await statusOf(first)).toBe('failed');
    expect((await takt('run', 'retry', first, '--newest')).out).toBe('The run goes on.\n');
    expect(await json('run', first)).toMatchObject({ status: 'done', version: 2 });
    expect((await takt('runs', 'retry', '--workflow', 'divide', '--newest', '--yes')).out).toBe('2 runs go on.\n');
    expect(await Promise.all([second, third].map(statusOf))).toEqual(['done', 'done']);
  });

  it('tells which cannot, and why', async () => {
    await publish('lacking', { check: divide(0) }, [['start', 'check']]);
    const id = await start('lacking');
    await publish('lacking', { test: divide(1) }, [['start', 'test']]);
    const many = await takt('runs', 'retry', '--workflow', 'lacking', '--newest', '--yes');
    expect([many.out, many.err]).toEqual(['0 runs go on.\n', expect.stringContaining('1 cannot go on in the published version')]);
    expect((await takt('run', 'retry', id, '--newest')).err).toContain('Version 2 has no node "check". [RUN_CANNOT_MOVE]');
  });
});

describe('pausing', () => {
  it('keeps a run from moving until it is resumed', async () => {
    await publish('still', { pause: wait }, [['start', 'pause']]);
    const id = await start('still');
    expect((await takt('run', 'pause', id)).out).toBe(`Paused. It goes on with: takt run resume ${id}\n`);
    expect((await takt('runs', '--status', 'paused')).out).toContain(id);
    expect((await takt('run', id)).out).toContain(`when it is resumed: takt run resume ${id}`);
    expect((await takt('run', 'pause', id)).err).toContain('[RUN_CANNOT_PAUSE]');
    expect((await takt('run', 'resume', id)).out).toBe('The run goes on.\n');
    expect(await statusOf(id)).toBe('waiting');
    expect((await takt('run', 'resume', id)).err).toContain('[RUN_NOT_PAUSED]');
  });

  it('takes a workflow with all its runs', async () => {
    const id = await start('still');
    expect((await takt('workflow', 'pause', 'still', '--runs')).out).toBe('still starts no runs; 2 that were running are paused.\n');
    expect(await statusOf(id)).toBe('paused');
    expect((await takt('workflow', 'resume', 'still', '--runs')).out).toBe('still starts runs again; 2 paused runs go on.\n');
    expect(await statusOf(id)).toBe('waiting');
  });
});

describe('a run that has called another', () => {
  it('shows what it waits for and what it has called; the called one names it', async () => {
    const called = {
      takt: 1,
      id: 'called',
      name: 'Called',
      nodes: { start: { type: 'trigger.call' }, pause: wait },
      edges: [['start', 'pause']],
    };
    await takt('workflow', 'import', await folder.write('called.json', JSON.stringify(called)), '--publish');
    await publish('caller', { call: { type: 'flow.call', params: { workflow: 'called' } } }, [['start', 'call']]);
    const id = await start('caller');
    const [child] = await json('runs', '--parent', id);
    const { out } = await takt('run', id);
    expect(out).toMatch(new RegExp(`Waits\ncall +for the end of the run ${child.id} that it has called`));
    expect(out).toMatch(new RegExp(`Called\n.*\n${child.id} +called@1 +waiting`));
    expect((await takt('run', child.id)).out).toContain(`called by  ${id}`);
    expect((await takt('runs', '--workflow', 'called')).out).toMatch(new RegExp(`called by\n${child.id}.* ${id}\n`));
  });
});
