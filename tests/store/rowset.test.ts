/** Rows as parameters: what goes in comes out, whatever it is. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import { arrayOf, rowset, statement } from '../../engine/store/rowset.ts';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import { type FreshDatabase, freshSqlDatabase, sqlKinds } from '../support/databases.ts';

interface Row {
  n: number | null;
  text: string | null;
  at: number | null;
  data: fc.JsonValue;
}

const set = rowset<Row>({
  n: ['integer', (row) => row.n],
  text: ['text', (row) => row.text],
  data: ['jsonb', (row) => row.data],
  at: ['timestamptz', (row) => row.at],
});

const giveBack = statement<Row, Row>(set, sql`select n, text, data, (extract(epoch from at) * 1000)::float8 as at from ${set.rows}`);

const nullable = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null });
/** PostgreSQL has no text with U+0000; JSON columns are asked with numbers that survive any decimal form. */
const texts = fc.string({ unit: 'grapheme-composite' }).filter((text) => !text.includes('\0'));
const json = fc.letrec<{ value: fc.JsonValue }>((tie) => ({
  value: fc.oneof(
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const anyRow: fc.Arbitrary<Row> = fc.record({
  n: nullable(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  text: nullable(fc.oneof(texts, fc.constantFrom('', 'NULL', '{}', '"', '\\', '{"a":1}', ',', ' padded ', "it's"))),
  at: nullable(fc.integer({ min: 0, max: 4_102_444_800_000 })),
  data: json,
});

describe.each(sqlKinds)('a rowset on %s', (kind) => {
  let fresh: FreshDatabase<SqlDatabase>;
  beforeAll(async () => {
    fresh = await freshSqlDatabase(kind);
  });
  afterAll(() => fresh.drop());

  test('gives every row as it was, in the order of the list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 20 }), async (list) => {
        const found = await giveBack(fresh.db.orm, list);
        expect(found).toEqual(list.map((row) => ({ ...row })));
      }),
      { numRuns: 100 },
    );
  });

  test('keys are looked up by their whole text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 10 }), async (list) => {
        const found = await rows<{ text: string }>(fresh.db.orm, sql`select text from unnest(${arrayOf('text', list)}) as t(text)`);
        expect(found.map((row) => row.text)).toEqual(list);
      }),
      { numRuns: 100 },
    );
  });
});
