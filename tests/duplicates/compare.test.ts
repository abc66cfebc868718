import { describe, expect, it } from 'vitest';
import { commonTraits, compare, type Likeness, likenessOf, nameKeysOf, reasonInWords, SUGGESTED } from '../../engine/duplicates/index.ts';
import { checkRecord, EntityRegistry } from '../../engine/records/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { JsonObject } from '../../schemas/json.ts';

const entities = new EntityRegistry(builtInEntities);

function likeness(entity: string, data: JsonObject): Likeness {
  const { definition } = entities.require(entity);
  if (!definition.duplicates) throw new TypeError(`${entity} has no rules.`);
  return likenessOf(definition.duplicates, checkRecord(entities.require(entity), data, 'create', {}).data);
}
const lead = (data: JsonObject) => likeness('lead', data);
const company = (data: JsonObject) => likeness('company', data);

const MOBILE = '+7 916 123-45-67';
const OFFICE = '+7 495 123-45-67';

const codes = (a: Likeness, b: Likeness): string[] => compare(a, b).reasons.map(({ code }) => code);
const verdict = (a: Likeness, b: Likeness, common?: ReadonlySet<string>): string => {
  const { sure, score } = compare(a, b, common);
  if (sure) return 'sure';
  return score >= SUGGESTED ? 'similar' : 'none';
};

describe('a person is surely the same', () => {
  it.each([
    ['by a number with +7 and with 8', { name: 'Иван Петров', phones: ['8 (916) 123-45-67'] }, { name: 'Ivan Petrov', phones: [MOBILE] }],
    ['by the second of two numbers', { name: 'Иван Петров', phones: ['+79031112233', MOBILE] }, { name: 'Петров И.', phones: MOBILE }],
    [
      'by an address in another case',
      { name: 'Иван Петров', emails: 'I.Petrov@Mail.ru' },
      { name: 'Петорв Иван', emails: 'i.petrov@mail.ru' },
    ],
    [
      'by a number, known by the first name only',
      { name: 'Иван', phones: MOBILE },
      { first_name: 'Иван', last_name: 'Петров', phones: MOBILE },
    ],
    ['by a number without a name', { phones: MOBILE }, { name: 'Иван Петров', phones: MOBILE }],
    ["by an office's number and the very same name", { name: 'Иван Петров', phones: OFFICE }, { name: 'Петров Иван', phones: OFFICE }],
  ])('%s', (_why, a, b) => {
    expect(verdict(lead(a), lead(b))).toBe('sure');
  });
});

describe('a person is not held for the same without asking', () => {
  it.each([
    ['colleagues behind one number', { name: 'Иван Петров', phones: OFFICE }, { name: 'Анна Сидорова', phones: OFFICE }, 'none'],
    [
      'the mailbox of an office',
      { name: 'Иван Петров', emails: 'info@acme.ru' },
      { name: 'Анна Сидорова', emails: 'info@acme.ru' },
      'none',
    ],
    ['colleagues of similar names', { name: 'Мария Иванова', phones: OFFICE }, { name: 'Марина Иванова', phones: OFFICE }, 'similar'],
    ['man and wife', { name: 'Иван Петров', phones: MOBILE }, { name: 'Анна Петрова', phones: MOBILE }, 'none'],
    ['a couple with one name', { name: 'Валентин Петренко', phones: MOBILE }, { name: 'Валентина Петренко', phones: MOBILE }, 'similar'],
    ['a number that somebody else has now', { name: 'Иван Петров', phones: MOBILE }, { name: 'Олег Зуев', phones: MOBILE }, 'none'],
    ['no number that one gives', { name: 'Иван Петров', phones: '+79999999999' }, { phones: '+79999999999' }, 'none'],
    ['an office without a name', { phones: OFFICE }, { name: 'Иван Петров', phones: OFFICE }, 'none'],
    [
      'namesakes in one house',
      { name: 'Иван Петров', phones: [OFFICE, MOBILE] },
      { name: 'Иван Петров', phones: [OFFICE, '+79031112233'] },
      'similar',
    ],
    ['who has married', { name: 'Анна Петрова', phones: MOBILE }, { name: 'Анна Сидорова', phones: MOBILE }, 'similar'],
    ['the same name alone', { name: 'Иван Петров', phones: MOBILE }, { name: 'Петров Иван', phones: '+79031112233' }, 'similar'],
    ['another alphabet', { name: 'Юлия Щербакова', city: 'Омск' }, { name: 'Julia Scherbakova', city: 'омск' }, 'similar'],
    [
      'namesakes of other cities and companies',
      { name: 'Иван Петров', city: 'Омск', company_name: 'A' },
      { name: 'Иван Петрович Петров', city: 'Уфа', company_name: 'B' },
      'none',
    ],
    ['a first name alone', { name: 'Иван' }, { name: 'Иван Петров' }, 'none'],
  ])('%s', (_why, a, b, expected) => {
    expect(verdict(lead(a), lead(b))).toBe(expected);
  });

  it('a number or address that is known to be of several', () => {
    const [boss, other, third] = [
      lead({ name: 'Иван Петров', emails: 'olga@acme.ru' }),
      lead({ name: 'Анна Зуева', emails: 'olga@acme.ru' }),
      lead({ emails: 'olga@acme.ru' }),
    ];
    expect(verdict(boss, third)).toBe('sure');
    const common = commonTraits([boss, other, third]);
    expect([...common]).toEqual(['email:olga@acme.ru']);
    expect(verdict(boss, third, common)).toBe('none');
  });
});

