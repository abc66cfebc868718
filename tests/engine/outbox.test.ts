import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, type TestEngine, workflow } from './support.ts';

const HOUR = 3_600_000;
const down = new TaktError('EFFECT_DEAD', { message: 'The server is down.', transient: true });
const refused = new TaktError('EFFECT_DEAD', { message: 'No such mailbox.' });

describe.each(databaseKinds)('an effect on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
    const mail: JsonObject = {
      type: 'message.send',
      params: { channel: 'email', to: 'a@example.com', subject: 'Hi', text: 'Hi' },
      retry: { attempts: 3, first: 'PT1M' },
    };
    const byStage = (stage: string): JsonObject => ({
      ...onLeadCreated,
      params: { entity: 'lead', on: ['created'], where: `source = '${stage}'` },
    });
    const after: JsonObject = { type: 'data.set', params: { values: { done: true } } };
    await takt.publish(
      workflow('plain', { start: byStage('plain'), mail, after }, [
        ['start', 'mail'],
        ['mail', 'after'],
      ]),
      workflow('ported', { start: byStage('ported'), mail, after }, [
        ['start', 'mail'],
        ['mail:error', 'after'],
      ]),
    );
  });
  afterAll(() => takt.close());

  async function begin(source: string) {
    takt.mail.sent.length = 0;
    const lead = await takt.create('lead', { last_name: 'X', source });
    await takt.pass(0);
    return async () => {
      const { items } = await takt.engine.runs.page({ recordId: lead.id }, 1);
      return takt.engine.runs.get(items[0]?.id ?? '');
    };
  }

  it('is sent once, and its result lets the run go on', async () => {
    takt.mail.failure = undefined;
    const run = await begin('plain');
    const { run: row, effects, steps } = await run();
    expect(row.status).toBe('done');
    expect(effects).toMatchObject([{ status: 'sent', attempts: 1, connector: 'mail' }]);
    expect(steps[0]).toMatchObject({ node: 'mail', status: 'done', port: expect.any(String) });
    expect(steps[0]?.output).toMatchObject({ messageId: expect.any(String) });
    expect(takt.mail.sent).toHaveLength(1);
  });

  it('is sent by an engine that was stopped and started again', async () => {
    takt.mail.failure = undefined;
    takt.mail.sent.length = 0;
    await takt.engine.start();
    await takt.engine.stop();
    await takt.engine.start();
    try {
      await takt.create('lead', { last_name: 'X', source: 'plain' });
      await vi.waitUntil(() => takt.mail.sent.length > 0, { timeout: 10_000 });
    } finally {
      await takt.engine.stop();
    }
    expect(takt.mail.sent).toHaveLength(1);
  });

  it('is tried again with the same key while the other side is down, and arrives in the end', async () => {
    takt.mail.failure = down;
    const run = await begin('plain');
    expect((await run()).effects).toMatchObject([{ status: 'pending', attempts: 1, error: { message: 'The server is down.' } }]);
    takt.mail.failure = undefined;
    await takt.pass(HOUR);
    expect((await run()).run.status).toBe('done');
    expect(takt.mail.sent.map((sent) => sent.attempt)).toEqual([1, 2]);
    expect(new Set(takt.mail.sent.map((sent) => sent.key)).size).toBe(1);
  });

  it('is dead after its last attempt; the run fails there and goes on when it is retried, under the same key', async () => {
    takt.mail.failure = down;
    const run = await begin('plain');
    await takt.pass(HOUR);
    expect((await run()).run).toMatchObject({ status: 'failed', error: { code: 'EFFECT_DEAD', node: 'mail' } });
    expect((await takt.engine.effects.page({ status: 'dead' }, 10)).items).toHaveLength(1);
    takt.mail.failure = undefined;
    expect(await takt.engine.effects.retryAll()).toBe(1);
    await takt.pass(0);
    expect((await run()).run.status).toBe('done');
    expect((await run()).effects).toHaveLength(1);
    expect(new Set(takt.mail.sent.map((sent) => sent.key)).size).toBe(1);
    expect((await takt.engine.effects.page({ status: 'dead' }, 10)).items).toEqual([]);
  });

  it('that the other side refuses for good is dead at once', async () => {
    takt.mail.failure = refused;
    const run = await begin('plain');
    expect((await run()).effects).toMatchObject([{ status: 'dead', attempts: 1 }]);
    await takt.engine.runs.cancel((await run()).run.id);
  });

  it('that is dead lets the run out by the error port; sent again later, it does not disturb the run', async () => {
    takt.mail.failure = refused;
    const run = await begin('ported');
    expect((await run()).run).toMatchObject({ status: 'done', state: { vars: { done: true } } });
    takt.mail.failure = undefined;
    const [effect] = (await run()).effects;
    await takt.engine.effects.retry(effect?.id ?? '');
    await takt.pass(0);
    expect((await run()).effects).toMatchObject([{ status: 'sent' }]);
    expect((await run()).run.status).toBe('done');
    await expect(takt.engine.effects.retry(effect?.id ?? '')).rejects.toMatchObject({ code: 'EFFECT_NOT_FOUND' });
  });

  it('that is sent while its run has failed elsewhere is taken in when the run is retried', async () => {
    const call: JsonObject = {
      type: 'http.request',
      params: { method: 'POST', url: 'https://example.com/' },
      retry: { attempts: 5, first: 'PT1M' },
    };
    const picky: JsonObject = { type: 'record.update', params: { fields: { owner: '= record.city' } } };
    const joined: JsonObject = { type: 'data.set', params: { values: { status: '= nodes.call.status' } } };
    const start = { ...onLeadCreated, params: { entity: 'lead', on: ['created'], where: "source = 'forked'" } };
    await takt.publish(
      workflow('forked', { start, call, picky, joined }, [
        ['start', 'call'],
        ['start', 'picky'],
        ['call', 'joined'],
      ]),
    );
    takt.http.failure = down;
    const lead = await takt.create('lead', { last_name: 'F', source: 'forked', city: 'not an id' });
    await takt.pass(0);
    const run = async () => takt.engine.runs.get((await takt.engine.runs.page({ recordId: lead.id }, 1)).items[0]?.id ?? '');
    expect((await run()).run).toMatchObject({ status: 'failed', error: { node: 'picky' } });
    takt.http.failure = undefined;
    await takt.pass(HOUR);
    expect(await run()).toMatchObject({ run: { status: 'failed', dueAt: null }, effects: [{ status: 'sent' }] });
    await takt.update(lead.id, { city: null });
    await takt.engine.runs.retry((await run()).run.id);
    await takt.pass(0);
    expect((await run()).run).toMatchObject({ status: 'done', state: { vars: { status: 200 } } });
  });

  it('of a branch that flow.end cuts off is not sent any more, and its step is cancelled', async () => {
    const call: JsonObject = { type: 'http.request', params: { method: 'POST', url: 'https://example.com/' }, retry: { attempts: 5 } };
    const start = { ...onLeadCreated, params: { entity: 'lead', on: ['created'], where: "source = 'cut off'" } };
    const wait: JsonObject = { type: 'flow.wait', params: { for: 'PT5S' } };
    await takt.publish(
      workflow('cut-off', { start, call, wait, stop: { type: 'flow.end' } }, [
        ['start', 'call'],
        ['start', 'wait'],
        ['wait', 'stop'],
      ]),
    );
    takt.http.failure = down;
    const lead = await takt.create('lead', { last_name: 'C', source: 'cut off' });
    await takt.pass(HOUR);
    takt.http.failure = undefined;
    const run = await takt.engine.runs.get((await takt.engine.runs.page({ recordId: lead.id }, 1)).items[0]?.id ?? '');
    expect(run.run.status).toBe('done');
    expect(run.effects).toMatchObject([{ status: 'cancelled', attempts: 1 }]);
    expect(run.steps.find((step) => step.node === 'call')).toMatchObject({ status: 'cancelled', input: { method: 'POST' } });
  });

  it('of a cancelled run is not sent any more', async () => {
    takt.mail.failure = down;
    const run = await begin('plain');
    await takt.engine.runs.cancel((await run()).run.id);
    takt.mail.failure = undefined;
    const before = takt.mail.sent.length;
    await takt.pass(HOUR);
    expect(takt.mail.sent).toHaveLength(before);
    expect((await run()).effects).toMatchObject([{ status: 'cancelled' }]);
  });
});
