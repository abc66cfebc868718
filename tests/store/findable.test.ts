import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import { findable } from '../../engine/store/findable.ts';
import { contains } from '../../engine/store/memory/json.ts';
import { updateRecords } from '../../engine/store/queries/records.ts';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import type { RecordRow } from '../../engine/unit/rows.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { record } from './rows.ts';

describe('what of a record a find goes by', () => {
  it.each<[string, JsonObject, JsonObject | undefined]>([
    ['short texts, under the name of the entity', { city: 'Pune' }, { lead: { city: 'Pune' } }],
    [
      'the short texts of lists and objects',
      { emails: ['a@x', 7], about: { id: 'b', at: null } },
      { lead: { emails: ['a@x'], about: { id: 'b' } } },
    ],
    ['no numbers, moments, yes or no', { n: 1, met: '2026-03-02', at: '2026-03-02T09:00:00Z', vip: true }, undefined],
    ['no long text', { note: 'x'.repeat(101) }, undefined],
    ['a text that only begins like a moment', { order: '2026-03-02/17' }, { lead: { order: '2026-03-02/17' } }],
    ['nothing of nothing', { tags: [], about: {} }, undefined],
  ])('is %s', (_, data, expected) => {
    expect(findable('lead', data)).toEqual(expected);
  });

  it('contains whatever of a find the data contains: the index never hides a record', () => {
    fc.assert(
      fc.property(fc.dictionary(name, whole), (both) => {
        const [data, wanted] = [members(both, ({ value }) => value), members(kept(both), ({ part }) => part)];
        const asked = findable('lead', wanted);
        expect(contains(data, wanted)).toBe(true);
        expect(contains(findable('lead', data) ?? {}, asked ?? {})).toBe(true);
      }),
    );
  });

  describe('on postgres', () => {
    let fresh: FreshDatabase<SqlDatabase>;
    beforeAll(async () => {
      fresh = await freshSqlDatabase('postgres');
    });
    afterAll(() => fresh.drop());

    /** How many rows were changed without touching an index. The counter also has what the connection has not yet told the statistics. */
    const changed = (base: RecordRow, data: JsonObject): Promise<number> =>
      fresh.db.orm.transaction(async (tx) => {
        const hot = async (): Promise<number> => {
          const [counts] = await rows<{ hot: string }>(tx, sql`select pg_stat_get_xact_tuples_hot_updated('records'::regclass) as hot`);
          return Number(counts?.hot);
        };
        const before = await hot();
        await updateRecords(tx, [{ base, row: { ...base, data, version: base.version + 1 } }]);
        return (await hot()) - before;
      });

    it('spares every index a change of anything else', async () => {
      const one = record(1, { data: { city: 'Pune', budget: 100 } });
      const another = record(2, { data: { city: 'Pune', budget: 100 } });
      await fresh.db.store.insertRecords([one, another]);
      expect(await changed(one, { city: 'Pune', budget: 200 })).toBe(1);
      expect(await changed(another, { city: 'Agra', budget: 100 })).toBe(0);
    });
  });
});

/** A value, and a part of it that it contains. */
interface Both {
  value: Json;
  part: Json;
  keep: boolean;
}

const name = fc.constantFrom('p', 'q', 'r');
const keep = fc.boolean();
const { whole } = fc.letrec<{ whole: Both }>((tie) => ({
  whole: fc.oneof(
    { maxDepth: 3 },
    fc
      .record({ leaf: fc.constantFrom<Json>('a', '2026-03-02', 'x'.repeat(101), 1, true, null), keep })
      .map(({ leaf, keep }) => ({ value: leaf, part: leaf, keep })),
    fc.record({ list: fc.array(tie('whole'), { maxLength: 3 }), keep }).map(({ list, keep }) => ({
      value: list.map(({ value }) => value),
      part: list.filter((one) => one.keep).map(({ part }) => part),
      keep,
    })),
    fc.record({ object: fc.dictionary(name, tie('whole')), keep }).map(({ object, keep }) => ({
      value: members(object, ({ value }) => value),
      part: members(kept(object), ({ part }) => part),
      keep,
    })),
  ),
}));

const kept = (object: Record<string, Both>): Record<string, Both> =>
  Object.fromEntries(Object.entries(object).filter(([, { keep }]) => keep));

const members = (object: Record<string, Both>, pick: (both: Both) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, both]) => [key, pick(both)]));
