import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine } from '../support.ts';
import { emit, listen, startedOn } from '../support-flow.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe.each(databaseKinds)('trigger.event on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  /** A workflow of the event that is called like it, and two leads. */
  async function counting(name: string, params: JsonObject) {
    await listen(takt, name, { type: 'trigger.event', params: { event: name, topic: '*', ...params } });
    const [one, two] = await Promise.all(['One', 'Two'].map((last_name) => takt.create('lead', { last_name })));
    if (!one || !two) throw new Error('Two leads were asked for.');
    return { one: one.id, two: two.id, started: () => startedOn(takt, name) };
  }
  const times3 = { count: { times: 3, within: 'PT1H' } };

  it('takes its type and topic, the empty topic without one, any with *', async () => {
    const { one } = await counting('any', {});
    await listen(takt, 'mail', { type: 'trigger.event', params: { event: 'any', topic: 'email' } });
    await listen(takt, 'plain', { type: 'trigger.event', params: { event: 'any' } });
    for (const topic of ['email', 'sms', '']) await emit(takt, 'any', one, {}, topic);
    await emit(takt, 'anything', one, {}, 'email');
    const counts = await Promise.all(['any', 'mail', 'plain'].map(async (id) => (await startedOn(takt, id)).length));
    expect(counts).toEqual([3, 1, 1]);
  });

  it('asks its condition of the event and of the record that it is about', async () => {
    const { one, started } = await counting('asked', { where: "event.data.link = 'price' and record.score > 50" });
    await takt.update(one, { score: 50 });
    await emit(takt, 'asked', one, { link: 'price' });
    await takt.update(one, { score: 51 });
    await emit(takt, 'asked', one, { link: 'help' });
    await emit(takt, 'asked', undefined, { link: 'price' });
    expect(await started()).toEqual([]);
    await emit(takt, 'asked', one, { link: 'price' });
    expect(await started()).toEqual([one]);
  });

  it('starts no second run by an event that is delivered twice', async () => {
    const { one, started } = await counting('twice', { count: { times: 2 } });
    const post = (key: string) =>
      takt.engine.intake.submitOne({ kind: 'event', type: 'twice', topic: '', data: {}, recordId: one, key }, somebody);
    for (const key of ['a', 'a', 'a']) await post(key);
    expect(await started()).toEqual([]);
    await post('b');
    expect(await started()).toEqual([one]);
  });

  it('three within an hour starts with the third', async () => {
    const { one, started } = await counting('third', times3);
    await emit(takt, 'third', one);
    await takt.pass(59 * MINUTE);
    await emit(takt, 'third', one);
    expect(await started()).toEqual([]);
    await takt.pass(MINUTE - 1);
    await emit(takt, 'third', one);
    expect(await started()).toEqual([one]);
  });

  it('three within an hour does not start with two in the hour and one that comes when it is over', async () => {
    const { one, started } = await counting('late', times3);
    await emit(takt, 'late', one);
    await emit(takt, 'late', one);
    await takt.pass(HOUR);
    await emit(takt, 'late', one);
    expect(await started()).toEqual([]);
    // The hour is any hour: with the last one two more are enough.
    await takt.pass(HOUR - 1);
    await emit(takt, 'late', one);
    await emit(takt, 'late', one);
    expect(await started()).toEqual([one]);
  });

  it('three counts anew when it has started a run', async () => {
    const { one, started } = await counting('anew', times3);
    const counts: number[] = [];
    for (let i = 0; i < 9; i++) {
      await emit(takt, 'anew', one);
      counts.push((await started()).length);
    }
    expect(counts).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3]);
  });

  it('three without a time counts for ever', async () => {
    const { one, started } = await counting('ever', { count: { times: 3 } });
    for (let i = 0; i < 3; i++) {
      expect(await started()).toEqual([]);
      await takt.pass(400 * 24 * HOUR);
      await emit(takt, 'ever', one);
    }
    expect(await started()).toEqual([one]);
  });

  it('three counts for each record apart, and only events that meet the condition', async () => {
    const { one, two, started } = await counting('apart', { ...times3, where: 'event.data.counts' });
    for (const id of [one, two, one, two]) await emit(takt, 'apart', id, { counts: true });
    await emit(takt, 'apart', one, { counts: false });
    expect(await started()).toEqual([]);
    await emit(takt, 'apart', two, { counts: true });
    expect(await started()).toEqual([two]);
    await emit(takt, 'apart', one, { counts: true });
    expect(await started()).toEqual([two, one]);
  });

  it('three of events about no record are counted together', async () => {
    const { started } = await counting('nobody', times3);
    for (let i = 0; i < 3; i++) await emit(takt, 'nobody');
    expect(await started()).toEqual([null]);
  });

  it('three starts exactly six runs when twenty are posted at once to two processes, and the next one completes the seventh', async () => {
    const { one, started } = await counting('crowd', times3);
    const engines = [takt.engine, takt.another()];
    const post = async (i: number) =>
      engines[i % 2]?.intake.submitOne({ kind: 'event', type: 'crowd', topic: '', data: {}, recordId: one }, somebody);
    await Promise.all(Array.from({ length: 20 }, (_, i) => post(i)));
    expect(await started()).toHaveLength(6);
    await post(0);
    expect(await started()).toHaveLength(7);
  });

  it('three counts what one transaction brings together', async () => {
    const { one, two, started } = await counting('bulk', times3);
    const changes = [one, two, one, one, two, one].map((recordId) => ({
      kind: 'event' as const,
      type: 'bulk',
      topic: '',
      data: {},
      recordId,
    }));
    await takt.engine.intake.submit(changes, somebody);
    expect(await started()).toEqual([one]);
  });
});
