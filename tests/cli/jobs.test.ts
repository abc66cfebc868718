import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Folder, memoryIo, openTerminal, type Terminal, temporary } from './support.ts';

const GREET = {
  takt: 1,
  id: 'greet',
  name: 'Greet',
  nodes: {
    start: { type: 'trigger.manual', params: { entity: 'contact' } },
    keep: { type: 'data.set', params: { values: { why: '= event.data.input.why' } } },
  },
  edges: [['start', 'keep']],
};

let terminal: Terminal;
let folder: Folder;
const takt = (...argv: string[]) => terminal.takt(...argv);
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);
const start = ['runs', 'start', 'greet', '--entity', 'contact'];

beforeAll(async () => {
  terminal = await openTerminal();
  folder = await temporary();
  await takt('workflow', 'import', await folder.write('greet.json', JSON.stringify(GREET)), '--publish');
});
afterAll(async () => {
  await terminal.close();
  await folder.remove();
});

describe('before anything was started', () => {
  it('says so', async () => {
    expect((await takt('jobs')).out).toBe('There have been no jobs.\n');
    expect((await takt('jobs', 'list', '--status', 'failed')).out).toBe('No job is failed.\n');
    expect((await takt(...start)).out).toBe('No record of contact fits; nothing was started.\n');
    expect((await takt('jobs', 'show', 'x')).err).toContain('[JOB_NOT_FOUND]');
  });
});

describe('a start on many records', () => {
  beforeAll(async () => {
    const changes = Array.from({ length: 1_203 }, (_, i) => ({
      kind: 'create' as const,
      entity: 'contact',
      data: { last_name: `C${i}`, score: i },
      onExisting: 'error' as const,
    }));
    await terminal.bench.engine.intake.submit(changes, { kind: 'system', id: 'test' });
  });

  it('asks with the number of records that fit; nobody to ask, or a no, starts nothing', async () => {
    const some = [...start, '--where', 'score >= 1200'];
    expect(await takt(...some)).toMatchObject({ code: 1, err: '3 records of contact fit. Nobody can be asked here: add --yes.\n' });
    expect(await terminal.taktWith(memoryIo(false), ...some)).toMatchObject({ code: 1, err: 'Nothing was changed.\n' });
    expect(await json('runs')).toEqual([]);
  });

  it('is carried out here where no server runs, with the runs that come of it', async () => {
    const { code, out, err } = await terminal.taktWith(memoryIo(true), ...start, '--where', 'score >= 1200', '--input', '{"why":"spring"}');
    expect([code, out]).toEqual([0, '3 runs of greet were started; 1,203 records were looked at.\n']);
    expect(err).toMatch(/Runs carried out in .*; runs in all: 3 done\./);
    const [run] = await json('runs', '--workflow', 'greet', '--status', 'done');
    expect((await json('run', run.id)).steps[0].output).toEqual({ why: 'spring' });
    const [job] = await json('jobs');
    expect(job).toMatchObject({ kind: 'start', status: 'done', total: 1_203, done: 1_203, made: 3, failed: 0 });
    expect((await takt('jobs', 'list')).out).toMatch(/start greet on contact where score >= 1200 +done +1,203 of 1,203 +3 runs started/);
    expect((await takt('jobs', 'show', job.id)).out).toMatch(/^result +3 runs started$/m);
  });

  it('tells on how many records the condition failed', async () => {
    const { out, err } = await takt(...start, '--where', 'score > 1201 or $number(last_name) > 1', '--yes');
    expect(out).toMatch(/^1 runs of greet were started/);
    expect(err).toContain('On 1,202 records the condition failed');
  });

  it('with --json is the job as it ended', async () => {
    expect(await json(...start, '--where', 'score = 7', '--yes')).toMatchObject({ status: 'done', made: 1, data: { where: 'score = 7' } });
  });

  it('with --no-run is left to a server, and can be followed or ended', async () => {
    const { out } = await takt(...start, '--yes', '--no-run');
    const [job] = await json('jobs', 'list', '--status', 'running');
    expect(out).toBe(`The job: takt jobs show ${job.id}\n`);
    expect((await takt('jobs', 'cancel', job.id)).out).toBe('Cancelled after 0 of 1,203: 0 runs started. What is done stays.\n');
    expect((await takt('jobs', 'cancel', job.id)).err).toContain('[JOB_ENDED]');
    await takt(...start, '--where', 'score < 2', '--yes', '--no-run');
    const [next] = await json('jobs', 'list', '--status', 'running');
    expect((await takt('jobs', 'show', next.id, '--follow')).out).toMatch(/^status +done$/m);
  });

  it('is only looked at where a server carries it out; Ctrl-C ends the look, not the job', async () => {
    terminal.server.runs = true;
    const io = memoryIo();
    io.abort();
    const { out, err } = await terminal.taktWith(io, ...start, '--yes');
    terminal.server.runs = false;
    const [job] = await json('jobs', 'list', '--status', 'running');
    expect(err).toBe(`The running server goes on with it: takt jobs show ${job.id}\n`);
    expect(out).toBe(`The job: takt jobs show ${job.id}\n`);
    await takt('jobs', 'cancel', job.id);
  });

  it.each([
    ['a workflow that is not published', ['runs', 'start', 'none', '--entity', 'contact'], '[WORKFLOW_NOT_PUBLISHED]'],
    ['another entity', ['runs', 'start', 'greet', '--entity', 'lead'], 'Name contact as the entity.'],
    ['a condition that cannot be read', [...start, '--where', 'score >'], '[EXPR_SYNTAX]'],
  ])('is refused on %s, before anybody is asked', async (_what, argv, told) => {
    expect(await takt(...argv)).toMatchObject({ code: 1, err: expect.stringContaining(told) });
  });

  it('needs an entity, and an object as the input', async () => {
    expect((await takt('runs', 'start', 'greet')).code).toBe(2);
    expect((await takt(...start, '--input', '[1]')).code).toBe(2);
  });
});
