import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EvaluationMap, readEvaluationMap } from '../../api/cli/learning/map.ts';
import { readExamples } from '../../api/cli/learning/read.ts';
import { TaktError } from '../../engine/errors/index.ts';
import { type Folder, temporary } from '../cli/support.ts';

const CSV = `id,Source,Visits,Won,Created
1,Google,3,1,2027-01-04
2,Select,,0,2027-01-05
3,"Ref, paid",12,0,2027-01-05
4,Google,1,,2027-01-06
5,Google,2,maybe,2027-01-07
`;
const map: EvaluationMap = {
  outcome: { column: 'Won', success: ['1'] },
  columns: { Source: 'level', Visits: 'number' },
  empty: ['Select'],
};

let folder: Folder;
beforeEach(async () => {
  folder = await temporary();
});
afterEach(() => folder.remove());

const read = async (csv: string | Uint8Array, changes: Partial<EvaluationMap> = {}, name = 'leads.csv') =>
  readExamples(await folder.write(name, csv), { ...map, ...changes }, Date.parse('2027-06-01'));

/** Code, and the place and hint of each problem. */
async function faultOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof TaktError)) throw error;
    const { code, message } = error;
    return { code, message, errors: error.errors.map((one) => [one.code, one.place.pointer, one.hint]) };
  }
  return undefined;
}

describe('rows to learn from', () => {
  test('are columns of numbers and levels with an outcome; what means nothing is not known', async () => {
    const { frame, outcomes, open, broken } = await read(CSV);
    expect(frame.columns).toEqual([
      { kind: 'level', name: 'Source', levels: ['Google', 'Ref, paid'], codes: Int32Array.of(0, -1, 1, 0) },
      { kind: 'number', name: 'Visits', values: Float64Array.of(3, Number.NaN, 12, 2) },
    ]);
    expect([[...outcomes], [...open.lines], broken]).toEqual([[1, 0, 0, 0], [5], 0]);
  });

  test('are those with an outcome of the map, where it names failures too', async () => {
    const { frame, open } = await read(CSV, { outcome: { column: 'Won', success: ['1'], failure: ['0'] } });
    expect([frame.size, open.frame.size]).toEqual([3, 2]);
  });

  test('are the same of a packed file', async () => {
    expect(await read(gzipSync(CSV), {}, 'leads.csv.gz')).toEqual(await read(CSV));
  });

  test('have a time: of a column, in milliseconds, or their places', async () => {
    const [first, second] = [Date.parse('2027-01-04'), Date.parse('2027-01-05')];
    expect((await read(CSV, { time: { column: 'Created' } })).times).toEqual(
      Float64Array.of(first, second, second, Date.parse('2027-01-07')),
    );
    expect((await read(CSV, { time: 'order' })).times).toEqual(Float64Array.of(0, 1, 2, 3));
    expect((await read(CSV)).times).toBeUndefined();
  });

  test('do not fail for a row that cannot be read: it is counted', async () => {
    const { frame, broken } = await read(`${CSV}6,too,few\n`);
    expect([frame.size, broken]).toEqual([4, 1]);
  });
});

describe('a map that does not fit the file', () => {
  test('names every column that is not there, with what was probably meant', async () => {
    const wrong = { columns: { Sorce: 'level', Visits: 'number' }, never: ['Tags'], time: { column: 'created' } } as const;
    expect(await faultOf(() => read(CSV, { ...wrong, never: [...wrong.never] }))).toEqual({
      code: 'EVAL_MAP_INVALID',
      message: 'The map has 3 errors.',
      errors: [
        ['IMPORT_COLUMN_UNKNOWN', '/columns/Sorce', 'Did you mean "Source"?'],
        ['IMPORT_COLUMN_UNKNOWN', '/time/column', 'Did you mean "Created"?'],
        ['IMPORT_COLUMN_UNKNOWN', '/never/0', 'Known: id, Source, Visits, Won, Created.'],
      ],
    });
  });

  test('is told of a column that the file has twice', async () => {
    expect(await faultOf(() => read('Source,Visits,Won,Won\na,1,1,0\n'))).toMatchObject({
      code: 'EVAL_MAP_INVALID',
      errors: [['IMPORT_COLUMN_TWICE', '/outcome/column', expect.any(String)]],
    });
  });

  test('is told where no row succeeds, or every one', async () => {
    expect(await faultOf(() => read(CSV, { outcome: { column: 'Won', success: ['yes'] } }))).toMatchObject({
      code: 'EVAL_OUTCOME',
      message: 'In "Won" none of 4 rows has yes.',
    });
    expect(await faultOf(() => read(CSV, { outcome: { column: 'Won', success: ['0', '1', 'maybe'] } }))).toMatchObject({
      code: 'EVAL_OUTCOME',
      message: 'In "Won" all 4 rows succeeded.',
    });
  });

  test('is told where a number column holds texts, and a time that is no date', async () => {
    expect(await faultOf(() => read(CSV, { columns: { Source: 'number' } }))).toMatchObject({
      code: 'EVAL_VALUE',
      message: '"Source" should be a number, and 3 of 3 values are none, such as "Google".',
    });
    expect(await faultOf(() => read(CSV, { time: { column: 'Source' } }))).toMatchObject({
      code: 'EVAL_VALUE',
      message: '"Google" in "Source" is no date.',
    });
  });
});

describe('a map', () => {
  const parse = (changes: object) => readEvaluationMap(JSON.stringify({ ...map, ...changes }));

  test('may describe itself and leave everything out that it need not say', () => {
    expect(parse({ description: 'Leads', never: ['Tags'] })).toMatchObject({ description: 'Leads' });
  });

  test('is told every fault of its form at once', async () => {
    const fault = await faultOf(() => parse({ colums: {}, columns: { Source: 'text' }, outcome: { column: 'Won' } }));
    expect(fault).toMatchObject({ code: 'EVAL_MAP_INVALID' });
    expect(fault).toHaveProperty('errors', [
      ['EVAL_MAP_INVALID', '/colums', 'Did you mean "columns"?'],
      ['EVAL_MAP_INVALID', '/outcome', 'Add "success".'],
      ['EVAL_MAP_INVALID', '/columns/Source', expect.stringContaining('Write "number", "level", "money"')],
    ]);
  });

  test('cannot learn from the outcome, nor from what is never to be used, nor take a value for both', async () => {
    const outcome = { column: 'Won', success: ['1'], failure: ['0', '1'] };
    expect(await faultOf(() => parse({ outcome, columns: { Won: 'level', Tags: 'level' }, never: ['Tags'] }))).toMatchObject({
      code: 'EVAL_MAP_INVALID',
      errors: [
        ['EVAL_MAP_INVALID', '/outcome/failure', expect.any(String)],
        ['EVAL_MAP_INVALID', '/columns/Won', expect.any(String)],
        ['EVAL_MAP_INVALID', '/columns/Tags', expect.any(String)],
      ],
    });
  });
});
