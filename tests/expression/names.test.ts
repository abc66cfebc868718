import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const env = { now: 0, random: () => 0 };
const call = (name: string, ...args: string[]): unknown =>
  compileExpression(`$${name}(${args.map((_, index) => `args[${index}]`).join(', ')})`).evaluate({ args }, env);

test.each([
  ['  иванов   ИВАН ', 'Иванов Иван'],
  ['анна-мария ПЕТРОВА – СИДОРОВА', 'Анна-Мария Петрова-Сидорова'],
  ['ёлкина АЛЁНА', 'Ёлкина Алёна'],
  ['и.и. иванов', 'И.И. Иванов'],
  ['o’neil JOHN', "O'Neil John"],
  ['McKay DiCaprio', 'McKay DiCaprio'],
  ['JEAN-LUC VAN DER BERG', 'Jean-Luc van der Berg'],
  ['van der Berg', 'van der Berg'],
  ['Рашид Мамед Оглы', 'Рашид Мамед Оглы'],
  ['рашид мамед оглы', 'Рашид Мамед оглы'],
  ['élodie', 'Élodie'],
  ['7 of nine', '7 Of Nine'],
  ['', ''],
])('a name is written as names are: %j', (written, name) => {
  expect(call('normalizeName', written)).toBe(name);
});

test('a name that was normalised stays as it is', () => {
  const letters = fc.string({ unit: fc.constantFrom(..."аБёЖz Qé-–.’' \tßİ"), maxLength: 20 });
  fc.assert(
    fc.property(letters, (text) => {
      const once = String(call('normalizeName', text));
      expect(call('normalizeName', once)).toBe(once);
    }),
  );
});

test.each([
  ['ООО «Ромашка»', 'Ромашка'],
  ['ООО"Ромашка и К"', 'Ромашка и К'],
  ['Общество с ограниченной ответственностью "Вектор"', 'Вектор'],
  ['ПАО Сбербанк', 'Сбербанк'],
  ['Сбербанк, ПАО', 'Сбербанк'],
  ['ИП Иванов И.И.', 'Иванов И.И.'],
  ['ТОО «Алматы Строй»', 'Алматы Строй'],
  ['Acme, Inc.', 'Acme'],
  ['ACME L.L.C.', 'ACME'],
  ['ACME GmbH & Co. KG', 'ACME'],
  ['Acme Pty Ltd', 'Acme'],
  ['Ferrari S.p.A.', 'Ferrari'],
  ['City Spa', 'City Spa'],
  ["O'Neil & Sons, Ltd.", "O'Neil & Sons"],
  ['Tiffany & Co.', 'Tiffany'],
  ['AB Consulting', 'AB Consulting'],
  ['ОООО', 'ОООО'],
  ['Кафе «У Палыча»', 'Кафе У Палыча'],
  ["'Вектор' – ООО", 'Вектор'],
  ['ООО ООО Ромашка', 'Ромашка'],
  ['ООО', undefined],
  ['', undefined],
])('a company is told without its legal form: %j', (written, name) => {
  expect(call('normalizeCompany', written)).toBe(name);
});

test.each([
  ['Щукин Юрий', 'Shchukin Iurii'],
  ['ЩУКИН ЮРИЙ', 'SHCHUKIN IURII'],
  ['Подъём, Объедков', 'Podieem, Obieedkov'],
  ['Хачатурян Цой Эльза', 'Khachaturian Tsoi Elza'],
  ['Їжакевич Ґалаґан', 'Izhakevich Galagan'],
  ['Қасымов Ұлан', 'Qasymov Ulan'],
  ['Łódź, Straße, Ærø', 'Lodz, Strasse, Aero'],
  ['Ю', 'Iu'],
  ['ИИ-Ю', 'II-Iu'],
  ['한글 👍', '한글 👍'],
  ['', ''],
])('Cyrillic is written as in passports: %j', (written, latin) => {
  expect(call('transliterate', written)).toBe(latin);
});

test.each([
  ['Ромашка', 'ромашка', 1],
  ['Ромашка', 'ромашки', 0.6],
  ['алёна', 'Алена', 1],
  // As PostgreSQL: select similarity('word', 'two words').
  ['word', 'two words', 4 / 11],
  ['Acme Ltd', 'Ltd Acme', 1],
  ['abc', 'xyz', 0],
  ['', '', 1],
  ['', 'abc', 0],
  ['!!!', '???', 0],
])('how much %j and %j have in common', (first, second, share) => {
  expect(call('similarity', first, second)).toBeCloseTo(share, 10);
});

test('likeness is the same both ways, from 0 to 1, and whole with itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      const share = Number(call('similarity', first, second));
      expect(share).toBe(call('similarity', second, first));
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      expect(call('similarity', first, first)).toBe(1);
    }),
  );
});

test.each(['normalizeName', 'normalizeCompany', 'transliterate', 'similarity'])('nothing has no %s', (name) => {
  expect(compileExpression(`$${name}(missing${name === 'similarity' ? ', "a"' : ''})`).evaluate({}, env)).toBeUndefined();
});
