import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../api/cli/program.ts';
import { loadDemo } from '../../api/demo/workspace.ts';
import { type Folder, memoryIo, openTerminal, type Terminal, temporary } from './support.ts';

/** Fails at `check` until the record says otherwise, so that there is something to retry. */
const FRAGILE = {
  takt: 1,
  id: 'fragile',
  name: 'Fragile',
  nodes: {
    start: { type: 'trigger.manual' },
    check: { type: 'data.set', params: { values: { years: "= record.comment = 'mended' ? 1 : $number('no number')" } } },
  },
  edges: [['start', 'check']],
};

let terminal: Terminal;
let folder: Folder;
const takt = (...argv: string[]) => terminal.takt(...argv);
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);
const create = async (name: string): Promise<string> => {
  const change = { kind: 'create', entity: 'lead', data: { last_name: name }, onExisting: 'error' } as const;
  const changed = await terminal.bench.engine.intake.submitOne(change, { kind: 'system', id: 'test' });
  return changed.kind === 'record' ? changed.record.id : '';
};

beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
  await loadDemo(terminal.bench.engine);
  await terminal.bench.engine.drain();
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

describe('usage', () => {
  test.each([[['nonsense']], [['records']], [['runs', '--status', 'sleeping']], [['runs', '--limit', '0']], [['effects', 'retry']]])(
    '%j is a usage error: exit code 2',
    async (argv) => {
      const { code, err } = await takt(...argv);
      expect(code).toBe(2);
      expect(err).not.toBe('');
    },
  );

  test.each([[['--help']], [['records', 'import', '--help']], [['run', 'start', '--help']], [['--version']]])(
    '%j is no error',
    async (argv) => {
      const { code, out } = await takt(...argv);
      expect(code).toBe(0);
      expect(out).not.toBe('');
    },
  );

  test.each([
    ['cut off', new Error('Connection terminated unexpectedly')],
    ['reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['being shut down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
  ])('a database that is %s during a command is told as one that is away', async (_how, error) => {
    const io = memoryIo();
    const code = await runCli(['runs'], io, () => Promise.reject(error));
    expect(code).toBe(1);
    expect(io.said.err).toContain('[DATABASE_UNAVAILABLE]');
    expect(io.said.err).not.toContain('INTERNAL');
  });

  test('an error of the catalogue is one message with the way out, without a stack', async () => {
    const { code, err } = await takt('records', 'laed');
    expect(code).toBe(1);
    expect(err).toBe('Error: There is no entity "laed". [ENTITY_UNKNOWN]\n  Did you mean "lead"?\n');
  });

  test('TAKT_DEBUG shows where it happened', async () => {
    const io = memoryIo();
    io.env.TAKT_DEBUG = '1';
    expect((await terminal.taktWith(io, 'run', 'x')).err).toMatch(/\n {4}at /);
  });
});

describe('the demo workspace', () => {
  test('loaded twice is loaded once', async () => {
    const before = await json('records', 'lead');
    await loadDemo(terminal.bench.engine);
    await terminal.bench.engine.drain();
    expect(await json('records', 'lead')).toEqual(before);
    expect(await json('workflow', 'versions', 'lead-scoring')).toHaveLength(1);
  });

  test('every lead is scored and has an owner', async () => {
    const leads: { score?: number; owner?: string }[] = await json('records', 'lead', '--where', "$contains(key, 'demo')");
    expect(leads).toHaveLength(6);
    for (const { score = -1, owner } of leads) expect([score >= 0, owner !== undefined]).toEqual([true, true]);
  });
});

describe('records and runs', () => {
  test('lists with condition, order, columns and owners by name', async () => {
    const { out } = await takt('records', 'lead', '--where', 'score >= 80', '--sort', 'name', '--columns', 'name,owner');
    const [head, ...lines] = out.trim().split('\n');
    expect(head).toMatch(/^name +owner$/);
    expect(lines.join()).toMatch(/Grace Okafor +(Anna Lind|Omar Haddad)/);
  });

  test('a run shows its steps, what caused it and what it sent', async () => {
    const [run] = await json('runs', '--workflow', 'lead-routing', '--status', 'waiting');
    const { out } = await takt('run', run.id);
    expect(out).toContain('caused by  lead-scoring/score');
    expect(out).toMatch(/a_day \(flow\.wait\) {2}waiting/);
    expect((await json('run', run.id)).steps.length).toBeGreaterThan(1);
  });

  test('the mailbox lists messages and shows one', async () => {
    const [message] = await json('mailbox');
    expect((await takt('mailbox', message.id)).out).toContain('Thank you for your enquiry.');
    expect((await takt('mailbox')).out).toContain('We have got your enquiry');
  });

  test('control characters of a record do not reach the terminal', async () => {
    await create('\u001b[31mred');
    const { out } = await takt('records', 'lead', '--search', 'red', '--columns', 'name');
    expect(out).not.toContain('\u001b');
  });

  test('a cancelled run cannot be cancelled again', async () => {
    const [run] = await json('runs', '--workflow', 'lead-routing', '--status', 'waiting');
    expect((await takt('run', 'cancel', run.id)).code).toBe(0);
    expect((await takt('run', 'cancel', run.id)).err).toContain('[RUN_ENDED]');
  });
});

describe('retrying', () => {
  const mend = (id: string) =>
    terminal.bench.engine.intake.submitOne({ kind: 'update', id, data: { comment: 'mended' } }, { kind: 'system', id: 'test' });

  test('a started run is carried out, fails, and goes on when its fault is mended', async () => {
    await takt('workflow', 'import', await folder.write('fragile.json', JSON.stringify(FRAGILE)), '--publish');
    const record = await create('One');
    const started = await takt('run', 'start', 'fragile', '--record', record);
    const id = started.out.trim();
    expect((await json('run', id)).status).toBe('failed');
    await mend(record);
    expect((await takt('run', 'retry', id)).code).toBe(0);
    expect((await json('run', id)).status).toBe('done');
    expect((await takt('run', 'retry', id)).err).toContain('[RUN_NOT_FAILED]');
  });

  test('many are retried after a question with their number; nobody to ask, or a no, changes nothing', async () => {
    const records = [await create('Two'), await create('Three')];
    for (const record of records) await takt('run', 'start', 'fragile', '--record', record);
    for (const record of records) await mend(record);
    const retry = ['runs', 'retry', '--workflow', 'fragile', '--node', 'check'];
    expect(await takt(...retry)).toMatchObject({ code: 1, err: '2 failed runs fit. Nobody can be asked here: add --yes.\n' });
    expect(await terminal.taktWith(memoryIo(false), ...retry)).toMatchObject({ code: 1 });
    expect((await takt(...retry, '--error', 'MAIL_REFUSED')).out).toBe('No failed run fits.\n');
    expect((await terminal.taktWith(memoryIo(true), ...retry)).out).toBe('2 runs go on.\n');
    expect(await json('runs', '--workflow', 'fragile', '--status', 'failed')).toEqual([]);
  });

  test('where a server runs, the runs are left to it', async () => {
    const record = await create('Four');
    terminal.server.runs = true;
    const { err, out } = await takt('run', 'start', 'fragile', '--record', record);
    terminal.server.runs = false;
    expect(err).toContain('the running server carries them out');
    expect((await json('run', out.trim())).status).toBe('active');
    await terminal.bench.engine.drain();
  });

  test('--no-run leaves them', async () => {
    const record = await create('Five');
    await terminal.bench.engine.drain();
    const { out } = await takt('run', 'start', 'fragile', '--record', record, '--no-run');
    expect((await json('run', out.trim())).status).toBe('active');
    expect((await takt('check')).out).toContain('1 runs are due and no server runs');
    await terminal.bench.engine.drain();
  });
});

describe('workflows', () => {
  test('validate tells every problem with file, line, place and the way out', async () => {
    const broken = {
      ...FRAGILE,
      nodes: { ...FRAGILE.nodes, odd: { type: 'flow.wiat' } },
      edges: [
        ['start', 'check'],
        ['check', 'nowhere'],
      ],
    };
    const file = await folder.write('broken.json', JSON.stringify(broken, null, 2));
    const { code, out } = await takt('workflow', 'validate', file);
    expect(code).toBe(1);
    expect(out).toMatch(/broken\.json:\d+: \/nodes\/odd\/type, node odd: .*\[NODE_TYPE_UNKNOWN\]/);
    expect(out).toContain('[EDGE_NODE_UNKNOWN]');
    expect((await json('workflow', 'validate', file))[0].problems.length).toBeGreaterThan(1);
  });

  test('validate tells line and column of what is not JSON', async () => {
    const { out, code } = await takt('workflow', 'validate', await folder.write('torn.json', '{\n  "takt": 1,\n'));
    expect(code).toBe(1);
    expect(out).toMatch(/torn\.json:3: .*\[WORKFLOW_JSON\]/);
  });

  test('what is published, exported and imported again is the same', async () => {
    const file = `${folder.path}/out.json`;
    await takt('workflow', 'export', 'lead-scoring', '--out', file);
    expect((await takt('workflow', 'import', file, '--publish')).out).toContain('equals the published version');
    expect(JSON.parse(await readFile(file, 'utf8')).id).toBe('lead-scoring');
  });

  test('a new version tells what has changed and takes the new runs, a roll-back the earlier one, a pause none', async () => {
    const changed = {
      ...FRAGILE,
      name: 'Less fragile',
      nodes: { ...FRAGILE.nodes, check: { type: 'data.set', params: { values: { years: 1 } } } },
    };
    await takt('workflow', 'import', await folder.write('less.json', JSON.stringify(changed)));
    expect((await takt('workflow', 'publish', 'fragile', '--note', 'years are given')).out).toContain('version 2 is published.');
    const { out } = await takt('workflow', 'diff', 'fragile', '1', 'draft');
    expect(out.split('\n')).toEqual([
      'The name changes from "Fragile" to "Less fragile".',
      expect.stringMatching(/^In "check" \(data\.set\), params\.values\.years changes from "= record.* to 1\.$/),
      '',
    ]);
    expect(await json('workflow', 'diff', 'fragile', '2', '1')).toMatchObject({ nodes: { changed: [{ id: 'check' }] } });
    expect((await takt('workflow', 'diff', 'fragile', '2', 'draft')).out).toBe('Nothing has changed.\n');
    expect(await takt('workflow', 'diff', 'fragile', '1', '9')).toMatchObject({ code: 1 });
    expect(await takt('workflow', 'diff', 'fragile', '1', 'newest')).toMatchObject({ code: 2 });
    const record = await create('Six');
    const runVersion = async () => (await json('run', (await takt('run', 'start', 'fragile', '--record', record)).out.trim())).version;
    expect(await runVersion()).toBe(2);
    await takt('workflow', 'rollback', 'fragile', '1');
    expect(await runVersion()).toBe(1);
    expect((await takt('workflow', 'versions', 'fragile')).out).toMatch(/1 +current/);
    await takt('workflow', 'pause', 'fragile');
    expect((await takt('run', 'start', 'fragile', '--record', record)).code).toBe(1);
    await takt('workflow', 'resume', 'fragile');
    expect((await takt('workflow', 'list')).out).toMatch(/fragile +Less fragile +active +1/);
  });
});

describe('what exists', () => {
  test('nodes and entities are listed and shown', async () => {
    expect((await takt('nodes')).out).toMatch(/task\.create +1 +action/);
    expect((await takt('nodes', 'task.create')).out).toContain('"title"');
    expect((await takt('nodes', 'task.craete')).err).toContain('Did you mean "task.create"?');
    expect((await takt('entities')).out).toMatch(/^lead +Lead/m);
    expect((await takt('entities', 'lead')).out).toContain('new → in_work → qualified');
  });

  test('an entity is defined from a file, and what is wrong with one is told', async () => {
    const visit = { name: 'visit', title: 'Visit', fields: { place: { type: 'text', title: 'Place', required: true } } };
    expect((await takt('entity', 'define', await folder.write('visit.json', JSON.stringify(visit)))).out).toContain('visit is defined');
    expect((await takt('entities', 'visit')).out).toMatch(/place +text, required/);
    const { err, code } = await takt('entity', 'define', await folder.write('bad.json', '{"name":"Visit","fields":{}}'));
    expect(code).toBe(1);
    expect(err).toContain('[ENTITY_INVALID]');
  });
});

describe('keys', () => {
  test('a key is shown once, listed without its secret, and revoked', async () => {
    const made = await json('keys', 'create', 'website', '--scopes', 'records:write');
    const { out } = await takt('keys', 'list');
    expect(out).toContain('website');
    expect(out).not.toContain(made.token);
    expect((await takt('keys', 'revoke', made.id)).code).toBe(0);
    expect(await terminal.bench.keys.authenticate(made.token)).toBeUndefined();
  });

  test('an unknown scope is told with those that exist', async () => {
    expect((await takt('keys', 'create', 'website', '--scopes', 'record:write')).err).toContain('records:write');
  });
});
