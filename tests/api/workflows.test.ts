import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { at, type Bench, listOf, openBench, publish, workflowFile } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const MANUAL: JsonObject = { type: 'trigger.manual', params: {} };
const ABSENT = '01900000-0000-7000-8000-000000000000';
const url = (id: string, action = ''): string => `/api/v1/workflows/${id}${action}`;

describe('a draft', () => {
  test('is saved unfinished, with what stands in the way of publishing', async () => {
    const file = { ...workflowFile('unfinished', MANUAL), edges: [['start', 'nowhere']] };
    const { status, body, headers } = await bench.call('PUT', url('unfinished', '/draft'), { body: file });
    expect([status, body.revision, headers.etag]).toEqual([200, 1, '"1"']);
    expect(listOf(body.problems).map(({ code }) => code)).toContain('EDGE_NODE_UNKNOWN');
    const refused = await bench.call('POST', url('unfinished', '/publish'));
    expect([refused.status, refused.body.code]).toEqual([422, 'WORKFLOW_INVALID']);
    expect(listOf(refused.body.errors)[0]).toMatchObject({ pointer: '/edges/0/1' });
  });

  test('that somebody else has changed meanwhile is not overwritten', async () => {
    const body = workflowFile('contested', MANUAL);
    await bench.call('PUT', url('contested', '/draft?revision=0'), { body });
    const stale: [string, Record<string, string>][] = [
      ['', { 'if-match': '"0"' }],
      ['?revision=0', {}],
    ];
    for (const [query, headers] of stale) {
      const answer = await bench.call('PUT', url('contested', `/draft${query}`), { body, headers });
      expect([answer.status, answer.body.code]).toEqual([409, 'WORKFLOW_REVISION_STALE']);
    }
    expect((await bench.call('PUT', url('contested', '/draft'), { body, headers: { 'if-match': '"1"' } })).body.revision).toBe(2);
  });

  test('is saved under its own id only', async () => {
    const { status, body } = await bench.call('PUT', url('other', '/draft'), { body: workflowFile('mine', MANUAL) });
    expect([status, body.pointer]).toEqual([422, '/id']);
  });

  test('with a node named __proto__ is refused', async () => {
    const payload = JSON.stringify(workflowFile('sly', MANUAL)).replace('"finish":', '"__proto__":');
    const { status, body } = await bench.call('PUT', url('sly', '/draft'), { headers: { 'content-type': 'application/json' }, payload });
    expect([status, body.code, body.pointer]).toEqual([400, 'INPUT_INVALID', '/nodes/__proto__']);
    expect((await bench.call('GET', url('sly'))).status).toBe(404);
  });

  test('is checked without being kept', async () => {
    expect((await bench.call('POST', url('validate'), { body: workflowFile('checked', MANUAL) })).body).toEqual({
      valid: true,
      problems: [],
    });
    const bad = await bench.call('POST', url('validate'), { body: [1, 2] });
    expect(bad.body.valid).toBe(false);
    expect((await bench.call('GET', url('checked'))).body.code).toBe('WORKFLOW_NOT_FOUND');
  });
});

