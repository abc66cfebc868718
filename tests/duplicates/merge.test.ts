import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine } from '../engine/support.ts';
import { databaseKinds } from '../support/databases.ts';

const DAY = 86_400_000;

describe.each(databaseKinds)('a merge on %s', (kind) => {
  let t: TestEngine;
  beforeEach(async () => {
    t = await openTestEngine(kind);
  });
  afterEach(() => t.close());

  const lead = async (data: JsonObject): Promise<string> => (await t.create('lead', data)).id;
  const merge = async (id: string, loser: string): Promise<string> => {
    const done = await t.engine.intake.submitOne({ kind: 'merge', id, loser }, somebody);
    if (done.kind !== 'merged') throw new Error('It is no merge.');
    return done.merge.id;
  };
  const undo = async (id: string) => {
    const done = await t.engine.intake.submitOne({ kind: 'unmerge', id }, somebody);
    if (done.kind !== 'unmerged') throw new Error('Nothing was taken back.');
    return done.undone;
  };

  it('keeps what the winner has, fills its gaps, joins its lists; of consents the stricter counts', async () => {
    const owner = (await t.create('user', { name: 'Olga' })).id;
    const winner = await lead({ name: 'Иван Петров', city: 'Омск', phones: '+79161234567', marketing_consent: true, do_not_call: true });
    const loser = await lead({
      ...{ name: 'Ivan Petrov', city: 'Уфа', region: 'Урал', phones: ['+79031112233', '+79161234567'], owner, key: 'K-1' },
      ...{ marketing_consent: false, email_opt_out: true },
    });
    await merge(winner, loser);
    expect(await t.read(winner)).toMatchObject({
      ...{ name: 'Иван Петров', city: 'Омск', region: 'Урал', phones: ['+79161234567', '+79031112233'], owner, deleted: false },
      ...{ marketing_consent: false, email_opt_out: true, do_not_call: true, sms_opt_out: false },
    });
    expect(await t.read(winner)).not.toHaveProperty('key');
    expect(await t.read(loser)).toMatchObject({ name: 'Ivan Petrov', deleted: true, merged_into: winner, key: 'K-1' });
    const { items } = await t.engine.records.changes(loser, 10);
    expect(items.map(({ op }) => op)).toEqual(['deleted', 'updated', 'created']);
  });

  it.each([
    [5, 1, 1],
    [1, 5, 1],
    [4, 2, 4],
    [5, 3, 3],
    [null, 5, 5],
    [5, null, 5],
  ])('of the priorities %s and %s keeps the one that keeps more messages back: %s', async (own, other, kept) => {
    const [winner, loser] = [await lead({ name: 'A', priority_level: own }), await lead({ name: 'B', priority_level: other })];
    await merge(winner, loser);
    expect(await t.read(winner)).toMatchObject({ priority_level: kept });
  });

  it('is done once, by whoever comes first', async () => {
    const other = t.another();
    const [a, b] = [await lead({ name: 'A', city: 'Уфа' }), await lead({ name: 'B', region: 'Урал' })];
    const both = await Promise.allSettled([
      t.engine.intake.submitOne({ kind: 'merge', id: a, loser: b }, somebody),
      other.intake.submitOne({ kind: 'merge', id: b, loser: a }, somebody),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'RECORD_DELETED' } });
    const records = [await t.read(a), await t.read(b)];
    expect(records.filter((record) => record.deleted === false)).toMatchObject([{ city: 'Уфа', region: 'Урал' }]);
  });

  it('points at the winner whatever referred to the loser, and nothing at itself', async () => {
    const boss = (await t.create('company', { name: 'Holding' })).id;
    const winner = (await t.create('company', { name: 'Ромашка' })).id;
    const loser = (await t.create('company', { name: 'ООО Ромашка', parent: boss })).id;
    await t.update(winner, { parent: loser });
    const contact = (await t.create('contact', { name: 'Анна', company: loser })).id;
    const task = (await t.create('task', { title: 'Call', record: { entity: 'company', id: loser } })).id;
    const other = (await t.create('task', { title: 'Call', record: { entity: 'company', id: boss } })).id;
    await merge(winner, loser);
    expect(await t.read(contact)).toMatchObject({ company: winner });
    expect(await t.read(task)).toMatchObject({ record: { entity: 'company', id: winner } });
    expect(await t.read(other)).toMatchObject({ record: { entity: 'company', id: boss } });
    expect(await t.read(winner)).not.toHaveProperty('parent');
  });

  it('lets open runs of the loser go on with the winner, hearing of it what they wait for', async () => {
    await t.publish({
      ...{ takt: 1, id: 'wait', name: 'Wait', settings: { exit: [{ event: 'record.deleted', topic: 'lead', outcome: 'deleted' }] } },
      nodes: {
        new_lead: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } },
        paid: { type: 'flow.wait_event', params: { events: [{ event: 'payment.received' }] } },
        note: { type: 'record.update', params: { fields: { comment: 'paid' } } },
      },
      edges: [
        ['new_lead', 'paid'],
        ['paid', 'note'],
      ],
    });
    const [winner, loser] = [await lead({ name: 'Иван Петров' }), await lead({ name: 'Ivan Petrov' })];
    await t.engine.drain();
    const [run] = (await t.engine.runs.page({ recordId: loser }, 10)).items;
    const id = await merge(winner, loser);
    expect((await t.engine.runs.page({ recordId: winner }, 10)).items.map((one) => one.id)).toContain(run?.id);
    await undo(id);
    expect((await t.engine.runs.page({ recordId: loser }, 10)).items.map((one) => one.id)).toEqual([run?.id]);
    await merge(winner, loser);
    await t.engine.intake.submitOne({ kind: 'event', type: 'payment.received', topic: 'bank', data: {}, recordId: winner }, somebody);
    await t.engine.drain();
    const runs = (await t.engine.runs.page({ recordId: winner }, 10)).items;
    expect(runs.map(({ status, outcome }) => [status, outcome])).toEqual([
      ['done', null],
      ['done', null],
    ]);
    expect(await t.read(winner)).toMatchObject({ comment: 'paid' });
  });

  it('by a workflow: leads that come at once become one, whose runs are all through', async () => {
    await t.publish({
      ...{ takt: 1, id: 'duplicates', name: 'Duplicates' },
      nodes: {
        new_lead: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } },
        look: { type: 'record.duplicates', params: {} },
        merge: { type: 'record.merge', params: { with: '= nodes.look.id' } },
        task: { type: 'task.create', params: { title: 'Again: {{record.name}}' } },
      },
      edges: [
        ['new_lead', 'look'],
        ['look:sure', 'merge'],
        ['merge', 'task'],
      ],
    });
    const forms = ['+7 916 123-45-67', '8 (916) 123-45-67', '79161234567'].map((phones, i) => ({
      name: 'Иван Петров',
      phones,
      city: `City ${i}`,
    }));
    const done = await t.engine.intake.submit(
      forms.map((data) => ({ kind: 'create', entity: 'lead', data, onExisting: 'error' })),
      somebody,
    );
    const ids = done.map((one) => (one.ok && one.value.kind === 'record' ? one.value.record.id : ''));
    await t.engine.drain();
    const [first, ...others] = await Promise.all(ids.map(t.read));
    expect(first).toMatchObject({ deleted: false, city: 'City 0' });
    for (const other of others) expect(other).toMatchObject({ deleted: true, merged_into: ids[0] });
    const runs = (await t.engine.runs.page({ workflowId: 'duplicates' }, 10)).items;
    expect(runs.map(({ status, recordId }) => [status, recordId])).toEqual(ids.map(() => ['done', ids[0]]));
    expect((await t.all('task')).map(({ title, record }) => [title, record])).toEqual(
      others.map(() => ['Again: Иван Петров', { entity: 'lead', id: ids[0] }]),
    );
  });

  it('is taken back within 30 days, but for what somebody has changed since', async () => {
    const winner = await lead({ name: 'Иван Петров', city: 'Омск' });
    const loser = await lead({ name: 'Ivan Petrov', city: 'Уфа', region: 'Урал', industry: 'metal', phones: '+79161234567' });
    const [kept, moved] = [
      (await t.create('deal', { name: 'A', lead: loser })).id,
      (await t.create('task', { title: 'Call', record: { entity: 'lead', id: loser } })).id,
    ];
    const id = await merge(winner, loser);
    await t.update(winner, { region: 'Сибирь' });
    await t.update(moved, { record: null });
    await t.pass(29 * DAY);
    expect(await undo(id)).toMatchObject({ winner, loser, left: ['region', `task ${moved}.record`], links: 1 });
    expect(await t.read(winner)).toMatchObject({ city: 'Омск', region: 'Сибирь' });
    expect(await t.read(winner)).not.toHaveProperty('industry');
    expect(await t.read(winner)).not.toHaveProperty('phones');
    expect(await t.read(loser)).toMatchObject({ deleted: false, city: 'Уфа', region: 'Урал', phones: ['+79161234567'] });
    expect(await t.read(loser)).not.toHaveProperty('merged_into');
    expect(await t.read(kept)).toMatchObject({ lead: loser });
    await expect(undo(id)).rejects.toMatchObject({ code: 'MERGE_UNDONE' });
    expect((await t.engine.duplicates.mergesOf(loser, 10)).map((one) => [one.id, one.undoneAt])).toEqual([[id, t.clock.now()]]);
  });

  it('is not taken back later, nor where it does not exist', async () => {
    const id = await merge(await lead({ name: 'A' }), await lead({ name: 'B' }));
    await t.pass(31 * DAY);
    await expect(undo(id)).rejects.toMatchObject({ code: 'MERGE_TOO_OLD' });
    await expect(undo('01900000-0000-7000-8000-000000000000')).rejects.toMatchObject({ code: 'MERGE_NOT_FOUND' });
    await expect(undo('none')).rejects.toMatchObject({ code: 'MERGE_NOT_FOUND' });
  });

  it('of merges one behind the other is taken back from the last', async () => {
    const [a, b, c] = [await lead({ name: 'A' }), await lead({ name: 'B', city: 'Уфа' }), await lead({ name: 'C', region: 'Урал' })];
    const first = await merge(b, c);
    const second = await merge(a, b);
    await expect(undo(first)).rejects.toMatchObject({ code: 'RECORD_DELETED' });
    await undo(second);
    await undo(first);
    expect(await t.read(a)).not.toHaveProperty('city');
    expect(await t.read(b)).not.toHaveProperty('region');
    expect(await t.read(c)).toMatchObject({ region: 'Урал', deleted: false });
  });

  it('is refused of what cannot become one, and nothing of it stays', async () => {
    const one = await lead({ name: 'A' });
    const contact = (await t.create('contact', { name: 'A' })).id;
    const deals = [(await t.create('deal', { name: 'A' })).id, (await t.create('deal', { name: 'A' })).id] as const;
    const gone = await lead({ name: 'A' });
    await t.engine.intake.submitOne({ kind: 'delete', id: gone }, somebody);
    const code = (id: string, loser: string) => expect(merge(id, loser)).rejects;
    await code(one, one).toMatchObject({ code: 'MERGE_INVALID' });
    await code(one, contact).toMatchObject({ code: 'MERGE_INVALID' });
    await code(...deals).toMatchObject({ code: 'DUPLICATES_UNDEFINED' });
    await code(one, gone).toMatchObject({ code: 'RECORD_DELETED' });
    await code(one, '01900000-0000-7000-8000-000000000000').toMatchObject({ code: 'RECORD_NOT_FOUND' });
    const popular = await lead({ name: 'B' });
    const tasks = Array.from({ length: 100 }, (_, i) => ({ title: `Task ${i}`, record: { entity: 'lead', id: popular } }));
    await t.engine.intake.submit(
      tasks.map((data) => ({ kind: 'create', entity: 'task', data, onExisting: 'error' })),
      somebody,
    );
    await code(one, popular).toMatchObject({ code: 'MERGE_TOO_MANY' });
    expect(await t.read(popular)).toMatchObject({ deleted: false });
    await merge(popular, one);
  });

  it('gives a name to a winner that has none', async () => {
    const [winner, loser] = [await lead({ phones: '+79161234567' }), await lead({ name: 'Иван Петров', phones: '+79161234567' })];
    const id = await merge(winner, loser);
    expect(await t.read(winner)).toMatchObject({ name: 'Иван Петров' });
    expect(await undo(id)).toMatchObject({ restored: ['name'], left: [] });
    expect(await t.read(winner)).toMatchObject({ name: '+79161234567' });
  });

  it('stands once in a list that had both', async () => {
    const contact = async (name: string): Promise<string> => (await t.create('contact', { name })).id;
    const [winner, loser, third] = [await contact('Анна'), await contact('Anna'), await contact('Олег')];
    const deal = (await t.create('deal', { name: 'A', contact: loser, contacts: [loser, third, winner] })).id;
    const id = await merge(winner, loser);
    expect(await t.read(deal)).toMatchObject({ contact: winner, contacts: [winner, third] });
    expect(await undo(id)).toMatchObject({ links: 2, left: [] });
    expect(await t.read(deal)).toMatchObject({ contact: loser, contacts: [loser, third, winner] });
  });

  it('leaves out a reference to what is gone', async () => {
    const company = (await t.create('company', { name: 'Acme' })).id;
    const [winner, loser] = [await lead({ name: 'A' }), await lead({ name: 'A', company, city: 'Уфа' })];
    await t.engine.intake.submitOne({ kind: 'delete', id: company }, somebody);
    await merge(winner, loser);
    expect(await t.read(winner)).toMatchObject({ city: 'Уфа' });
    expect(await t.read(winner)).not.toHaveProperty('company');
  });
});
