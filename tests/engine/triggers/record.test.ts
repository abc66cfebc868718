import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine } from '../support.ts';
import { listen, startedOn } from '../support-flow.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** What a lead is created with, then each change, and whether it is the happening. */
interface Case {
  name: string;
  params: JsonObject;
  entity?: string;
  story: [change: JsonObject, starts: boolean][];
}

const CASES: Case[] = [
  {
    name: 'created: only that',
    params: { on: ['created'] },
    story: [
      [{ score: 1 }, true],
      [{ score: 2 }, false],
    ],
  },
  {
    name: 'updated: any change, but not the creation, and not a write that changes nothing',
    params: { on: ['updated'] },
    story: [
      [{ score: 1 }, false],
      [{ score: 2 }, true],
      [{ score: 2 }, false],
      [{ comment: 'x' }, true],
    ],
  },
  {
    name: 'updated with fields: a change of one of them',
    params: { on: ['updated'], fields: ['score', 'city'] },
    story: [
      [{ score: 1 }, false],
      [{ comment: 'x' }, false],
      [{ comment: 'y', city: 'Omsk' }, true],
      [{ score: null }, true],
    ],
  },
  {
    name: 'created and updated: once for each',
    params: { on: ['created', 'updated'] },
    story: [
      [{ score: 1 }, true],
      [{ score: 2 }, true],
    ],
  },
  {
    name: 'stage entered: by a change into it, and again after it was left',
    params: { on: ['stage_entered'], stage: 'qualified' },
    story: [
      [{}, false],
      [{ stage: 'in_work' }, false],
      [{ stage: 'qualified' }, true],
      [{ stage: 'qualified', score: 5 }, false],
      [{ stage: 'in_work' }, false],
      [{ stage: 'qualified' }, true],
    ],
  },
  {
    name: 'stage entered: by one of several, and from one of them to the other',
    params: { on: ['stage_entered'], stage: ['converted', 'lost'] },
    story: [
      [{}, false],
      [{ stage: 'lost' }, true],
      [{ stage: 'converted' }, true],
      [{ stage: 'new' }, false],
    ],
  },
  { name: 'stage entered: by the creation in it', params: { on: ['stage_entered'], stage: 'new' }, story: [[{}, true]] },
  {
    name: 'filled: from nothing to something, not from something to something else',
    params: { on: ['filled'], fields: ['company_name'] },
    story: [
      [{}, false],
      [{ company_name: 'Acme' }, true],
      [{ company_name: 'Zeta' }, false],
      [{ company_name: null }, false],
      [{ company_name: 'Acme' }, true],
    ],
  },
  {
    name: 'filled: by the creation with a value',
    params: { on: ['filled'], fields: ['company_name'] },
    story: [[{ company_name: 'A' }, true]],
  },
  {
    name: 'filled: a list by its first entry; no and zero are something',
    params: { on: ['filled'], fields: ['tags', 'marketing_consent', 'score'] },
    story: [
      [{ tags: [] }, false],
      [{ tags: ['a'] }, true],
      [{ tags: ['a', 'b'] }, false],
      [{ score: 0 }, true],
      [{ marketing_consent: false }, true],
    ],
  },
  {
    name: 'emptied: from something to nothing',
    params: { on: ['emptied'], fields: ['company_name', 'tags'] },
    story: [
      [{ company_name: 'Acme', tags: ['a'] }, false],
      [{ company_name: 'Zeta' }, false],
      [{ company_name: null }, true],
      [{ tags: [] }, true],
      [{ comment: 'x' }, false],
    ],
  },
  {
    name: 'changed to: the value, of whatever type',
    params: { on: ['changed_to'], fields: ['score'], to: 5 },
    story: [
      [{ score: 4 }, false],
      [{ score: 5 }, true],
      [{ score: 5, city: 'Omsk' }, false],
      [{ score: 50 }, false],
      [{ score: 5 }, true],
    ],
  },
  {
    name: 'changed to: no',
    params: { on: ['changed_to'], fields: ['returning'], to: false },
    story: [
      [{ returning: true }, false],
      [{ returning: false }, true],
    ],
  },
  {
    name: 'changed to: a list, in its order',
    params: { on: ['changed_to'], fields: ['tags'], to: ['a', 'b'] },
    story: [
      [{ tags: ['a'] }, false],
      [{ tags: ['b', 'a'] }, false],
      [{ tags: ['a', 'b'] }, true],
    ],
  },
  {
    name: 'changed to: an amount, its members in any order',
    params: { on: ['changed_to'], fields: ['budget'], to: { currency: 'EUR', amount: 100 } },
    story: [
      [{ budget: eur(99) }, false],
      [{ budget: eur(100) }, true],
    ],
  },
  {
    name: 'crossed upwards: 79 to 80, not 80 to 81, not on the way down',
    params: { on: ['crossed_up'], fields: ['score'], threshold: 80 },
    story: [
      [{ score: 79 }, false],
      [{ score: 80 }, true],
      [{ score: 81 }, false],
      [{ score: 80 }, false],
      [{ score: 79 }, false],
      [{ score: 79.99 }, false],
      [{ score: 200 }, true],
    ],
  },
  {
    name: 'crossed upwards: from nothing, and by the creation above it',
    params: { on: ['crossed_up'], fields: ['score'], threshold: 80 },
    story: [
      [{ score: 80 }, true],
      [{ score: null }, false],
      [{ score: 95 }, true],
    ],
  },
  {
    name: 'crossed downwards: 80 to 79, not 81 to 80, not on the way up',
    params: { on: ['crossed_down'], fields: ['score'], threshold: 80 },
    story: [
      [{ score: 79 }, false],
      [{ score: 81 }, false],
      [{ score: 80 }, false],
      [{ score: 79 }, true],
      [{ score: 78 }, false],
      [{ score: 80 }, false],
      [{ score: 79.99 }, true],
    ],
  },
  {
    name: 'crossed downwards: from above to nothing, not from below',
    params: { on: ['crossed_down'], fields: ['score'], threshold: 80 },
    story: [
      [{ score: 80 }, false],
      [{ score: null }, true],
      [{ score: 5 }, false],
      [{ score: null }, false],
    ],
  },
  {
    name: 'crossed either way: once for each way',
    params: { on: ['crossed_up', 'crossed_down'], fields: ['score'], threshold: -1 },
    story: [
      [{ score: -2 }, false],
      [{ score: -1 }, true],
      [{ score: -1.5 }, true],
    ],
  },
  {
    name: 'crossed by money: its amount counts, to the cent',
    params: { on: ['crossed_up'], fields: ['budget', 'expected_profit'], threshold: 100_000 },
    story: [
      [{ budget: eur(99_999.99) }, false],
      [{ budget: eur(100_000) }, true],
      [{ budget: { amount: 100_000, currency: 'USD' } }, false],
      [{ budget: eur(99_999.99) }, false],
      [{ expected_profit: eur(100_000.01) }, true],
    ],
  },
];