describe('a company', () => {
  it.each([
    [
      'is sure by its number under any legal form',
      { name: 'ООО «Ромашка»', phones: OFFICE },
      { name: 'OOO Romashka', phones: OFFICE },
      'sure',
    ],
    ['is sure by its mailbox', { name: 'Acme GmbH', emails: 'info@acme.de' }, { name: 'ACME', emails: 'info@acme.de' }, 'sure'],
    [
      'of another name behind the same number is another',
      { name: 'Ромашка Север', phones: OFFICE },
      { name: 'Ромашка Юг', phones: OFFICE },
      'none',
    ],
    [
      'of another city behind the same number is a branch',
      { name: 'Ромашка', phones: '8 800 100-20-30', city: 'Омск' },
      { name: 'Ромашка', phones: '8 800 100-20-30', city: 'Уфа' },
      'similar',
    ],
    ['may be the same by its name alone', { name: 'ООО Нефть Рос Сервис' }, { name: 'АО «Рос Нефть Сервис»' }, 'similar'],
    [
      'may be the same by what it is called in law',
      { name: 'Цветы у дома', legal_name: 'ООО "Ромашка"' },
      { name: 'Romashka LLC' },
      'similar',
    ],
    ['with another number in its name is another', { name: 'Школа 12' }, { name: 'Школа 21' }, 'none'],
    ['is not known by its legal form', { name: 'ООО Вектор' }, { name: 'ООО Ракета' }, 'none'],
  ])('%s', (_why, a, b, expected) => {
    expect(verdict(company(a), company(b))).toBe(expected);
  });
});

describe('the reasons', () => {
  it('are told as codes and in words', () => {
    const [a, b] = [
      lead({ name: 'Мария Иванова', phones: OFFICE, city: 'Омск' }),
      lead({ name: 'Марина Иванова', phones: OFFICE, city: 'Уфа' }),
    ];
    expect(codes(a, b)).toEqual(['phone', 'name', 'differs']);
    expect(compare(a, b).reasons.map((reason) => reasonInWords(reason, 'en'))).toEqual([
      'The same phone +74951234567, which is not theirs alone.',
      'Names that are 92 % alike.',
      'Another "city".',
    ]);
    expect(compare(a, b).reasons.map((reason) => reasonInWords(reason, 'ru'))[0]).toBe('Тот же телефон +74951234567, но он общий.');
  });

  it('name a digit that is wrong', () => {
    expect(codes(lead({ name: 'Иван Петров', phones: MOBILE }), lead({ name: 'Иван Петров', phones: '+79161234576' }))).toEqual([
      'phone_close',
      'name',
    ]);
  });
});

describe('keys of names', () => {
  const common = (a: string, b: string): number => {
    const other = new Set(nameKeysOf(lead({ name: b })));
    return nameKeysOf(lead({ name: a })).filter((key) => other.has(key)).length;
  };

  it.each([
    ['Иван Петров', 'Petrov Ivan'],
    ['Иван Петров', 'Иван Петорв'],
    ['Иван Петров', 'Иавн Петров'],
    ['Иван Петров', 'Иван Бетров'],
    ['Иван Петров', 'Петров Иван Сергеевич'],
    ['Иван Петров', 'Петров И. С.'],
    ['Юлия Щербакова', 'Julija Ščerbakova'],
  ])('%s and %s have one in common', (a, b) => {
    expect(common(a, b)).toBeGreaterThan(0);
  });

  it('are few, and none of a first name', () => {
    expect(nameKeysOf(lead({ name: 'Иван Петров' })).length).toBe(4);
    expect(nameKeysOf(lead({ name: 'Иван' }))).toEqual([]);
    expect(nameKeysOf(lead({ name: 'а б в г д е ж з и к л м н о п р с т у ф '.repeat(20) })).length).toBeLessThanOrEqual(12);
    expect(nameKeysOf(lead({}))).toEqual([]);
  });
});
