import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine } from '../support.ts';
import { listen, runsOf, startedOn } from '../support-flow.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each(databaseKinds)('trigger.date on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  /** A workflow that starts two days before the end of contracts of this subject, at nine in UTC. */
  const remind = (subject: string, more: JsonObject = {}) =>
    listen(takt, subject, {
      type: 'trigger.date',
      params: { entity: 'contract', field: 'ends_on', offset: '-P2D', at: '09:00', where: `record.subject = '${subject}'`, ...more },
    });
  /** A day so many days from today. */
  const day = (days: number): string => new Date(takt.clock.now() + days * DAY).toISOString().slice(0, 10);
  const contract = (subject: string, days: number, more: JsonObject = {}) =>
    takt.create('contract', { subject, ends_on: day(days), ...more });
  const startsAt = async (id: string) => (await runsOf(takt, id)).map((run) => new Date(run.createdAt).toISOString().slice(0, 16));

  it('starts once, on its day and at its time, with the date', async () => {
    await remind('plain');
    const { id } = await contract('plain', 10);
    const ends = day(10);
    const due = `${day(8)}T09:00`;
    await takt.pass(40 * DAY);
    expect(await startsAt('plain')).toEqual([due]);
    const { items } = await takt.engine.events.page({ recordId: id, type: 'timer.fired' }, 1);
    expect(items[0]?.data).toEqual({ date: ends, due_at: `${due}:00.000Z` });
  });

  it('asks its condition of the record when the moment has come', async () => {
    await remind('asked', { where: "record.subject = 'asked' and record.stage = 'active'" });
    const [first] = await Promise.all([contract('asked', 10), contract('asked', 10, { stage: 'active' })]);
    const third = await contract('asked', 10, { stage: 'active' });
    await takt.pass(5 * DAY);
    await takt.update(first?.id ?? '', { stage: 'active' });
    await takt.update(third.id, { stage: 'expired' });
    await takt.pass(5 * DAY);
    const started = await startedOn(takt, 'asked');
    expect(started).toHaveLength(2);
    expect(started).toContain(first?.id);
    expect(started).not.toContain(third.id);
  });

  it('moves with the date, forwards and back, and stays with any other change', async () => {
    await remind('moves');
    const { id } = await contract('moves', 10);
    await takt.update(id, { ends_on: day(20) });
    await takt.update(id, { comment: 'about something else' });
    await takt.pass(12 * DAY);
    expect(await startsAt('moves')).toEqual([]);
    await takt.update(id, { ends_on: day(4) });
    const due = `${day(2)}T09:00`;
    await takt.pass(20 * DAY);
    expect(await startsAt('moves')).toEqual([due]);
    // The next period of the contract.
    await takt.update(id, { ends_on: day(30) });
    const next = `${day(28)}T09:00`;
    await takt.pass(30 * DAY);
    expect(await startsAt('moves')).toEqual([due, next]);
  });

  it('starts nothing for a moment that has passed when the date is set, and nothing more when the date is cleared', async () => {
    await remind('passed');
    const { id } = await contract('passed', 1);
    await takt.update(id, { ends_on: day(10) });
    await takt.update(id, { ends_on: null });
    await takt.pass(20 * DAY);
    expect(await startsAt('passed')).toEqual([]);
  });

  it('ends with its record, and goes on with it when it is restored', async () => {
    await remind('deleted');
    const gone = await contract('deleted', 10);
    const back = await contract('deleted', 10);
    for (const { id } of [gone, back]) await takt.engine.intake.submitOne({ kind: 'delete', id }, somebody);
    expect(await takt.engine.ports.database.store.nextTimerDue()).toBeNull();
    await takt.engine.intake.submitOne({ kind: 'restore', id: back.id }, somebody);
    await takt.pass(10 * DAY);
    expect(await startedOn(takt, 'deleted')).toEqual([back.id]);
  });

  it('whose field cannot be read as a date does not hold up the write of its record', async () => {
    await remind('no-date', { field: 'number' });
    const { id } = await takt.create('contract', { subject: 'no-date', number: 'K-17/2026' });
    await takt.pass(0);
    expect(await takt.read(id)).toMatchObject({ number: 'K-17/2026' });
    await takt.engine.workflows.setStatus('no-date', 'paused');
  });

  it('finds the dates of 1,200 records that were there before it, in pieces, each once', async () => {
    const create = (i: number) => ({
      kind: 'create' as const,
      entity: 'contract',
      data: { subject: 'many', number: `${i}`, ends_on: day(i % 3 === 0 ? 1 : 10) },
      onExisting: 'error' as const,
    });
    await takt.engine.intake.submit(
      Array.from({ length: 1_200 }, (_, i) => create(i)),
      somebody,
    );
    await remind('many');
    await takt.pass(0);
    const [job] = (await takt.engine.jobs.page({ kind: 'backfill' }, 1)).items;
    const living = await takt.engine.ports.database.store.countLiving('contract');
    expect(job).toMatchObject({ status: 'done', done: living, failed: 0, total: living });
    await takt.pass(20 * DAY);
    const ids = new Set<string | null>();
    let cursor: string | undefined;
    do {
      const page = await takt.engine.runs.page({ workflowId: 'many' }, 200, cursor);
      for (const run of page.items) ids.add(run.recordId);
      cursor = page.next;
    } while (cursor !== undefined);
    // Of every third the moment had passed.
    expect(ids.size).toBe(800);
  });

  it('takes a date that is set before its record is looked at, once', async () => {
    await listen(takt, 'between', {
      type: 'trigger.date',
      params: { entity: 'contract', field: 'sent_at', offset: 'P1D' },
    });
    const { items } = await takt.engine.records.page({ entity: 'contract' }, 2);
    const at = new Date(takt.clock.now()).toISOString();
    for (const { id } of items) await takt.update(String(id), { sent_at: at });
    await takt.pass(DAY);
    expect((await startedOn(takt, 'between')).sort()).toEqual(items.map(({ id }) => id).sort());
  });
});
