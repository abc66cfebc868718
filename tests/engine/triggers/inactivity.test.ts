import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine } from '../support.ts';
import { emit, listen, startedOn } from '../support-flow.ts';

const DAY = 24 * 3_600_000;

describe.each(databaseKinds)('trigger.inactivity on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  /** A workflow that hears of deals of this source that have been silent for nine days. */
  const silence = (source: string, activity: JsonObject[], more: JsonObject = {}) =>
    listen(takt, source, {
      type: 'trigger.inactivity',
      params: { entity: 'deal', for: 'P9D', activity, where: `record.source = '${source}'`, ...more },
    });
  const deal = (source: string, more: JsonObject = {}) => takt.create('deal', { name: 'x', source, ...more });
  const answered = { event: 'message.answered' };
  const iso = (days: number): string => new Date(takt.clock.now() + days * DAY).toISOString();

  it('starts once in a silence that begins with the creation, however long it is', async () => {
    await silence('once', [answered]);
    const { id } = await deal('once');
    await takt.pass(9 * DAY - 1);
    expect(await startedOn(takt, 'once')).toEqual([]);
    await takt.pass(1);
    expect(await startedOn(takt, 'once')).toEqual([id]);
    await takt.pass(300 * DAY);
    expect(await startedOn(takt, 'once')).toEqual([id]);
  });

  it('counts anew with each activity, also after it has started a run', async () => {
    await silence('anew', [answered]);
    const { id } = await deal('anew');
    await takt.pass(8 * DAY);
    await emit(takt, 'message.answered', id);
    await takt.pass(9 * DAY - 1);
    expect(await startedOn(takt, 'anew')).toEqual([]);
    await takt.pass(1);
    await takt.pass(20 * DAY);
    await emit(takt, 'message.answered', id);
    await takt.pass(9 * DAY);
    expect(await startedOn(takt, 'anew')).toEqual([id, id]);
  });

  it('takes for activity what it was told is one, and nothing else', async () => {
    const activity: JsonObject[] = [
      { event: 'message.answered', topic: 'email' },
      { event: 'record.updated', fields: ['stage', 'amount'] },
    ];
    await silence('own', activity);
    const nothing: [string, (id: string) => Promise<unknown>][] = [
      ['another topic', (id) => emit(takt, 'message.answered', id, {}, 'sms')],
      ['another event', (id) => emit(takt, 'message.opened', id)],
      ['another field', (id) => takt.update(id, { comment: 'x' })],
    ];
    const something: [string, (id: string) => Promise<unknown>][] = [
      ['the topic', (id) => emit(takt, 'message.answered', id, {}, 'email')],
      ['the field', (id) => takt.update(id, { stage: 'proposal' })],
      ['one of several fields', (id) => takt.update(id, { comment: 'y', amount: { amount: 1, currency: 'EUR' } })],
    ];
    const made = await Promise.all([...nothing, ...something].map(async ([name, act]) => ({ id: (await deal('own')).id, name, act })));
    await takt.pass(5 * DAY);
    for (const { id, act } of made) await act(id);
    await takt.pass(5 * DAY);
    const started = await startedOn(takt, 'own');
    const silent = made.filter(({ id }) => started.includes(id)).map(({ name }) => name);
    expect(silent).toEqual(nothing.map(([name]) => name));
    await takt.pass(5 * DAY);
    expect((await startedOn(takt, 'own')).length).toBe(made.length);
  });

  it('takes activity of another record that refers to its own, and of no other entity', async () => {
    await silence('via', [{ event: 'record.created', topic: 'call', via: 'record' }], {
      where: "record.source = 'via' or record.entity = 'lead'",
    });
    const called = await deal('via');
    const silent = await deal('via');
    const lead = await takt.create('lead', { last_name: 'Doe' });
    await takt.pass(5 * DAY);
    for (const [entity, id] of [
      ['deal', called.id],
      ['lead', lead.id],
    ] as const)
      await takt.create('call', { from_number: '1', record: { entity, id } });
    await takt.create('meeting', { title: 'x', record: { entity: 'deal', id: silent.id } });
    await takt.pass(5 * DAY);
    expect(await startedOn(takt, 'via')).toEqual([silent.id]);
    await takt.pass(30 * DAY);
    expect(await startedOn(takt, 'via')).toEqual([silent.id, called.id]);
    await takt.engine.workflows.setStatus('via', 'paused');
  });

  it('asks its condition when the time is over; a silence that does not meet it then is over', async () => {
    await silence('asked', [answered], { where: "record.source = 'asked' and $not(record.stage in ['won', 'lost'])" });
    const [open, won] = await Promise.all([deal('asked'), deal('asked')]);
    await takt.update(won?.id ?? '', { stage: 'won' });
    await takt.pass(9 * DAY);
    await takt.update(won?.id ?? '', { stage: 'proposal' });
    await takt.pass(20 * DAY);
    expect(await startedOn(takt, 'asked')).toEqual([open?.id]);
  });

  it('ends with its record and begins again when it is restored', async () => {
    await silence('deleted', [answered]);
    const { id } = await deal('deleted');
    await takt.engine.intake.submitOne({ kind: 'delete', id }, somebody);
    await takt.pass(10 * DAY);
    await takt.engine.intake.submitOne({ kind: 'restore', id }, somebody);
    await takt.pass(9 * DAY - 1);
    expect(await startedOn(takt, 'deleted')).toEqual([]);
    await takt.pass(1);
    expect(await startedOn(takt, 'deleted')).toEqual([id]);
  });

  it('counts for records that were there before it from their last change, or from the field that it is given', async () => {
    const old = await deal('before', { last_activity_at: iso(-4) });
    const recent = await deal('before', { last_activity_at: iso(-1) });
    await takt.pass(2 * DAY);
    const changed = await deal('before');
    await takt.pass(3 * DAY);
    await silence('before', [answered], { since: 'last_activity_at' });
    await listen(takt, 'before-change', {
      type: 'trigger.inactivity',
      params: { entity: 'deal', for: 'P9D', activity: [answered], where: "record.source = 'before'" },
    });
    const order = async (id: string) => (await startedOn(takt, id)).map((one) => [old.id, recent.id, changed.id].indexOf(one ?? ''));
    // Five days have passed since the first two were made: with their fields it is nine and six days, of the third it is three.
    await takt.pass(0);
    expect(await order('before')).toEqual([0]);
    await takt.pass(3 * DAY);
    expect(await order('before')).toEqual([0, 1]);
    expect(await order('before-change')).toEqual([]);
    await takt.pass(DAY);
    expect((await order('before-change')).sort()).toEqual([0, 1]);
    await takt.pass(2 * DAY);
    expect(await order('before')).toEqual([0, 1, 2]);
    expect((await order('before-change')).sort()).toEqual([0, 1, 2]);
  });

  it('keeps what an activity has set before an old record is looked at', async () => {
    const { id } = await deal('early');
    await takt.pass(8 * DAY);
    await silence('early', [answered]);
    // The look at old records is still to come.
    await takt.engine.intake.submitOne({ kind: 'event', type: 'message.answered', topic: '', data: {}, recordId: id }, somebody);
    await takt.pass(9 * DAY - 1);
    expect(await startedOn(takt, 'early')).toEqual([]);
    await takt.pass(1);
    expect(await startedOn(takt, 'early')).toEqual([id]);
  });
});
