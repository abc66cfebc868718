import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine } from '../support.ts';
import { listen, runsOf, startedOn } from '../support-flow.ts';

const DAY = 24 * 3_600_000;

describe.each(databaseKinds)('trigger.segment on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const define = async (id: string, rule: string, more: JsonObject = {}): Promise<void> => {
    await takt.engine.segments.define({ id, name: id, entity: 'contact', rule, ...more }, somebody);
    await takt.pass(0);
  };
  /** A segment of contacts of the source that is called like it, and workflows for who enters and who leaves. */
  const segment = async (id: string, rule: string, more: JsonObject = {}): Promise<void> => {
    await define(id, `source = '${id}' and (${rule})`, more);
    await hear(id);
  };
  const hear = async (id: string): Promise<void> => {
    for (const on of ['entered', 'left']) await listen(takt, `${id}-${on}`, { type: 'trigger.segment', params: { segment: id, on: [on] } });
  };
  const contact = (source: string, more: JsonObject = {}) => takt.create('contact', { last_name: 'Doe', source, ...more });
  const entered = (id: string) => startedOn(takt, `${id}-entered`);
  const left = (id: string) => startedOn(takt, `${id}-left`);
  const members = async (id: string) => (await takt.engine.segments.members(id, 200)).items.map((one) => one.id);
  const iso = (days: number): string => new Date(takt.clock.now() + days * DAY).toISOString();

  it('hears of who enters by a change, once, of who leaves by one, and of who enters again', async () => {
    await segment('vips', 'score >= 80');
    const { id } = await contact('vips', { score: 79 });
    const told: number[][] = [];
    for (const score of [80, 95, 79, 10, 80]) {
      await takt.update(id, { score });
      told.push([(await entered('vips')).length, (await left('vips')).length]);
    }
    expect(told).toEqual([
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(await members('vips')).toEqual([id]);
  });

  it('hears of who is created in it, and of who leaves it by being deleted', async () => {
    await segment('born', 'score >= 80');
    const { id } = await contact('born', { score: 80 });
    await contact('born', { score: 79 });
    expect(await entered('born')).toEqual([id]);
    await takt.engine.intake.submitOne({ kind: 'delete', id }, somebody);
    expect(await left('born')).toEqual([id]);
    expect(await members('born')).toEqual([]);
    await takt.engine.intake.submitOne({ kind: 'restore', id }, somebody);
    expect(await entered('born')).toEqual([id, id]);
  });

  it('asks its condition of the record', async () => {
    await segment('asked', 'score >= 80');
    const params = { segment: 'asked', on: ['entered', 'left'], entity: 'contact', where: 'record.vip' };
    await listen(takt, 'asked-vip', { type: 'trigger.segment', params });
    const [plain, vip] = [await contact('asked', { score: 80 }), await contact('asked', { score: 80, vip: true })];
    for (const { id } of [plain, vip]) await takt.update(id, { score: 0 });
    expect(await startedOn(takt, 'asked-vip')).toEqual([vip.id, vip.id]);
  });

  it('hears of who enters because time has passed, to the millisecond, and of nobody who has moved meanwhile', async () => {
    const rule = '$toMillis($now()) - $toMillis(last_order_at) >= 30 * 86400000';
    await segment('sleeping', rule, { recheck: [{ field: 'last_order_at', after: 'P30D' }] });
    const [sleeper, buyer] = [
      await contact('sleeping', { last_order_at: iso(-20) }),
      await contact('sleeping', { last_order_at: iso(-20) }),
    ];
    await takt.pass(10 * DAY - 1);
    await takt.update(buyer.id, { last_order_at: iso(0) });
    expect(await entered('sleeping')).toEqual([]);
    await takt.pass(1);
    expect(await entered('sleeping')).toEqual([sleeper.id]);
    await takt.pass(30 * DAY);
    expect(await entered('sleeping')).toEqual([sleeper.id, buyer.id]);
    await takt.update(sleeper.id, { last_order_at: iso(0) });
    expect(await left('sleeping')).toEqual([sleeper.id]);
  });

  it('hears of who leaves because time has passed, and asks again at each of its moments', async () => {
    const rule =
      '$toMillis($now()) - $toMillis(last_order_at) < 10 * 86400000 or $toMillis($now()) - $toMillis(last_order_at) >= 20 * 86400000';
    const recheck = ['P10D', 'P20D'].map((after) => ({ field: 'last_order_at', after }));
    await segment('twice', rule, { recheck });
    const begin = takt.clock.now();
    await contact('twice', { last_order_at: iso(0) });
    await takt.pass(40 * DAY);
    const days = async (id: string) => (await runsOf(takt, id)).map((run) => (run.createdAt - begin) / DAY);
    expect([await days('twice-entered'), await days('twice-left')]).toEqual([[0, 20], [10]]);
  });

  it('takes a date alone for its first moment in UTC', async () => {
    const rule = '$toMillis($now()) >= $toMillis(birthday)';
    await segment('grown', rule, { recheck: [{ field: 'birthday', after: 'P0D' }] });
    const birthday = iso(3).slice(0, 10);
    await contact('grown', { birthday });
    await takt.pass(9 * DAY);
    expect((await runsOf(takt, 'grown-entered')).map((run) => new Date(run.createdAt).toISOString())).toEqual([
      `${birthday}T00:00:00.000Z`,
    ]);
  });

  it('nobody enters or leaves by a new definition, and the next change counts from there', async () => {
    const made = await takt.engine.intake.submit(
      Array.from({ length: 600 }, (_, i) => ({
        kind: 'create' as const,
        entity: 'contact',
        data: { last_name: `C${i}`, source: 'defined', score: i < 300 ? 10 : 90 },
        onExisting: 'error' as const,
      })),
      somebody,
    );
    const ids = made.map((one) => (one.ok && one.value.kind === 'record' ? one.value.record.id : ''));
    await segment('defined', 'score >= 80');
    const { store } = takt.engine.ports.database;
    const count = async () => (await store.markKeys('segment:defined:', undefined, 1_000)).length;
    expect(await count()).toBe(300);
    await define('defined', "source = 'defined' and score < 80");
    expect(await count()).toBe(300);
    expect([await entered('defined'), await left('defined')]).toEqual([[], []]);
    expect(await members('defined')).toEqual(ids.slice(0, 200).sort());
    const [low = '', high = ''] = [ids[0], ids[599]];
    await takt.update(low, { score: 11 });
    await takt.update(high, { score: 5 });
    await takt.update(low, { score: 80 });
    expect([await entered('defined'), await left('defined')]).toEqual([[high], [low]]);
  });

  it('a new definition has its own moments', async () => {
    const rule = '$toMillis($now()) - $toMillis(last_order_at) >= 30 * 86400000';
    await segment('moments', rule, { recheck: [{ field: 'last_order_at', after: 'P30D' }] });
    const { id } = await contact('moments', { last_order_at: iso(0) });
    const sooner = rule.replace('30', '10');
    await define('moments', `source = 'moments' and ${sooner}`, { recheck: [{ field: 'last_order_at', after: 'P10D' }] });
    await takt.pass(10 * DAY);
    expect(await entered('moments')).toEqual([id]);
    await takt.pass(30 * DAY);
    expect(await entered('moments')).toEqual([id]);
  });

  it('its members are listed page by page, each once', async () => {
    await segment('pages', 'score >= 80');
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await contact('pages', { score: 80 + i })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await takt.engine.segments.members('pages', 3, cursor);
      seen.push(...page.items.map((one) => one.id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(made);
    await expect(takt.engine.segments.members('nope', 3)).rejects.toMatchObject({ code: 'SEGMENT_UNKNOWN' });
  });

  it('hears nothing of a segment that was removed, whose moments are gone with it', async () => {
    const rule = '$toMillis($now()) - $toMillis(last_order_at) >= 30 * 86400000';
    await segment('removed', rule, { recheck: [{ field: 'last_order_at', after: 'P30D' }] });
    await contact('removed', { last_order_at: iso(0) });
    await expect(takt.engine.segments.remove('removed')).rejects.toMatchObject({ code: 'SEGMENT_IN_USE' });
    for (const on of ['entered', 'left']) await listen(takt, `removed-${on}`, { type: 'trigger.manual' });
    await takt.engine.segments.remove('removed');
    await hear('removed');
    await takt.pass(40 * DAY);
    await contact('removed', { last_order_at: iso(-50) });
    expect([await entered('removed'), await left('removed')]).toEqual([[], []]);
  });
});
