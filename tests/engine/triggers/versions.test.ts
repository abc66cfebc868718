/** What waits for records under a trigger, when its workflow is published anew, rolled back or paused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, type TestEngine, workflow } from '../support.ts';
import { emit, listen, set, startedOn } from '../support-flow.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each(databaseKinds)('on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const of = (source: string): string => `record.source = '${source}'`;
  const silence = (source: string, more: JsonObject = {}): JsonObject => ({
    type: 'trigger.inactivity',
    params: { entity: 'lead', for: 'P10D', activity: [{ event: 'message.answered' }], where: of(source), ...more },
  });
  const absence = (source: string, more: JsonObject = {}): JsonObject => ({
    type: 'trigger.absence',
    params: { event: 'message.sent', missing: { event: 'message.opened' }, within: 'P3D', where: of(source), ...more },
  });
  const date = (source: string, more: JsonObject = {}): JsonObject => ({
    type: 'trigger.date',
    params: { entity: 'lead', field: 'opened_at', offset: 'P1D', where: of(source), ...more },
  });
  /** Another version: the same trigger, and something else after it. */
  const anew = (id: string, trigger: JsonObject, mark: string): Promise<void> =>
    takt.publish(workflow(id, { start: trigger, noted: set({ noted: mark }) }, [['start', 'noted']]));
  const lead = (source: string, more: JsonObject = {}) => takt.create('lead', { last_name: 'Doe', source, ...more });
  const now = (): string => new Date(takt.clock.now()).toISOString();
  const pause = (id: string) => takt.engine.workflows.setStatus(id, 'paused');
  const resume = (id: string) => takt.engine.workflows.setStatus(id, 'active');

  it('a new version with the same trigger goes on waiting for the same silence, absence and date', async () => {
    await listen(takt, 'kept-silence', silence('kept'));
    await listen(takt, 'kept-absence', absence('kept'));
    await listen(takt, 'kept-date', date('kept'));
    const { id } = await lead('kept', { opened_at: now() });
    await emit(takt, 'message.sent', id);
    await takt.pass(12 * HOUR);
    await emit(takt, 'message.answered', id);
    await anew('kept-silence', silence('kept'), 'two');
    await anew('kept-absence', absence('kept'), 'two');
    await anew('kept-date', date('kept'), 'two');
    const starts = () =>
      Promise.all(['kept-date', 'kept-absence', 'kept-silence'].map(async (name) => (await startedOn(takt, name)).length));
    await takt.pass(12 * HOUR - 1);
    expect(await starts()).toEqual([0, 0, 0]);
    await takt.pass(1);
    expect(await starts()).toEqual([1, 0, 0]);
    await takt.pass(2 * DAY);
    expect(await starts()).toEqual([1, 1, 0]);
    await takt.pass(7 * DAY + 12 * HOUR - 1);
    expect(await starts()).toEqual([1, 1, 0]);
    await takt.pass(1);
    expect(await starts()).toEqual([1, 1, 1]);
  });

  it('a silence that has started a run starts no other when a new version is published, also with another condition', async () => {
    await listen(takt, 'silent-once', silence('silent-once'));
    const { id } = await lead('silent-once');
    await takt.pass(10 * DAY);
    expect(await startedOn(takt, 'silent-once')).toEqual([id]);
    await anew('silent-once', silence('silent-once'), 'two');
    await takt.pass(DAY);
    await anew('silent-once', silence('silent-once', { where: `${of('silent-once')} and score = null` }), 'three');
    await takt.pass(30 * DAY);
    expect(await startedOn(takt, 'silent-once')).toEqual([id]);
    await emit(takt, 'message.answered', id);
    await anew('silent-once', silence('silent-once'), 'four');
    await takt.pass(10 * DAY);
    expect(await startedOn(takt, 'silent-once')).toEqual([id, id]);
  });

  it('a trigger that is gone takes its waiting with it, also where another one has its name', async () => {
    const other: JsonObject = { type: 'trigger.event', params: { event: 'form.submitted' } };
    const { id } = await lead('gone', { opened_at: now() });
    for (const [name, trigger] of Object.entries({ silence: silence('gone'), absence: absence('gone'), date: date('gone') })) {
      await listen(takt, `gone-${name}`, trigger);
      await listen(takt, `turned-${name}`, trigger);
    }
    await emit(takt, 'message.sent', id);
    for (const name of ['silence', 'absence', 'date']) await anew(`gone-${name}`, other, 'two');
    await anew('turned-silence', absence('gone'), 'two');
    await anew('turned-absence', silence('nobody'), 'two');
    await anew('turned-date', silence('gone', { entity: 'contact', where: 'true' }), 'two');
    await takt.pass(30 * DAY);
    for (const name of ['silence', 'absence', 'date']) {
      expect(await startedOn(takt, `gone-${name}`)).toEqual([]);
      expect(await startedOn(takt, `turned-${name}`)).toEqual([]);
    }
  });

  it('a version with another offset finds the dates of all records anew, those that have come already excepted', async () => {
    await listen(takt, 'offset', date('offset'));
    const { id } = await lead('offset', { opened_at: now() });
    const over = await lead('offset', { opened_at: new Date(takt.clock.now() - 5 * DAY).toISOString() });
    await anew('offset', date('offset', { offset: 'P3D' }), 'two');
    await takt.pass(3 * DAY - 1);
    expect(await startedOn(takt, 'offset')).toEqual([]);
    await takt.pass(1);
    expect(await startedOn(takt, 'offset')).toEqual([id]);
    await anew('offset', date('offset', { offset: 'P10D' }), 'three');
    await takt.pass(10 * DAY);
    expect(await startedOn(takt, 'offset')).toEqual([id, over.id, id]);
  });

  it('a version in another zone moves local dates, and a roll-back moves them back', async () => {
    const trigger = { type: 'trigger.date', params: { entity: 'contract', field: 'ends_on', at: '09:00' } };
    const file = (timezone: string): JsonObject =>
      workflow('zone', { start: trigger, noted: set({ noted: true }) }, [['start', 'noted']], { timezone });
    await takt.publish(file('UTC'));
    const day = new Date(takt.clock.now() + 5 * DAY).toISOString().slice(0, 10);
    const { id } = await takt.create('contract', { subject: 'x', ends_on: day });
    const other = await takt.create('contract', { subject: 'y', ends_on: new Date(Date.parse(day) + DAY).toISOString().slice(0, 10) });
    await takt.publish(file('Asia/Omsk'));
    await takt.pass(Date.parse(`${day}T03:00Z`) - 1 - takt.clock.now());
    expect(await startedOn(takt, 'zone')).toEqual([]);
    await takt.pass(1);
    expect(await startedOn(takt, 'zone')).toEqual([id]);
    await takt.engine.workflows.rollback('zone', 1);
    await takt.pass(DAY + 6 * HOUR - 1);
    // The first one's moment has been moved on by six hours with the zone, and comes there, too.
    expect(await startedOn(takt, 'zone')).toEqual([id, id]);
    await takt.pass(1);
    expect(await startedOn(takt, 'zone')).toEqual([id, id, other.id]);
  });

  it('a paused workflow starts nothing, and hears meanwhile what moves its moments', async () => {
    await listen(takt, 'paused-silence', silence('paused'));
    await listen(takt, 'paused-absence', absence('paused'));
    await listen(takt, 'paused-date', date('paused'));
    const names = ['paused-date', 'paused-absence', 'paused-silence'];
    const { id } = await lead('paused', { opened_at: now() });
    const late = await lead('paused', { opened_at: now() });
    for (const one of [id, late.id]) await emit(takt, 'message.sent', one);
    await Promise.all(names.map(pause));
    await takt.pass(12 * HOUR);
    // What one of them waits for comes and moves while nobody would start a run.
    await emit(takt, 'message.opened', id);
    await emit(takt, 'message.answered', id);
    await takt.update(id, { opened_at: new Date(takt.clock.now() + 7 * DAY).toISOString() });
    await takt.pass(5 * DAY);
    for (const name of names) expect(await startedOn(takt, name)).toEqual([]);
    await Promise.all(names.map(resume));
    await takt.pass(3 * DAY - 1);
    expect(await startedOn(takt, 'paused-date')).toEqual([]);
    await takt.pass(1);
    expect(await startedOn(takt, 'paused-date')).toEqual([id]);
    await takt.pass(30 * DAY);
    expect(await startedOn(takt, 'paused-absence')).toEqual([]);
    expect(await startedOn(takt, 'paused-silence')).toEqual([late.id, id]);
  });

  it('a silence that ends while its workflow is paused is passed over, and is not made up for', async () => {
    await listen(takt, 'pause-over', silence('pause-over'));
    const { id } = await lead('pause-over');
    await pause('pause-over');
    await takt.pass(11 * DAY);
    await resume('pause-over');
    await takt.pass(11 * DAY);
    expect(await startedOn(takt, 'pause-over')).toEqual([]);
    await emit(takt, 'message.answered', id);
    await takt.pass(10 * DAY);
    expect(await startedOn(takt, 'pause-over')).toEqual([id]);
  });

  it('a trigger that is published while its workflow is paused has found its moments when it is resumed', async () => {
    await listen(takt, 'pause-publish', { type: 'trigger.event', params: { event: 'form.submitted' } });
    await pause('pause-publish');
    const { id } = await lead('pause-publish', { opened_at: now() });
    await anew('pause-publish', date('pause-publish'), 'two');
    await takt.pass(HOUR);
    await resume('pause-publish');
    await takt.pass(DAY);
    expect(await startedOn(takt, 'pause-publish')).toEqual([id]);
  });

  it('a condition of re-entry "while" that stops holding during a pause lets the record in again afterwards', async () => {
    const start = { type: 'trigger.record', params: { entity: 'lead', on: ['updated'], fields: ['score'] } };
    const settings = { reentry: { mode: 'while', when: `${of('pause-while')} and score > 80` } };
    await listen(takt, 'pause-while', start, settings);
    const { id } = await lead('pause-while', { score: 0 });
    for (const score of [90, 91]) await takt.update(id, { score });
    await pause('pause-while');
    await takt.update(id, { score: 10 });
    await resume('pause-while');
    await takt.update(id, { score: 95 });
    expect(await startedOn(takt, 'pause-while')).toEqual([id, id]);
  });

  it('schedules and watches over others begin anew when their workflow is resumed', async () => {
    await listen(takt, 'pause-schedule', { type: 'trigger.schedule', params: { cron: '0 * * * *' } });
    await listen(takt, 'pause-idle', { type: 'trigger.idle', params: { workflow: 'pause-none', for: 'PT3H' } });
    const names = ['pause-schedule', 'pause-idle'];
    const starts = () => Promise.all(names.map(async (name) => (await startedOn(takt, name)).length));
    await Promise.all(names.map(pause));
    await takt.pass(12 * HOUR);
    await Promise.all(names.map(resume));
    expect(await starts()).toEqual([0, 0]);
    await takt.pass(3 * HOUR - 1);
    const [hours] = await starts();
    expect(await starts()).toEqual([hours, 0]);
    expect([2, 3]).toContain(hours);
    await takt.pass(1);
    expect((await starts())[1]).toBe(1);
    await Promise.all(names.map(pause));
  });
});
