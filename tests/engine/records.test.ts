import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../engine/runtime/change.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

describe.each(databaseKinds)('records on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const submit = async (change: Change) => {
    const [outcome] = await takt.engine.intake.submit([change], somebody);
    if (!outcome) throw new Error('no outcome');
    return outcome;
  };
  const refusal = async (change: Change) => {
    const outcome = await submit(change);
    return outcome.ok ? outcome.value : outcome.error.toData();
  };
  const create = (entity: string, data: JsonObject): Change => ({ kind: 'create', entity, data, onExisting: 'error' });

  it('keep who changed what, from which value to which, with the version', async () => {
    const lead = await takt.create('lead', { last_name: 'Old', city: 'Омск' });
    await takt.update(lead.id, { last_name: 'New', city: null });
    const { items } = await takt.engine.records.changes(lead.id, 10);
    expect(items).toMatchObject([
      { op: 'updated', version: 2, author: somebody, changes: { last_name: ['Old', 'New'], city: ['Омск', null] } },
      { op: 'created', version: 1, author: somebody },
    ]);
  });

  it('keep the run and the node that changed them', async () => {
    await takt.publish(
      workflow(
        'writer',
        {
          start: { type: 'trigger.manual', params: { entity: 'lead' } },
          put: { type: 'record.update', params: { fields: { city: 'Тверь' } } },
        },
        [['start', 'put']],
      ),
    );
    const lead = await takt.create('lead', { last_name: 'X' });
    const run = await takt.engine.runs.start('writer', somebody, { recordId: lead.id });
    await takt.pass(0);
    const [change] = (await takt.engine.records.changes(lead.id, 1)).items;
    expect(change).toMatchObject({ author: { kind: 'run', id: run, node: 'put' }, changes: { city: [null, 'Тверь'] } });
  });

  it('that would not change stay as they are, without a version, a history entry or an event', async () => {
    const lead = await takt.create('lead', { last_name: 'Same', emails: ['A@Example.com'] });
    expect(await takt.update(lead.id, { emails: ['a@example.com'], last_name: 'Same' })).toMatchObject({ op: 'unchanged' });
    expect((await takt.engine.records.changes(lead.id, 10)).items).toHaveLength(1);
    expect((await takt.engine.events.page({ recordId: lead.id }, 10)).items).toHaveLength(1);
  });

  it('changed on an old version are refused; on the present one they are taken', async () => {
    const lead = await takt.create('lead', { last_name: 'V' });
    await takt.update(lead.id, { last_name: 'W' });
    expect(await refusal({ kind: 'update', id: lead.id, data: { last_name: 'Z' }, version: 1 })).toMatchObject({
      code: 'RECORD_VERSION_STALE',
    });
    expect(await submit({ kind: 'update', id: lead.id, data: { last_name: 'Z' }, version: 2 })).toMatchObject({ ok: true });
  });

  it('are deleted softly and come back as they were', async () => {
    const lead = await takt.create('lead', { last_name: 'D', key: 'deleted-one' });
    await submit({ kind: 'delete', id: lead.id });
    expect((await takt.engine.records.page({ entity: 'lead' }, 200)).items.map((item) => item.id)).not.toContain(lead.id);
    expect(await refusal({ kind: 'update', id: lead.id, data: { last_name: 'E' } })).toMatchObject({ code: 'RECORD_DELETED' });
    expect(await refusal({ kind: 'delete', id: lead.id })).toMatchObject({ code: 'RECORD_DELETED' });
    await submit({ kind: 'restore', id: lead.id });
    expect(await takt.read(lead.id)).toMatchObject({ last_name: 'D', deleted: false, version: 3 });
  });

  it('cannot come back while another has taken their key', async () => {
    const lead = await takt.create('lead', { last_name: 'K', key: 'fought-over' });
    await submit({ kind: 'delete', id: lead.id });
    await takt.create('lead', { last_name: 'L', key: 'fought-over' });
    expect(await refusal({ kind: 'restore', id: lead.id })).toMatchObject({ code: 'RECORD_KEY_TAKEN' });
  });

  it('cannot refer to what is missing, deleted or of another entity', async () => {
    const user = await takt.create('user', { name: 'U' });
    const gone = await takt.create('user', { name: 'Gone' });
    await submit({ kind: 'delete', id: gone.id });
    const lead = await takt.create('lead', { last_name: 'R' });
    const codes = async (members: string[]) => {
      const told = await refusal(create('team', { name: 'T', members }));
      return 'errors' in told ? told.errors?.map((error) => error.code) : told;
    };
    expect(await codes([user.id, gone.id])).toEqual(['REFERENCE_DELETED']);
    expect(await codes(['00000000-0000-7000-8000-000000000001'])).toEqual(['REFERENCE_NOT_FOUND']);
    expect(await codes([lead.id])).toEqual(['REFERENCE_WRONG_ENTITY']);
    expect(await refusal(create('lead', { last_name: 'O', owner: gone.id }))).toMatchObject({
      code: 'RECORD_INVALID',
      errors: [{ code: 'REFERENCE_DELETED', field: 'owner' }],
    });
  });

  it('may have custom fields and entities at once, without a migration', async () => {
    await takt.engine.entities.define({
      name: 'machine',
      title: 'Machine',
      nameField: 'model',
      fields: { model: { type: 'text', title: 'Model', required: true }, power: { type: 'number', title: 'kW' } },
    });
    await takt.engine.entities.addFields('lead', { machine: { type: 'reference', title: 'Machine', entity: 'machine' } });
    const machine = await takt.create('machine', { model: 'Компрессор', power: 75 });
    const lead = await takt.create('lead', { last_name: 'M', machine: machine.id });
    expect(await takt.read(lead.id)).toMatchObject({ machine: machine.id });
    await takt.engine.entities.addFields('lead', { visits: { type: 'number', title: 'Visits' } });
    expect((await takt.engine.entities.registry()).require('lead').fieldNames).toEqual(expect.arrayContaining(['machine', 'visits']));
    expect(await refusal(create('machine', { power: 1 }))).toMatchObject({ code: 'RECORD_INVALID', errors: [{ code: 'FIELD_REQUIRED' }] });
    await expect(takt.engine.entities.remove('machine')).rejects.toMatchObject({
      code: expect.stringMatching(/ENTITY_IN_USE|ENTITY_INVALID/),
    });
  });

  it('are sorted, searched and compared in Russian as in English, whatever the database', async () => {
    const names = ['Ёлкин', 'Елкин', 'ежов', 'Яшин', 'Адамов', 'адамова', 'Baker', 'abel'];
    for (const name of names) await takt.create('company', { name });
    const page = async (query: object) =>
      (await takt.engine.records.page({ entity: 'company', ...query }, 50)).items.map((item) => item.name);
    const sorted = await page({ sort: 'name' });
    expect(sorted).toEqual(
      [...names]
        .sort(new Intl.Collator('ru', { sensitivity: 'variant' }).compare)
        .sort((a, b) => Number(/[а-яё]/i.test(a)) - Number(/[а-яё]/i.test(b))),
    );
    expect(await page({ sort: '-name' })).toEqual([...sorted].reverse());
    expect(await page({ search: 'ЕЛКИН', sort: 'name' })).toEqual(expect.arrayContaining(['Ёлкин', 'Елкин']));
    expect(await page({ search: 'адам' })).toHaveLength(2);
    expect(await page({ where: "$lowercase(name) = 'ёлкин'" })).toEqual(['Ёлкин']);
  });

  it('come in pages that neither repeat nor miss one, by any order and with any condition', async () => {
    for (let i = 0; i < 25; i++) await takt.create('product', { name: `P${i % 5}`, sku: `S${i}` });
    for (const query of [
      { sort: 'created' },
      { sort: '-created' },
      { sort: 'name' },
      { sort: '-name' },
      { where: "name != 'P3'" },
    ] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await takt.engine.records.page({ entity: 'product', ...query }, 4, cursor);
        seen.push(...page.items.map((item) => item.id));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seen).toHaveLength('where' in query ? 20 : 25);
      expect(new Set(seen).size).toBe(seen.length);
    }
    await expect(takt.engine.records.page({ entity: 'product' }, 4, 'rubbish')).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('with impossible values are refused, each field with its own error, and nothing is written', async () => {
    const before = (await takt.all('task')).length;
    const told = await refusal(create('task', { title: 'T', due_at: '2026-02-30T10:00:00Z', nonsense: 1, priority: 'highest' }));
    expect('errors' in told && told.errors?.map((error) => [error.code, error.pointer])).toEqual(
      expect.arrayContaining([
        ['FIELD_INVALID', '/due_at'],
        ['FIELD_UNKNOWN', '/nonsense'],
        ['FIELD_INVALID', '/priority'],
      ]),
    );
    expect(await takt.all('task')).toHaveLength(before);
  });
});
