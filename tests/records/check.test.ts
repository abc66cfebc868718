import { describe, expect, it } from 'vitest';
import { checkRecord, checkRecordSize } from '../../engine/records/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { entityOf, ID, OTHER_ID, problemsOf, thing, thrownBy } from './helpers.ts';

const strict = entityOf({
  name: { type: 'text', title: 'Name', required: true },
  origin: { type: 'text', title: 'Origin', readonly: true },
  level: { type: 'number', title: 'Level', default: '3', required: true },
  tags: { type: 'text', title: 'Tags', many: true, default: ['new'] },
});

describe('a create', () => {
  it('fills in defaults and the first stage, and keeps no empty fields', () => {
    expect(checkRecord(thing, { line: 'x', story: '', day: null }, 'create', {})).toEqual({
      data: { line: 'x' },
      references: [],
      stage: 'first',
    });
    expect(checkRecord(strict, { name: 'A', level: null }, 'create', {}).data).toEqual({ name: 'A', level: 3, tags: ['new'] });
  });

  it('hands out defaults that do not share their parts', () => {
    const first = checkRecord(strict, { name: 'A' }, 'create', {}).data.tags;
    if (Array.isArray(first)) first.push('changed');
    expect(checkRecord(strict, { name: 'B' }, 'create', {}).data.tags).toEqual(['new']);
  });

  it('demands the required fields, an empty text being none', () => {
    expect(problemsOf(strict, {}, 'create')).toEqual(['FIELD_REQUIRED /name']);
    expect(problemsOf(strict, { name: '  ' }, 'create')).toEqual(['FIELD_REQUIRED /name']);
  });

  it('takes a readonly field', () => {
    expect(checkRecord(strict, { name: 'A', origin: 'web' }, 'create', {}).data.origin).toBe('web');
  });
});

describe('an update', () => {
  it('touches only the fields named; null and empty text clear', () => {
    expect(checkRecord(thing, { line: null, story: '', count: 1 }, 'update', {})).toEqual({
      data: { line: null, story: null, count: 1 },
      references: [],
    });
  });

  it('neither clears a required field nor changes a readonly one', () => {
    expect(problemsOf(strict, { name: null, origin: 'x' })).toEqual(['FIELD_REQUIRED /name', 'FIELD_READONLY /origin']);
  });
});

describe('system fields', () => {
  it('key, owner and stage are kept apart from the data', () => {
    const checked = checkRecord(thing, { key: ' A-1 ', owner: ID.toUpperCase(), stage: 'Second' }, 'update', {});
    expect(checked).toEqual({ data: {}, key: 'A-1', owner: ID, stage: 'second', references: [{ field: 'owner', entity: 'user', id: ID }] });
  });

  it('null clears them, silence leaves them', () => {
    expect(checkRecord(thing, { key: null, owner: '', stage: null }, 'update', {})).toEqual({
      data: {},
      references: [],
      key: null,
      owner: null,
      stage: null,
    });
    expect(checkRecord(thing, {}, 'update', {})).toEqual({ data: {}, references: [] });
  });

  it('wrong ones are told', () => {
    expect(problemsOf(thing, { key: 'k'.repeat(201), owner: 'me', stage: 'third' })).toEqual([
      'FIELD_INVALID /key',
      'FIELD_INVALID /owner',
      'FIELD_INVALID /stage',
    ]);
  });

  it('an entity without stages refuses a stage, but not the empty one that a record carries', () => {
    expect(problemsOf(strict, { stage: 'new' })).toEqual(['FIELD_UNKNOWN /stage']);
    expect(checkRecord(strict, { stage: null }, 'update', {})).toEqual({ data: {}, references: [] });
  });

  it('those that the system keeps cannot be set', () => {
    expect(problemsOf(thing, { name: 'x', id: ID, version: 3, created_at: null })).toEqual([
      'FIELD_READONLY /name',
      'FIELD_READONLY /id',
      'FIELD_READONLY /version',
      'FIELD_READONLY /created_at',
    ]);
  });
});

describe('unknown fields', () => {
  it('are told with the name that was probably meant', () => {
    const error = thrownBy(() => checkRecord(thing, { pohnes: '1', storey: 'x' }, 'update', {}));
    expect(error.code).toBe('RECORD_INVALID');
    expect(error.errors.map(({ code, place, hint }) => [code, place.pointer, hint])).toEqual([
      ['FIELD_UNKNOWN', '/pohnes', 'Did you mean "phones"?'],
      ['FIELD_UNKNOWN', '/storey', 'Did you mean "story"?'],
    ]);
  });

  it('include the names that every object inherits', () => {
    const input: JsonObject = JSON.parse('{"__proto__":{"line":"x"},"constructor":1,"toString":2,"hasOwnProperty":3}');
    expect(problemsOf(thing, input)).toEqual([
      'FIELD_UNKNOWN /__proto__',
      'FIELD_UNKNOWN /constructor',
      'FIELD_UNKNOWN /toString',
      'FIELD_UNKNOWN /hasOwnProperty',
    ]);
  });

  it('what an input inherits is not input', () => {
    const input: JsonObject = Object.create({ line: 'inherited' });
    expect(checkRecord(thing, input, 'update', {}).data).toEqual({});
  });

  it('are listed up to a bound, in messages that can be stored', () => {
    const input = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x\u0000\ud800${i}${'y'.repeat(1000)}`, 1]));
    const error = thrownBy(() => checkRecord(thing, input, 'update', {}));
    expect(error.errors).toHaveLength(100);
    expect(error.message).toContain('100 of 5000');
    const told = JSON.stringify(error.toData());
    expect(told).not.toMatch(/\\u0000|\\ud800/);
    expect(told.length).toBeLessThan(100_000);
  });
});

describe('all at once', () => {
  it('every problem is told with its place', () => {
    expect(problemsOf(thing, { count: 'x', email: 'x', nope: 1, about: { entity: 'deal', id: '7' } })).toEqual([
      'FIELD_UNKNOWN /nope',
      'FIELD_INVALID /count',
      'FIELD_INVALID /about/id',
      'FIELD_INVALID /email',
    ]);
  });

  it('references are handed over for the check of their existence', () => {
    const input = { parent: ID, children: [ID, OTHER_ID], about: { entity: 'deal', id: OTHER_ID }, owner: ID };
    expect(checkRecord(thing, input, 'update', {}).references).toEqual([
      { field: 'parent', entity: 'thing', id: ID },
      { field: 'children', entity: 'thing', id: ID },
      { field: 'children', entity: 'thing', id: OTHER_ID },
      { field: 'about', entity: 'deal', id: OTHER_ID },
      { field: 'owner', entity: 'user', id: ID },
    ]);
  });

  it('a record of more than 256 KB is refused', () => {
    const fields = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { type: 'long_text', title: name } as const]));
    const large = Object.fromEntries(Object.keys(fields).map((name) => [name, 'x'.repeat(90_000)]));
    expect(thrownBy(() => checkRecord(entityOf(fields), large, 'create', {})).code).toBe('RECORD_TOO_LARGE');
    expect(thrownBy(() => checkRecordSize({ text: 'я'.repeat(140_000) })).code).toBe('RECORD_TOO_LARGE');
  });

  it('a country that does not exist is told', () => {
    for (const country of ['XX', '', '__proto__', 'constructor']) {
      expect(thrownBy(() => checkRecord(thing, { phone: '8916' }, 'update', { country })).code).toBe('INPUT_INVALID');
    }
  });
});