describe('a workflow', () => {
  test('is published, rolled back, exported by version', async () => {
    await publish(bench, workflowFile('steady', MANUAL));
    expect((await bench.call('POST', url('steady', '/publish'))).body.code).toBe('WORKFLOW_UNCHANGED');
    await bench.call('PUT', url('steady', '/draft'), { body: workflowFile('steady', MANUAL, { description: 'Second' }) });
    const second = await bench.call('POST', url('steady', '/publish'), { body: { note: 'better' } });
    expect(second.body).toMatchObject({ version: 2, note: 'better', publishedBy: { kind: 'key' } });
    const versions = await bench.call('GET', url('steady', '/versions?limit=1'));
    expect(listOf(versions.body.items).map(({ version }) => version)).toEqual([2]);
    const rest = await bench.call('GET', url('steady', `/versions?cursor=${String(versions.body.next)}`));
    expect(listOf(rest.body.items).map(({ version }) => version)).toEqual([1]);
    expect((await bench.call('POST', url('steady', '/rollback'), { body: { version: 1 } })).body.publishedVersion).toBe(1);
    expect((await bench.call('POST', url('steady', '/rollback'), { body: { version: 9 } })).body.code).toBe('WORKFLOW_VERSION_NOT_FOUND');
    const file = await bench.call('GET', url('steady', '/file?version=1'));
    expect(file.headers['content-disposition']).toBe('attachment; filename="steady.json"');
    expect(file.body).not.toHaveProperty('description');
  });

  test('is compared version by version, and with its draft', async () => {
    await publish(bench, workflowFile('compared', MANUAL));
    const draft = workflowFile('compared', MANUAL, { name: 'Compared', edges: [], layout: { start: [1, 2] } });
    await bench.call('PUT', url('compared', '/draft'), { body: draft });
    const { status, body } = await bench.call('GET', url('compared', '/diff?from=1&to=draft'));
    expect(status).toBe(200);
    expect(body).toEqual({
      file: [{ pointer: '/name', before: 'Workflow compared', after: 'Compared' }],
      settings: [],
      nodes: { added: [], removed: [], renamed: [], changed: [], moved: [{ id: 'start', before: null, after: [1, 2] }] },
      edges: { added: [], removed: [{ from: 'start', port: null, to: 'finish' }] },
      summary: [
        'The name changes from "Workflow compared" to "Compared".',
        'start → finish is no longer connected.',
        'On the canvas moved: start.',
      ],
    });
    const back = await bench.call('GET', url('compared', '/diff?from=draft&to=1'));
    expect(at(back.body, 'edges')).toMatchObject({ added: [{ from: 'start' }], removed: [] });
    expect((await bench.call('GET', url('compared', '/diff?from=1&to=1'))).body.summary).toEqual(['Nothing has changed.']);
  });

  test('is not compared with what is not there, or does not fit the schema yet', async () => {
    await publish(bench, workflowFile('incomparable', MANUAL));
    await bench.call('PUT', url('incomparable', '/draft'), { body: { id: 'incomparable', name: 'Half', takt: 1, nodes: { a: {} } } });
    const refusals: [string, number, string][] = [
      ['from=1&to=7', 404, 'WORKFLOW_VERSION_NOT_FOUND'],
      ['from=1', 400, 'INPUT_INVALID'],
      ['from=one&to=draft', 400, 'INPUT_INVALID'],
      ['from=0&to=1', 400, 'INPUT_INVALID'],
      ['from=1&to=draft', 422, 'WORKFLOW_INVALID'],
    ];
    for (const [query, expected, code] of refusals) {
      const { status, body } = await bench.call('GET', url('incomparable', `/diff?${query}`));
      expect([status, body.code]).toEqual([expected, code]);
    }
    expect((await bench.call('GET', url('nobody', '/diff?from=1&to=2'))).body.code).toBe('WORKFLOW_NOT_FOUND');
  });

  test('is listed by id in pages, without its file', async () => {
    for (const id of ['list-a', 'list-b', 'list-c']) await publish(bench, workflowFile(id, MANUAL));
    const ids: unknown[] = [];
    let next = '';
    do {
      const { body, text } = await bench.call('GET', `/api/v1/workflows?limit=2${next && `&cursor=${next}`}`);
      expect(text).not.toContain('"nodes"');
      ids.push(...listOf(body.items).map(({ id }) => id));
      next = typeof body.next === 'string' ? body.next : '';
    } while (next !== '');
    expect(ids).toEqual([...ids].sort());
    expect(ids).toEqual(expect.arrayContaining(['list-a', 'list-b', 'list-c']));
  });

  test('that is paused starts nothing until it is resumed', async () => {
    await publish(bench, workflowFile('resting', MANUAL));
    expect((await bench.call('POST', url('resting', '/pause'))).body.status).toBe('paused');
    const start = () => bench.call('POST', url('resting', '/runs'));
    expect(await start()).toMatchObject({ status: 409, body: { code: 'WORKFLOW_PAUSED' } });
    await bench.call('POST', url('resting', '/resume'));
    expect((await start()).body.run).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a run', () => {
  test('is started by hand on a record, once for a key, and seen with its steps', async () => {
    await publish(bench, workflowFile('greet', { type: 'trigger.manual', params: { entity: 'lead' } }));
    const record = String((await bench.call('POST', '/api/v1/records/lead', { body: { first_name: 'Ann' } })).body.id);
    const start = () => bench.call('POST', url('greet', '/runs'), { body: { record, input: { why: 'test' }, key: 'k-1' } });
    const { status, body } = await start();
    expect(status).toBe(201);
    expect((await start()).body.run).toBeNull();
    await bench.engine.drain();
    const run = await bench.call('GET', `/api/v1/runs/${String(body.run)}`);
    expect(at(run.body, 'run')).toMatchObject({ workflow: 'greet', version: 1, status: 'done', record, at: [] });
    expect(listOf(run.body.steps)).toMatchObject([{ node: 'finish', type: 'flow.end', status: 'done', attempt: 1 }]);
    expect(bench.log()).toContain(`"run":"${String(body.run)}"`);
  });

  test('is found by workflow, status and record', async () => {
    await publish(
      bench,
      workflowFile(
        'patient',
        { type: 'trigger.manual', params: {} },
        { nodes: { start: MANUAL, hold: { type: 'flow.wait', params: { for: 'P1D' } } }, edges: [['start', 'hold']] },
      ),
    );
    const { run } = (await bench.call('POST', url('patient', '/runs'))).body;
    await bench.engine.drain();
    const { body } = await bench.call('GET', '/api/v1/runs?workflow=patient&status=waiting');
    expect(listOf(body.items)).toMatchObject([{ id: run, at: [{ node: 'hold', status: 'waiting', until: '2027-01-05T09:00:00.000Z' }] }]);
    expect((await bench.call('GET', `/api/v1/runs?record=${ABSENT}`)).body.items).toEqual([]);
    expect((await bench.call('GET', '/api/v1/runs?status=lost')).status).toBe(400);
    const cancelled = await bench.call('POST', `/api/v1/runs/${String(run)}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', at: [] });
    expect((await bench.call('POST', `/api/v1/runs/${String(run)}/cancel`)).body.code).toBe('RUN_ENDED');
    expect((await bench.call('POST', `/api/v1/runs/${String(run)}/retry`)).body.code).toBe('RUN_NOT_FAILED');
  });

  test('is not started where there is nothing to start', async () => {
    await publish(bench, workflowFile('hooked', { type: 'trigger.webhook', params: { hook: 'hooked' } }));
    expect((await bench.call('POST', url('absent', '/runs'))).body.code).toBe('WORKFLOW_NOT_PUBLISHED');
    expect((await bench.call('POST', url('hooked', '/runs'))).body.code).toBe('WORKFLOW_NOT_MANUAL');
    expect((await bench.call('POST', url('greet', '/runs'), { body: { record: ABSENT } })).body.code).toBe('RECORD_NOT_FOUND');
    expect((await bench.call('GET', `/api/v1/runs/${ABSENT}`)).body.code).toBe('RUN_NOT_FOUND');
  });
});

describe('what leaves the house', () => {
  const send = {
    type: 'message.send',
    params: { channel: 'email', to: 'ann@example.com', subject: 'Hello', text: 'Good day', html: '<b>Good day</b>' },
  };
  const call = { type: 'http.request', params: { method: 'POST', url: 'http://127.0.0.1:9/', body: '' } };
  const flow = (id: string, node: JsonObject): JsonObject =>
    workflowFile(id, MANUAL, { nodes: { start: MANUAL, out: node }, edges: [['start', 'out']] });

  test('is kept in the mailbox and listed as sent', async () => {
    await publish(bench, flow('mails', send));
    const { run } = (await bench.call('POST', url('mails', '/runs'))).body;
    await bench.engine.drain();
    const [effect] = listOf((await bench.call('GET', `/api/v1/effects?run=${String(run)}&status=sent`)).body.items);
    expect(effect).toMatchObject({ connector: 'mail', destination: 'example.com', attempts: 1, node: 'out' });
    const box = await bench.call('GET', `/api/v1/mailbox?run=${String(run)}`);
    expect(box.text).not.toContain('Good day');
    const [message] = listOf(box.body.items);
    const whole = await bench.call('GET', `/api/v1/mailbox/${String(message?.id)}`);
    expect(whole.body).toMatchObject({ subject: 'Hello', text: 'Good day', html: '<b>Good day</b>', recipients: ['ann@example.com'], run });
    expect((await bench.call('GET', `/api/v1/mailbox/${ABSENT}`)).body.code).toBe('MESSAGE_NOT_FOUND');
  });

  test('and is dead can be retried, one or all, by run or by effect', async () => {
    await publish(bench, flow('calls', call));
    await bench.call('POST', url('calls', '/runs'));
    await bench.call('POST', url('calls', '/runs'));
    const dead = async (): Promise<JsonObject[]> => {
      await bench.engine.drain();
      return listOf((await bench.call('GET', '/api/v1/effects?status=dead')).body.items);
    };
    const [effect] = await dead();
    expect(at(effect?.error).code).toBe('HTTP_ADDRESS');
    const failed = listOf((await bench.call('GET', '/api/v1/runs?status=failed')).body.items);
    expect(failed).toHaveLength(2);
    expect((await bench.call('POST', `/api/v1/effects/${String(effect?.id)}/retry`)).status).toBe(204);
    expect(await dead()).toHaveLength(2);
    expect((await bench.call('POST', '/api/v1/effects/retry')).body).toEqual({ retried: 2 });
    await dead();
    expect((await bench.call('POST', `/api/v1/runs/${String(failed[0]?.id)}/retry`)).body.status).toBe('active');
    await dead();
    expect((await bench.call('POST', '/api/v1/runs/retry', { body: { workflow: 'mails' } })).body).toEqual({ retried: 0 });
    expect((await bench.call('POST', '/api/v1/runs/retry', { body: { workflow: 'calls', code: 'EFFECT_DEAD' } })).body).toEqual({
      retried: 2,
    });
    expect((await bench.call('POST', `/api/v1/effects/${ABSENT}/retry`)).body.code).toBe('EFFECT_NOT_FOUND');
    await dead();
    expect((await bench.call('GET', '/health')).body).toMatchObject({ outbox: { pending: 0, dead: 2 }, worker: { dueRuns: 0 } });
    expect((await bench.call('GET', '/metrics')).text).toContain('takt_effects{status="dead"} 2');
  });
});

describe('node types', () => {
  test('are listed with the JSON Schema of their parameters', async () => {
    const { body } = await bench.call('GET', '/api/v1/node-types');
    const node = listOf(body.items).find(({ type }) => type === 'flow.if');
    expect(node).toMatchObject({ kind: 'action', family: 'flow', version: 1 });
    expect(JSON.stringify(at(node?.params))).toContain('"x-takt":"condition"');
  });

  test('tell the ports that parameters give them', async () => {
    const preview = (type: string, params: JsonObject) => bench.call('POST', `/api/v1/node-types/${type}/preview`, { body: { params } });
    const cases = { cases: [{ port: 'vip', when: 'record.score > 80' }] };
    expect((await preview('flow.switch', cases)).body.ports).toEqual(expect.arrayContaining(['vip', 'error']));
    expect(listOf((await preview('flow.wait', {})).body.problems).length).toBeGreaterThan(0);
    expect((await preview('flow.swich', {})).body).toMatchObject({ status: 404, hint: 'Did you mean "flow.switch"?' });
  });
});
