import { describe, expect, it } from 'vitest';
import type { Json } from '../../schemas/json.ts';
import { ID, OTHER_ID, problemsOf, stored, thing } from './helpers.ts';

const accepted = (field: string, cases: [given: Json, kept: Json][]): void => {
  it.each(cases)(`${field} keeps %j as %j`, (given, kept) => expect(stored(field, given)).toEqual(kept));
};
const refused = (field: string, values: Json[], code = 'FIELD_INVALID'): void => {
  it.each(values.map((value) => [value]))(`${field} refuses %j`, (value) => {
    expect(problemsOf(thing, { [field]: value })).toEqual([`${code} /${field}`]);
  });
};

describe('phones', () => {
  accepted('phone', [
    ['8 (916) 123-45-67', '+79161234567'],
    ['89161234567', '+79161234567'],
    [89161234567, '+79161234567'],
    ['7 916 123 45 67', '+79161234567'],
    ['+7 (495) 123-45-67', '+74951234567'],
    ['+1 415 555 2671', '+14155552671'],
  ]);
  accepted('phones', [
    ['8 916 123-45-67; +7 495 123-45-67', ['+79161234567', '+74951234567']],
    [
      ['8 495 123-45-67', '+74951234567', ' ', '8 916 123-45-67'],
      ['+74951234567', '+79161234567'],
    ],
    [[], null],
  ]);
  refused('phone', [
    '12',
    'call me 89161234567',
    '+7 000 000 00 00',
    '8 495 123-45-67 доб. 12',
    '9'.repeat(5000),
    true,
    ['89161234567'],
    1.5,
  ]);

  it('a number without a country belongs to the country of the context', () => {
    expect(stored('phone', '(415) 555-2671', { country: 'US' })).toBe('+14155552671');
  });

  it('a problem in a list is told with its place in the list', () => {
    expect(problemsOf(thing, { phones: ['89161234567', '12'] })).toEqual(['FIELD_INVALID /phones/1']);
  });
});

describe('e-mails', () => {
  accepted('email', [
    ['  Anna.Petrova+crm@Example.COM ', 'anna.petrova+crm@example.com'],
    ['Почта@Пример.РФ', 'почта@пример.рф'],
    ["o'neil@x.co", "o'neil@x.co"],
  ]);
  accepted('emails', [['b@x.ru, a@x.ru; B@X.ru', ['b@x.ru', 'a@x.ru']]]);
  refused('email', [
    'anna',
    'anna@',
    '@x.ru',
    'a@b',
    'a@b..ru',
    '.a@b.ru',
    'a.@b.ru',
    'a b@x.ru',
    'a@b@c.ru',
    'a@-b.ru',
    'a@b.ru-',
    'a@1.2.3.4',
    `${'a'.repeat(65)}@x.ru`,
    `a@${'b.'.repeat(130)}ru`,
    'Anna <a@x.ru>',
    `${'a.'.repeat(100_000)}@`,
    'a\u0000@x.ru',
    5,
  ]);
});

describe('dates', () => {
  accepted('day', [
    ['2026-02-28', '2026-02-28'],
    ['2028-02-29', '2028-02-29'],
    ['31.12.2026', '2026-12-31'],
    ['1.2.2026', '2026-02-01'],
    ['0001-01-01', '0001-01-01'],
    ['0099-12-31', '0099-12-31'],
    ['9999-12-31', '9999-12-31'],
  ]);
  refused('day', [
    '2026-02-30',
    '2027-02-29',
    '2026-13-01',
    '2026-00-10',
    '0000-01-01',
    '26-01-01',
    '2026-1-1',
    '2026-01-01T00:00Z',
    'today',
    5,
    '31/12/2026',
  ]);
});

