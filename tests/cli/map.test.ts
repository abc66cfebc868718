import { describe, expect, test } from 'vitest';
import { compileImportMap, type ImportMap, readImportMap } from '../../api/cli/import/map.ts';
import { TaktError } from '../../engine/errors/index.ts';
import { EntityRegistry } from '../../engine/records/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { JsonObject } from '../../schemas/json.ts';

const lead = new EntityRegistry(builtInEntities).require('lead');
const env = { now: Date.parse('2027-01-04T09:00:00Z'), random: () => 0.5 };
const columns = ['id', 'Name', 'City', 'Visits'];
const apply = (map: ImportMap, row: JsonObject) => compileImportMap(map, lead, columns).map(row, env);

function problemsOf(work: () => unknown): [string | undefined, string][] {
  try {
    work();
  } catch (error) {
    if (error instanceof TaktError) return error.errors.map((one) => [one.place.pointer, one.code]);
    throw error;
  }
  return [];
}

describe('the map of an import', () => {
  test('takes columns by name and expressions over the row', () => {
    const map = { key: "= 'x-' & id", fields: { last_name: 'Name', comment: '= $uppercase(City) & Visits' } };
    expect(apply(map, { id: '7', Name: ' Ada ', City: 'Riga', Visits: '3' })).toEqual({
      kind: 'record',
      data: { key: 'x-7', last_name: 'Ada', comment: 'RIGA3' },
    });
  });

  test('what is empty, or means nothing, is absent for columns and expressions alike', () => {
    const map = { key: 'id', empty: ['Select'], fields: { last_name: 'Name', city: 'City', comment: "= $exists(City) ? 'has a city'" } };
    expect(apply(map, { id: '7', Name: '', City: 'Select', Visits: '  ' })).toEqual({ kind: 'record', data: { key: '7' } });
  });

  test('rows for which "skip" holds are left out', () => {
    const map = { key: 'id', fields: { last_name: 'Name' }, skip: "Name = 'test'" };
    expect(apply(map, { id: '7', Name: 'test' })).toEqual({ kind: 'skipped' });
    expect(apply(map, { id: '7', Name: 'Ada' }).kind).toBe('record');
  });

  test('a row without a key is bad, and so is one on which an expression fails, with the place in the map', () => {
    const map = { key: 'id', fields: { score: '= $number(Visits)' } };
    expect(apply(map, { Visits: '1' })).toMatchObject({ kind: 'bad', error: { code: 'IMPORT_KEY_MISSING' } });
    expect(apply(map, { id: '7', Visits: 'many' })).toMatchObject({
      kind: 'bad',
      error: { code: 'EXPR_RUNTIME', place: { pointer: '/fields/score' } },
    });
  });

  test('a key of which only the fixed part is left is no key', () => {
    const map = { key: "= 'x-' & id", fields: { last_name: 'Name' } };
    expect(apply(map, { Name: 'Ada' })).toMatchObject({ kind: 'bad', error: { code: 'IMPORT_KEY_MISSING' } });
  });

  test('everything that is wrong is told at once, each with its place', () => {
    const map = {
      key: 'Id',
      fields: { last_name: 'Nmae', cityy: 'City', score: '= $number(', comment: '= Visit & Town', key: 'id' },
      skip: 'Country',
    };
    expect(problemsOf(() => compileImportMap(map, lead, columns)).sort()).toEqual([
      ['/fields/cityy', 'FIELD_UNKNOWN'],
      ['/fields/comment', 'IMPORT_COLUMN_UNKNOWN'],
      ['/fields/comment', 'IMPORT_COLUMN_UNKNOWN'],
      ['/fields/key', 'FIELD_UNKNOWN'],
      ['/fields/last_name', 'IMPORT_COLUMN_UNKNOWN'],
      ['/fields/score', 'EXPR_SYNTAX'],
      ['/key', 'IMPORT_COLUMN_UNKNOWN'],
      ['/skip', 'IMPORT_COLUMN_UNKNOWN'],
    ]);
  });

  test('a column that is there twice may not be used, others may be', () => {
    const twice = ['id', 'Name', 'Name'];
    expect(problemsOf(() => compileImportMap({ key: 'id', fields: { last_name: 'Name' } }, lead, twice))).toEqual([
      ['/fields/last_name', 'IMPORT_COLUMN_TWICE'],
    ]);
    expect(problemsOf(() => compileImportMap({ key: 'id', fields: { last_name: 'id' } }, lead, twice))).toEqual([]);
  });

  test('a file that is not a map is told with every place', () => {
    expect(problemsOf(() => readImportMap('{"fields":{"a":7},"emtpy":[]}'))).toEqual([
      ['', 'IMPORT_MAP_INVALID'],
      ['/emtpy', 'IMPORT_MAP_INVALID'],
      ['/fields/a', 'IMPORT_MAP_INVALID'],
    ]);
  });
});