describe.each(databaseKinds)('trigger.record on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  it.each(CASES.map((one, i) => ({ ...one, id: `case-${i}` })))('takes for $name', async ({ id, params, story }) => {
    await listen(takt, id, { type: 'trigger.record', params: { entity: 'lead', where: `record.source = '${id}'`, ...params } });
    const [[first] = [{}], ...changes] = story;
    const { id: lead } = await takt.create('lead', { last_name: 'Doe', source: id, ...first });
    const counts = [(await startedOn(takt, id)).length];
    for (const [change] of changes) {
      await takt.update(lead, change);
      counts.push((await startedOn(takt, id)).length);
    }
    expect(counts.map((count, i) => count - (counts[i - 1] ?? 0))).toEqual(story.map(([, starts]) => Number(starts)));
  });

  it('hears of another owner, of none, and of nothing else', async () => {
    await listen(takt, 'owner', { type: 'trigger.record', params: { entity: 'deal', on: ['owner_changed'] } });
    const [ann, bob] = await Promise.all(['Ann', 'Bob'].map((last_name) => takt.create('user', { last_name })));
    const { id } = await takt.create('deal', { name: 'x', owner: ann?.id ?? '' });
    const counts: number[] = [];
    const changes: JsonObject[] = [
      { probability: 5 },
      { owner: bob?.id ?? '' },
      { owner: bob?.id ?? '' },
      { owner: null },
      { owner: ann?.id ?? '' },
    ];
    for (const change of changes) {
      await takt.update(id, change);
      counts.push((await startedOn(takt, 'owner')).length);
    }
    expect(counts).toEqual([0, 1, 1, 2, 3]);
  });

  it('hears of deletion and restoring, each as what it is, with the record as it was', async () => {
    for (const on of ['deleted', 'restored', 'updated', 'created'])
      await listen(takt, `life-${on}`, { type: 'trigger.record', params: { entity: 'lead', on: [on], where: "record.source = 'life'" } });
    const { id } = await takt.create('lead', { last_name: 'Doe', source: 'life' });
    const starts = () =>
      Promise.all(['created', 'updated', 'deleted', 'restored'].map(async (on) => (await startedOn(takt, `life-${on}`)).length));
    expect(await starts()).toEqual([1, 0, 0, 0]);
    await takt.engine.intake.submitOne({ kind: 'delete', id }, somebody);
    expect(await starts()).toEqual([1, 0, 1, 0]);
    await takt.engine.intake.submitOne({ kind: 'restore', id }, somebody);
    expect(await starts()).toEqual([1, 0, 1, 1]);
  });

  it('hears of no other entity', async () => {
    await listen(takt, 'entity', { type: 'trigger.record', params: { entity: 'contact', on: ['created', 'updated'] } });
    const { id } = await takt.create('lead', { last_name: 'Doe' });
    await takt.update(id, { score: 1 });
    expect(await startedOn(takt, 'entity')).toEqual([]);
  });

  it('asks its condition of the record after the change, with the one before as "previous"', async () => {
    const where = "record.source = 'previous' and previous.score < 10 and score >= 10 and event.data.changes.score[0] = 9";
    await listen(takt, 'previous', { type: 'trigger.record', params: { entity: 'lead', on: ['updated'], where } });
    const { id } = await takt.create('lead', { last_name: 'Doe', source: 'previous', score: 8 });
    const counts: number[] = [];
    for (const score of [10, 9, 10, 11]) {
      await takt.update(id, { score });
      counts.push((await startedOn(takt, 'previous')).length);
    }
    expect(counts).toEqual([0, 0, 1, 1]);
  });

  it('whose condition fails on a record starts nothing, and the record is written all the same', async () => {
    await listen(takt, 'fails', { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: 'record.last_name > 5' } });
    const { id } = await takt.create('lead', { last_name: 'Doe', source: 'fails' });
    expect(await takt.read(id)).toMatchObject({ source: 'fails' });
    expect(await startedOn(takt, 'fails')).toEqual([]);
  });
});