describe('dates with time', () => {
  accepted('at', [
    ['2026-01-31T12:00:00+03:00', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31 12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T23:30:00.123456-0230', '2026-02-01T02:00:00.123Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ]);
  refused('at', [
    '2026-01-31T12:00:00',
    '2026-01-31',
    '2026-02-30T12:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:60Z',
    '2026-01-31T12:00:00+24:00',
    '0001-01-01T00:00:00+03:00',
    '9999-12-31T23:59:59-01:00',
    1_700_000_000_000,
  ]);
});

describe('numbers', () => {
  accepted('ratio', [
    ['1234.50', 1234.5],
    [' -0.5 ', -0.5],
    ['1e3', 1000],
    ['0.1', 0.1],
    ['123456789012345680', 123456789012345680],
    [-0, 0],
    ['-0', 0],
    ['.5', 0.5],
    [1e308, 1e308],
  ]);
  refused('ratio', ['1,5', '1 000', 'abc', '0x10', '1e999', '12345678901234567891', '0.12345678901234567891', 'Infinity', true, [1]]);
  refused('count', [1.5, '2.5', -11, 1_000_001]);
});

describe('money', () => {
  accepted('cost', [
    [
      { amount: '1500.50', currency: ' eur ' },
      { amount: 1500.5, currency: 'EUR' },
    ],
    ['1500.5 USD', { amount: 1500.5, currency: 'USD' }],
    ['1500.5RUB', { amount: 1500.5, currency: 'RUB' }],
    [
      { currency: 'RUB', amount: -0.0001 },
      { amount: -0.0001, currency: 'RUB' },
    ],
    [
      { amount: 99_999_999_999, currency: 'IDR' },
      { amount: 99_999_999_999, currency: 'IDR' },
    ],
  ]);
  accepted('price', [
    [100, { amount: 100, currency: 'RUB' }],
    ['100.25', { amount: 100.25, currency: 'RUB' }],
    ['100 USD', { amount: 100, currency: 'USD' }],
  ]);
  refused('cost', [
    100,
    '100',
    { amount: 1, currency: 'XXX' },
    { amount: 1.00001, currency: 'RUB' },
    { amount: 1e12, currency: 'RUB' },
    { amount: 1 },
    [1],
  ]);
  refused('cost', [{ amount: 1, currency: 'RUB', rate: 2 }]);

  it('an amount that is no number is told with its place', () => {
    expect(problemsOf(thing, { cost: { currency: 'RUB' } })).toEqual(['FIELD_INVALID /cost/amount']);
  });
});

describe('choices', () => {
  accepted('agreed', [
    ['Да', true],
    ['нет', false],
    ['YES', true],
    ['no', false],
    ['true', true],
    ['0', false],
    [1, true],
    [0, false],
  ]);
  refused('agreed', ['maybe', 2, {}]);
  accepted('colour', [
    ['red', 'red'],
    [' красный ', 'red'],
    ['BLUE', 'blue'],
  ]);
  refused('colour', ['green', 5, ['red']]);
  accepted('colours', [
    [
      ['blue', 'Красный', 'blue'],
      ['blue', 'red'],
    ],
    ['blue', ['blue']],
  ]);
});

describe('text', () => {
  accepted('line', [
    ['  Иван  ', 'Иван'],
    ['и\u0306', 'й'],
    [42, '42'],
    ['   ', null],
  ]);
  accepted('story', [['  kept\n  as it is ', '  kept\n  as it is ']]);
  it('a story with a hundred thousand marks on one letter is kept as it is: ordering them would block the process', () => {
    const pile = `e${'\u0315\u0323'.repeat(49_999)}`;
    expect(stored('story', pile)).toBe(pile);
  });
  accepted('tags', [
    [
      ['hot', ' hot', 'a, b'],
      ['hot', 'a, b'],
    ],
    ['a, b', ['a, b']],
  ]);
  refused('line', ['x'.repeat(1001), true, {}, '\ud800 lone']);
  refused('story', ['x'.repeat(100_001)]);
  refused('line', ['a\u0000b'], 'INPUT_NUL');
  refused('story', ['a\u0000b'], 'INPUT_NUL');
});

describe('references and files', () => {
  accepted('parent', [[ID.toUpperCase(), ID]]);
  accepted('children', [
    [
      [ID, OTHER_ID, ID],
      [ID, OTHER_ID],
    ],
  ]);
  accepted('about', [
    [
      { id: ID, entity: 'deal' },
      { entity: 'deal', id: ID },
    ],
  ]);
  refused('parent', ['42', 'deal', { id: ID }, `${ID}0`]);
  refused('about', [ID, { id: ID }, { entity: '__proto__', id: ID }, { entity: 'deal', id: ID, more: 1 }]);
  accepted('paper', [
    [
      { url: 'HTTPS://Example.com/a b.pdf', name: 'a.pdf', size: '10', type: 'Application/PDF' },
      { url: 'https://example.com/a%20b.pdf', name: 'a.pdf', size: 10, type: 'application/pdf' },
    ],
    [
      { name: 'a.pdf', id: 'f_1' },
      { id: 'f_1', name: 'a.pdf' },
    ],
  ]);
  refused('paper', ['a.pdf', { name: 'a.pdf' }, { id: 'f', name: 'x', path: '/etc' }]);

  it('a script is not the address of a file', () => {
    expect(problemsOf(thing, { paper: { url: 'javascript:alert(1)', name: 'x' } })).toEqual(['FIELD_INVALID /paper/url']);
  });
});

describe('structured values', () => {
  accepted('extra', [
    [{ items: [{ name: 'Гайка', quantity: 2, more: null }] }, { items: [{ name: 'Гайка', quantity: 2, more: null }] }],
    [{}, {}],
  ]);
  refused('extra', ['x'.repeat(70_000)]);

  it('names and texts that cannot be stored are refused with their place', () => {
    expect(problemsOf(thing, { extra: JSON.parse('{"a":[{"__proto__":1}]}') })).toEqual(['FIELD_INVALID /extra/a/0/__proto__']);
    expect(problemsOf(thing, { extra: { 'a/b': 'x\u0000' } })).toEqual(['INPUT_NUL /extra/a~1b']);
  });

  it('nesting of any depth is refused without exhausting the stack', () => {
    let deep: Json = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(problemsOf(thing, { extra: deep })[0]).toMatch(/^INPUT_TOO_DEEP /);
    expect(problemsOf(thing, { line: deep, phones: deep, price: deep, parent: deep, colours: deep })).toHaveLength(5);
  });

  it('a value with too many parts is refused once', () => {
    expect(problemsOf(thing, { extra: Array.from({ length: 20_000 }, () => 1) })).toHaveLength(1);
  });
});

it('a list of a million values is refused before it is read', () => {
  expect(problemsOf(thing, { phones: Array.from({ length: 1_000_000 }, () => '89161234567') })).toEqual(['FIELD_INVALID /phones']);
});
