/** Leads of the same people that come at once, by two processes on one database. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestEngine, somebody, type TestEngine } from '../engine/support.ts';

const PEOPLE = 30;
const EACH = 4;

let t: TestEngine;
beforeEach(async () => {
  t = await openTestEngine('postgres');
});
afterEach(() => t.close());

it('of each person one record is left, with what all of them have said, and no run has failed', async () => {
  await t.publish({
    ...{ takt: 1, id: 'duplicates', name: 'Duplicates' },
    nodes: {
      new_lead: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } },
      look: { type: 'record.duplicates', params: {} },
      merge: { type: 'record.merge', params: { with: '= nodes.look.id' } },
    },
    edges: [
      ['new_lead', 'look'],
      ['look:sure', 'merge'],
    ],
  });
  const other = t.another();
  const leads = Array.from({ length: PEOPLE * EACH }, (_, i) => {
    const person = i % PEOPLE;
    const tag = `t${Math.floor(i / PEOPLE)}`;
    return { name: 'Иван Петров', emails: [`ivan.${person}@mail.ru`], tags: [tag] };
  });
  await Promise.all(
    leads.map((data, i) =>
      (i % 2 === 0 ? t.engine : other).intake.submitOne({ kind: 'create', entity: 'lead', data, onExisting: 'error' }, somebody),
    ),
  );
  await Promise.all([t.engine.drain(), other.drain()]);
  await t.engine.drain();
  const living = (await t.engine.records.page({ entity: 'lead' }, 200)).items;
  expect(living.map(({ emails }) => String(emails)).sort()).toEqual(Array.from({ length: PEOPLE }, (_, i) => `ivan.${i}@mail.ru`).sort());
  for (const { tags } of living) expect([tags].flat().sort()).toEqual(['t0', 't1', 't2', 't3']);
  const runs = (await t.engine.runs.page({ workflowId: 'duplicates' }, 200)).items;
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['done']));
  expect(new Set(runs.map(({ recordId }) => recordId))).toEqual(new Set(living.map(({ id }) => id)));
});
