import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecords, csvRows, delimiterOf } from '../../api/cli/import/csv.ts';
import { all, inPieces } from './support.ts';

const read = (text: string, sizes: readonly number[] = [1_000_000]) => all(csvRecords(inPieces(text, sizes)));
const values = async (text: string, sizes?: readonly number[]) =>
  (await read(text, sizes)).map((record) => ('values' in record ? record.values : record.problem));

const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
/** Cells that tempt a parser, none of them empty lines by themselves. */
const cell = fc.string({ unit: fc.constantFrom('a', 'ж', '"', ',', ';', '\n', '\r', '\t', ' ', "'"), maxLength: 6 });
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });

describe('reading CSV', () => {
  test('gives back what was written, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (rows, end, sizes) => {
          const text = `a,b,c\n${rows.map((row) => row.map(quote).join(',')).join(end)}`;
          expect(await values(text, sizes)).toEqual([['a', 'b', 'c'], ...rows]);
        },
      ),
    );
  });

  test('agrees with csv-parse on well-formed text', async () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'ж'), minLength: 1, maxLength: 4 });
    const mixed = fc.oneof(plain, cell.map(quote));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(mixed, { minLength: 2, maxLength: 4 }), { minLength: 1 }), async (rows) => {
        const text = `${rows.map((row) => row.join(',')).join('\n')}\n`;
        const theirs = parse(text, { relax_column_count: true, delimiter: ',' });
        expect(await values(`x,y\n${text}`)).toEqual([['x', 'y'], ...theirs]);
      }),
    );
  });

  test('a record tells the line that it begins on', async () => {
    const records = await read('a,b\n1,"two\nlines"\n\n3,4\n', [3]);
    expect(records.map((record) => record.line)).toEqual([1, 2, 5]);
  });

  test('a quotation mark that is never closed costs its own line only', async () => {
    expect(await values('a,b\n1,"open\n2,3\n4,5\n', [4])).toEqual([
      ['a', 'b'],
      'A quotation mark opens a value and none closes it.',
      ['2', '3'],
      ['4', '5'],
    ]);
  });

  test('text behind a closing quotation mark costs its own row only', async () => {
    expect(await values('a,b\n"bad"x,6\n7,8\n')).toEqual([
      ['a', 'b'],
      'Something follows the closing quotation mark of a value.',
      ['7', '8'],
    ]);
  });

  test('a quotation mark inside a value is a character', async () => {
    expect(await values('size,what\n5" pipe,x\n')).toEqual([
      ['size', 'what'],
      ['5" pipe', 'x'],
    ]);
  });

  test.each([
    ['a;b;c\n1,5;2;3', ';'],
    ['a\tb\n1,2\t3', '\t'],
    ['"x;y;z",b\n', ','],
    ['only\n', ','],
  ])('the delimiter of %j is %j', (text, delimiter) => {
    expect(delimiterOf(text)).toBe(delimiter);
  });

  test('a row of another length is told, the others are read', async () => {
    const { columns, rows } = await csvRows(inPieces('a,b\n1\n1,2\n1,2,3\n', [5]));
    expect(columns).toEqual(['a', 'b']);
    expect((await all(rows)).map((row) => ('error' in row ? `${row.line}: ${row.error.message}` : { ...Object(row.data) }))).toEqual([
      '2: The row has 1 values, the first line has 2 names.',
      { a: '1', b: '2' },
      '4: The row has 3 values, the first line has 2 names.',
    ]);
  });

  test('a column called __proto__ reaches no prototype', async () => {
    const { rows } = await csvRows(inPieces('__proto__,constructor\nx,y\n', [100]));
    const [row] = await all(rows);
    expect(Object.entries(Object(row?.data))).toEqual([['constructor', 'y']]);
  });
});
