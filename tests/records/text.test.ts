import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayName, EntityRegistry, foldText, searchForms, searchText, sortKey } from '../../engine/records/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import { entityOf, TYPES } from './helpers.ts';

const registry = new EntityRegistry(builtInEntities);
const lead = registry.require('lead');
const collator = new Intl.Collator('ru');
/** As PostgreSQL compares in the C collation: the bytes of UTF-8. */
const byBytes = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
const sorted = (words: readonly string[]): string[] => [...words].sort((a, b) => byBytes(sortKey(a), sortKey(b)));

describe('the sort key', () => {
  it('orders words as dictionaries do', () => {
    expect(
      sorted(['Яна', 'ежа', 'Ёж', 'еж', 'Иванов', 'Иван Петров', 'йод', 'Anna', 'абв', 'Zoe', '2 сорт', '10 сорт', 'élan', 'elf']),
    ).toEqual(['10 сорт', '2 сорт', 'Anna', 'élan', 'elf', 'Zoe', 'абв', 'еж', 'Ёж', 'ежа', 'Иван Петров', 'Иванов', 'йод', 'Яна']);
  });

  it('does not know case, quotation marks or spaces around', () => {
    expect(sortKey(' ООО  «Ромашка» ')).toBe(sortKey('ооо "ромашка"'));
  });

  it('agrees with the Russian collation on words of Russian letters', () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'абвгдеёжзийклмнопрстуфхцчшщъыьэюя '), minLength: 1, maxLength: 8 })
      .map((text) => text.trim().replace(/ +/g, ' '));
    const near = fc
      .tuple(word, word)
      .chain(([a, b]) => fc.constantFrom([a, b], [a, a.replaceAll('е', 'ё')], [`${a}е${b}`, `${a}ё${b}`], [a, `${a}${b}`]));
    fc.assert(
      fc.property(near, ([a = '', b = '']) => {
        expect(byBytes(sortKey(a), sortKey(b))).toBe(Math.sign(collator.compare(a, b)));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees on English words, case aside', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcxyzABCXYZ019éü'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(byBytes(sortKey(a), sortKey(b))).toBe(Math.sign(collator.compare(a.toLowerCase(), b.toLowerCase())));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['uk', 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'],
    ['be', 'абвгдежзійклмнопрстуўфхцчшыьэюя'],
  ])('agrees with the alphabet of %s', (locale, alphabet) => {
    const words = [...alphabet].flatMap((letter) => [letter, `${letter}а`, `${letter}я`]);
    expect(sorted(words)).toEqual([...words].sort(new Intl.Collator(locale).compare));
  });

  it('stays small, storable and the same for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const key = sortKey(text);
        expect(Buffer.byteLength(key)).toBeLessThan(2000);
        expect(key.isWellFormed()).toBe(true);
        expect(key).not.toContain('\0');
        expect(sortKey(text.normalize('NFD'))).toBe(sortKey(text.normalize('NFC')));
      }),
    );
    expect(sortKey('\ud800\0')).toBe(sortKey('\ufffd '));
    expect(sortKey('')).toBe('');
  });
});

describe('the search text', () => {
  it('holds name, key, digits of phones and e-mails, folded', () => {
    const data = { name: 'Фёдор  ЁЖИКОВ', phones: ['+79161234567'], emails: ['f@x.ru'], key: 'A-17', comment: 'not searched' };
    expect(searchText(lead, data)).toBe('федор ежиков a-17 79161234567 f@x.ru');
  });

  it('is found by what is typed, folded the same way', () => {
    const text = searchText(lead, { first_name: 'Алёна', last_name: 'Иванова', name: 'Алёна И.' });
    for (const typed of ['алёна', 'АЛЕНА ', 'иванова', 'Алена И']) expect(text).toContain(foldText(typed));
  });

  it.each([
    ['8 (916) 123-45-67', true],
    ['+7 916 123', true],
    ['123-45-67', true],
    ['2024-15', true],
    ['916 999', false],
    ['  ', false],
  ])('is found by %j: %s', (query, found) => {
    const text = searchText(lead, { name: 'А', key: '2024-15', phones: ['+79161234567'] });
    expect(searchForms(query).some((form) => text.includes(form))).toBe(found);
  });

  it('is cut between words, within 2,000 characters', () => {
    const emails = Array.from({ length: 150 }, (_, i) => `somebody.with.a.long.name.${i}@example.com`);
    const text = searchText(lead, { name: 'А', emails });
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text.endsWith('@example.com')).toBe(true);
  });

  it('survives any record', () => {
    const entity = entityOf(TYPES);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(TYPES), 'name', 'key'), fc.jsonValue()), (data) => {
        const parsed = JSON.parse(JSON.stringify(data));
        expect(searchText(entity, parsed).isWellFormed()).toBe(true);
        expect(displayName(entity, parsed).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('the display name', () => {
  it.each([
    [{ name: 'Анна', first_name: 'Not', last_name: 'This' }, 'Анна'],
    [{ first_name: 'Анна', last_name: 'Ким' }, 'Анна Ким'],
    [{ last_name: ' Ким\n' }, 'Ким'],
    [{ emails: ['a@x.ru'], phones: ['+79161234567'] }, 'a@x.ru'],
    [{ phones: ['+79161234567'] }, '+79161234567'],
    [{}, ''],
  ])('of %j is %j', (data, name) => expect(displayName(lead, data)).toBe(name));

  it('is the title of a task', () => expect(displayName(registry.require('task'), { title: 'Call back' })).toBe('Call back'));
});
