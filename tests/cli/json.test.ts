import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonArrayRows, jsonLineRows } from '../../api/cli/import/json.ts';
import { lineOfPointer } from '../../api/cli/json-place.ts';
import { all, inPieces } from './support.ts';

const plain = (rows: readonly { data: unknown }[]): unknown[] => rows.map((row) => row.data);
const objects = fc.array(
  fc.dictionary(
    fc.string({ unit: fc.constantFrom('a', '"', '[', '}', ','), maxLength: 4 }),
    fc.oneof(fc.string({ unit: fc.constantFrom('a', '"', '[', '}', '\\', ','), maxLength: 6 }), fc.jsonValue({ maxDepth: 2 })),
  ),
  {
    maxLength: 5,
  },
);
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
/**
 * Neither `__proto__`, nor a backslash in a key: V8 12.8 to 14.6 takes an escaped key for one that it has read before and that begins as the
 * escape is written (https://github.com/nodejs/node/issues/63785).
 */
function sound(value: unknown): boolean {
  const keys: string[] = [];
  JSON.stringify(value, (key, inner: unknown) => {
    keys.push(key);
    return inner;
  });
  return !keys.some((key) => key === '__proto__' || key.includes('\\'));
}

describe('reading JSON', () => {
  test('an array gives its elements, however it is cut and indented', async () => {
    await fc.assert(
      fc.asyncProperty(objects.filter(sound), sizes, fc.constantFrom(undefined, 2), async (list, pieces, indent) => {
        const clean: unknown = JSON.parse(JSON.stringify(list));
        expect(plain(await all(jsonArrayRows(inPieces(JSON.stringify(list, null, indent), pieces))))).toEqual(clean);
      }),
    );
  });

  test('lines give their objects, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(objects.filter(sound), sizes, async (list, pieces) => {
        const clean: unknown = JSON.parse(JSON.stringify(list));
        const text = list.map((one) => JSON.stringify(one)).join('\n');
        expect(plain(await all(jsonLineRows(inPieces(text, pieces))))).toEqual(clean);
      }),
    );
  });

  test('a bad line costs only itself, and tells its number', async () => {
    const rows = await all(jsonLineRows(inPieces('{"a":1}\n{"a":\n\n[1]\n{"a":2}', [7])));
    expect(rows.map((row) => [row.line, 'error' in row ? row.error.code : 'fine'])).toEqual([
      [1, 'fine'],
      [2, 'IMPORT_ROW_BROKEN'],
      [4, 'IMPORT_ROW_BROKEN'],
      [5, 'fine'],
    ]);
  });

  test('a bad element within balanced brackets costs only itself', async () => {
    const rows = await all(jsonArrayRows(inPieces('[\n{"a":1},\n{a:1},\n7,\n{"a":2}\n]', [100])));
    expect(rows.map((row) => [row.line, 'error' in row])).toEqual([
      [2, false],
      [3, true],
      [4, true],
      [5, false],
    ]);
  });

  test.each(['[{"a":1}', '[{"a":1},', '[{"a":"]}]'])('an array that breaks off (%s) is told', async (text) => {
    await expect(all(jsonArrayRows(inPieces(text, [3])))).rejects.toMatchObject({ code: 'IMPORT_FILE_BROKEN' });
  });

  test('text behind the array is told', async () => {
    await expect(all(jsonArrayRows(inPieces('[] x', [9])))).rejects.toMatchObject({ code: 'IMPORT_FILE_BROKEN' });
  });
});

describe('the line of a pointer', () => {
  const text = '{\n  "nodes": {\n    "a/b": { "params": [1,\n      { "x": "}]" }] }\n  },\n  "edges": []\n}';

  test.each([
    ['', 1],
    ['/nodes', 2],
    ['/nodes/a~1b', 3],
    ['/nodes/a~1b/params/0', 3],
    ['/nodes/a~1b/params/1', 4],
    ['/nodes/a~1b/params/1/x', 4],
    ['/edges', 6],
    ['/edges/7', 6],
    ['/nodes/missing', 2],
  ])('%s is on line %i', (pointer, line) => {
    expect(lineOfPointer(text, pointer)).toBe(line);
  });
});
