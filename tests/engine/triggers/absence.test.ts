import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine } from '../support.ts';
import { emit, listen, runsOf, startedOn } from '../support-flow.ts';

const DAY = 24 * 3_600_000;

describe.each(databaseKinds)('trigger.absence on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  /** A workflow that misses `<name>.opened` three days after `<name>.sent`, and two leads. */
  async function missing(name: string, more: JsonObject = {}, missing: JsonObject = {}) {
    const params = { event: `${name}.sent`, missing: { event: `${name}.opened`, ...missing }, within: 'P3D', ...more };
    await listen(takt, name, { type: 'trigger.absence', params });
    const [one, two] = await Promise.all(['One', 'Two'].map((last_name) => takt.create('lead', { last_name })));
    if (!one || !two) throw new Error('Two leads were asked for.');
    const say = (what: 'sent' | 'opened', id: string, data: JsonObject = {}, topic = 'email') =>
      emit(takt, `${name}.${what}`, id, data, topic);
    return { one: one.id, two: two.id, say, started: () => startedOn(takt, name) };
  }

  it('starts when the time is over, with what began it, and not before', async () => {
    const { one, say, started } = await missing('never');
    const since = new Date(takt.clock.now()).toISOString();
    await say('sent', one, { subject: 'Your quote' });
    await takt.pass(3 * DAY - 1);
    expect(await started()).toEqual([]);
    await takt.pass(1);
    expect(await started()).toEqual([one]);
    const [run] = await runsOf(takt, 'never');
    const { items } = await takt.engine.events.page({ recordId: one, type: 'timer.fired' }, 1);
    expect(items[0]?.data).toMatchObject({ since, event: { subject: 'Your quote' } });
    expect(run?.eventId).toBe(items[0]?.id);
    await takt.pass(30 * DAY);
    expect(await started()).toEqual([one]);
  });

  it('starts nothing when the event has come in time, be it at the last moment', async () => {
    const { one, say, started } = await missing('in-time');
    await say('sent', one);
    await takt.pass(3 * DAY - 1);
    await say('opened', one);
    await takt.pass(30 * DAY);
    expect(await started()).toEqual([]);
  });

  it('has started when the event comes late, and takes nothing back', async () => {
    const { one, say, started } = await missing('late');
    await say('sent', one);
    await takt.pass(3 * DAY);
    await say('opened', one);
    await takt.pass(30 * DAY);
    expect(await started()).toEqual([one]);
  });

  it('counts anew with a second first event', async () => {
    const { one, say, started } = await missing('again');
    await say('sent', one);
    await takt.pass(2 * DAY);
    await say('sent', one);
    await takt.pass(3 * DAY - 1);
    expect(await started()).toEqual([]);
    await takt.pass(1);
    expect(await started()).toEqual([one]);
  });

  it('does not care for the event before the time has begun, and begins again after it has come', async () => {
    const { one, say, started } = await missing('order');
    await say('opened', one);
    await say('sent', one);
    await say('opened', one);
    await say('sent', one);
    await takt.pass(3 * DAY);
    expect(await started()).toEqual([one]);
  });

  it('tells two records apart', async () => {
    const { one, two, say, started } = await missing('apart');
    await say('sent', one);
    await takt.pass(DAY);
    await say('sent', two);
    await say('opened', one);
    await takt.pass(3 * DAY);
    expect(await started()).toEqual([two]);
  });

  it('asks which first events count, which missing ones do, and whether the record still fits', async () => {
    const more = { where: "event.data.kind = 'quote'", still: "record.stage = 'new'" };
    const { one, two, say, started } = await missing('asks', more, { where: "event.data.by = 'client'" });
    const other = await takt.create('lead', { last_name: 'Other' });
    await say('sent', one, { kind: 'quote' });
    await say('sent', two, { kind: 'quote' });
    await say('sent', other.id, { kind: 'news' });
    await say('opened', one, { by: 'robot' });
    await takt.update(two, { stage: 'in_work' });
    await takt.pass(3 * DAY);
    expect(await started()).toEqual([one]);
  });

  it('tells the topics of both events apart, also where they are of one type', async () => {
    const params = { event: 'message.sent', topic: 'sms', missing: { event: 'message.sent', topic: 'email' }, within: 'P3D' };
    await listen(takt, 'topics', { type: 'trigger.absence', params });
    const { one, two } = await missing('topics-leads');
    for (const id of [one, two]) await emit(takt, 'message.sent', id, {}, 'sms');
    await takt.pass(DAY);
    await emit(takt, 'message.sent', one, {}, 'email');
    await takt.pass(2 * DAY);
    expect(await startedOn(takt, 'topics')).toEqual([two]);
  });

  it('comes to nothing when its record is deleted', async () => {
    const { one, say, started } = await missing('deleted');
    await say('sent', one);
    await takt.engine.intake.submitOne({ kind: 'delete', id: one }, somebody);
    await takt.pass(5 * DAY);
    expect(await started()).toEqual([]);
  });

  it('takes both events from one transaction in their order', async () => {
    const { one, two, started } = await missing('at-once');
    const event = (what: string, recordId: string) => ({ kind: 'event' as const, type: `at-once.${what}`, topic: '', data: {}, recordId });
    await takt.engine.intake.submit([event('sent', one), event('opened', one), event('opened', two), event('sent', two)], somebody);
    await takt.pass(3 * DAY);
    expect(await started()).toEqual([two]);
  });
});
