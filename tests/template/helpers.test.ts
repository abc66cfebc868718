/** What the helpers write in English and Russian. */
import { expect, test } from 'vitest';
import { compileTemplate, type TemplateEnvironment } from '../../engine/template/index.ts';
import { refusal } from '../support/refusal.ts';

const english: TemplateEnvironment = { now: Date.parse('2026-03-10T21:30:00Z'), locale: 'en', timeZone: 'UTC' };
const russian: TemplateEnvironment = { ...english, locale: 'ru', timeZone: 'Europe/Moscow' };

const scope = {
  empty: null,
  zero: 0,
  name: 'Анна & Ко',
  phone: '+79991234567',
  tags: ['vip', '<b>'],
  budget: { amount: 1500.5, currency: 'EUR' },
  objects: [{ id: 1 }],
  emoji: '👍👍👍👍',
};

function render(source: string, environment: TemplateEnvironment = english, format: 'text' | 'html' = 'text'): string {
  return compileTemplate(source, format)
    .render(scope, environment)
    .replace(/[\u00a0\u202f]/g, ' ');
}

test.each<[string, string, string]>([
  ['{{date "2026-03-01" "long"}}', 'March 1, 2026', '1 марта 2026 г.'],
  ['{{date "2026-05-09" "full"}}', 'Saturday, May 9, 2026', 'суббота, 9 мая 2026 г.'],
  ['{{date "2026-08-31T23:30:00Z" "long"}}', 'August 31, 2026', '1 сентября 2026 г.'],
  ['{{date "2026-03-01T09:00" "datetime"}}', 'Mar 1, 2026, 9:00 AM', '1 мар. 2026 г., 09:00'],
  ['{{time "2026-03-10T06:15:00Z"}}', '6:15 AM', '09:15'],
  ['{{time "now"}}', '9:30 PM', '00:30'],
  ['{{time empty}}', '', ''],
])('%s is a date or a time of day', (source, en, ru) => {
  expect(render(source)).toBe(en);
  expect(render(source, russian)).toBe(ru);
});

test.each<[string, string, string]>([
  ['2026-03-10T21:29:30Z', 'now', 'сейчас'],
  ['2026-03-10T21:00:00Z', '30 minutes ago', '30 минут назад'],
  ['2026-03-10T23:45:00Z', 'in 2 hours', 'через 2 часа'],
  ['2026-03-07T10:00:00Z', '3 days ago', '3 дня назад'],
  ['2026-03-25T00:00:00Z', 'in 2 weeks', 'через 2 недели'],
  ['2026-01-01T00:00:00Z', '2 months ago', '2 месяца назад'],
  ['2021-01-01T00:00:00Z', '5 years ago', '5 лет назад'],
  ['2026-03-09', 'yesterday', 'позавчера'],
  ['2026-03-11', 'tomorrow', 'сегодня'],
  ['2026-03-14', 'in 4 days', 'через 3 дня'],
])('how far away %s is: %s, %s', (moment, en, ru) => {
  expect(render(`{{relative "${moment}"}}`)).toBe(en);
  expect(render(`{{relative "${moment}"}}`, russian)).toBe(ru);
});

test.each<[number | string, string]>([
  [0, '0 лидов'],
  [1, '1 лид'],
  [2, '2 лида'],
  [5, '5 лидов'],
  [11, '11 лидов'],
  [12, '12 лидов'],
  [21, '21 лид'],
  [101, '101 лид'],
  [111, '111 лидов'],
  [122, '122 лида'],
  [-1, '-1 лид'],
  [1.5, '1.5 лида'],
])('three forms follow the rules of Russian, whatever the language of the workflow is: %s', (count, text) => {
  expect(render(`${count} {{plural ${count} "лид" "лида" "лидов"}}`)).toBe(text);
  expect(render(`${count} {{plural ${count} "лид" "лида" "лидов"}}`, russian)).toBe(text);
});

test.each<[number, string]>([
  [0, 'leads'],
  [1, 'lead'],
  [2, 'leads'],
  [21, 'leads'],
])('two forms follow the rules of English: %s', (count, text) => {
  expect(render(`{{plural ${count} "lead" "leads"}}`)).toBe(text);
  expect(render(`{{plural "${count}" "lead" "leads"}}`, russian)).toBe(text);
});

test.each<[string, string, string]>([
  ['0', 'zero', 'ноль'],
  ['1', 'one', 'один'],
  ['2 "feminine"', 'two', 'две'],
  ['21 "feminine"', 'twenty-one', 'двадцать одна'],
  ['40', 'forty', 'сорок'],
  ['90', 'ninety', 'девяносто'],
  ['100', 'one hundred', 'сто'],
  ['316', 'three hundred and sixteen', 'триста шестнадцать'],
  ['999', 'nine hundred and ninety-nine', 'девятьсот девяносто девять'],
  ['1000', 'one thousand', 'одна тысяча'],
  ['2002', 'two thousand and two', 'две тысячи два'],
  ['2002 "feminine"', 'two thousand and two', 'две тысячи две'],
  ['5000', 'five thousand', 'пять тысяч'],
  ['11011', 'eleven thousand and eleven', 'одиннадцать тысяч одиннадцать'],
  ['21000', 'twenty-one thousand', 'двадцать одна тысяча'],
  ['1000000', 'one million', 'один миллион'],
  ['2000001', 'two million and one', 'два миллиона один'],
  ['5000000000', 'five billion', 'пять миллиардов'],
  ['-7', 'minus seven', 'минус семь'],
])('{{words %s}} is %s, %s', (args, en, ru) => {
  expect(render(`{{words ${args}}}`)).toBe(en);
  expect(render(`{{words ${args}}}`, russian)).toBe(ru);
});

test.each<[string, string, string]>([
  ['123.45 "RUB"', 'One hundred and twenty-three roubles 45 kopecks', 'Сто двадцать три рубля 45 копеек'],
  ['0 "RUB"', 'Zero roubles 00 kopecks', 'Ноль рублей 00 копеек'],
  ['1.01 "RUB"', 'One rouble 01 kopeck', 'Один рубль 01 копейка'],
  ['1001.02 "RUB"', 'One thousand and one roubles 02 kopecks', 'Одна тысяча один рубль 02 копейки'],
  ['2000 "RUB"', 'Two thousand roubles 00 kopecks', 'Две тысячи рублей 00 копеек'],
  ['11.11 "RUB"', 'Eleven roubles 11 kopecks', 'Одиннадцать рублей 11 копеек'],
  ['22.22 "RUB"', 'Twenty-two roubles 22 kopecks', 'Двадцать два рубля 22 копейки'],
  ['1000000 "RUB"', 'One million roubles 00 kopecks', 'Один миллион рублей 00 копеек'],
  ['1.005 "RUB"', 'One rouble 01 kopeck', 'Один рубль 01 копейка'],
  ['0.999 "RUB"', 'One rouble 00 kopecks', 'Один рубль 00 копеек'],
  ['-5.5 "RUB"', 'Minus five roubles 50 kopecks', 'Минус пять рублей 50 копеек'],
  ['-0.001 "RUB"', 'Zero roubles 00 kopecks', 'Ноль рублей 00 копеек'],
  ['99999999999.99 "rub"', '', 'Девяносто девять миллиардов девятьсот девяносто девять миллионов '],
  ['2 "USD"', 'Two US dollars 00 cents', 'Два доллара США 00 центов'],
  ['1.01 "USD"', 'One US dollar 01 cent', 'Один доллар США 01 цент'],
  ['21.03 "EUR"', 'Twenty-one euros 03 cents', 'Двадцать один евро 03 цента'],
  ['1.01 "GBP"', 'One pound sterling 01 penny', 'Один фунт стерлингов 01 пенс'],
  ['5.05 "KZT"', 'Five tenge 05 tiyn', 'Пять тенге 05 тиынов'],
  ['3.04 "CNY"', 'Three yuan 04 fen', 'Три юаня 04 фэня'],
  ['2.02 "BYN"', 'Two Belarusian roubles 02 kopecks', 'Два белорусских рубля 02 копейки'],
  ['budget', 'One thousand five hundred euros 50 cents', 'Одна тысяча пятьсот евро 50 центов'],
  ['empty "RUB"', '', ''],
  ['empty', '', ''],
])('{{amountInWords %s}} stands as in contracts', (args, en, ru) => {
  expect(render(`{{amountInWords ${args}}}`)).toContain(en);
  expect(render(`{{amountInWords ${args}}}`, russian)).toContain(ru);
});

test.each<[string, string, string]>([
  ['{{percent 0.256}}', '25.6%', '25,6 %'],
  ['{{percent 1}}', '100%', '100 %'],
  ['{{percent 0.5 2}}', '50.00%', '50,00 %'],
  ['{{percent empty}}', '', ''],
  ['{{money budget}}', '€1,500.50', '1 500,50 €'],
  ['{{money budget "USD"}}', '$1,500.50', '1 500,50 $'],
  ['{{money empty}}', '', ''],
])('%s follows the language', (source, en, ru) => {
  expect(render(source)).toBe(en);
  expect(render(source, russian)).toBe(ru);
});

test.each([
  ['{{upper name}}', 'АННА & КО'],
  ['{{lower "ÀÉ Straße"}}', 'àé straße'],
  ['{{upper empty}}', ''],
  ['{{truncate "Hello world" 5}}', 'Hell…'],
  ['{{truncate "Hello world" 7}}', 'Hello…'],
  ['{{truncate "Hello" 5}}', 'Hello'],
  ['{{truncate emoji 3}}', '👍👍…'],
  ['{{truncate emoji 4}}', '👍👍👍👍'],
  ['{{join tags " / "}}', 'vip / <b>'],
  ['{{join tags}}', 'vip, <b>'],
  ['{{join empty}}', ''],
  ['{{phone phone}}', '+7 999 123 45 67'],
  ['{{phone phone "national"}}', '8 (999) 123-45-67'],
  ['{{phone "extension 12"}}', 'extension 12'],
  ['{{phone empty}}', ''],
])('%s writes %s', (source, text) => {
  expect(render(source)).toBe(text);
});

test.each<[string, boolean]>([
  ['gt 2 1', true],
  ['gt 1 1', false],
  ['gte 1 1', true],
  ['lt 1 2', true],
  ['lt 10 9', false],
  ['lte 2 1', false],
  ['gt "2026-03-10" "2026-03-09"', true],
  ['lt "b" "a"', false],
  ['lte "a" "a"', true],
  ['gt missing 1', false],
  ['lte empty 1', false],
  ['gte zero 0', true],
  ['ne name "x"', true],
  ['ne name name', false],
  ['ne missing "x"', true],
  ['and name tags', true],
  ['and name zero', false],
  ['and name missing', false],
  ['or missing zero name', true],
  ['or missing zero', false],
  ['not missing', true],
  ['not name', false],
  ['and (gt 2 1) (not (eq name "x")) (or zero (lt 1 2))', true],
])('a condition: %s', (condition, holds) => {
  expect(render(`{{#if (${condition})}}yes{{else}}no{{/if}}`)).toBe(holds ? 'yes' : 'no');
  expect(render(`{{#unless (${condition})}}yes{{else}}no{{/unless}}`)).toBe(holds ? 'no' : 'yes');
});

test('what helpers write is escaped in HTML', () => {
  expect(render('{{join tags}}', english, 'html')).toBe('vip, &lt;b&gt;');
  expect(render('{{{join tags}}}', english, 'html')).toBe('vip, <b>');
  expect(render('{{upper "<i>"}}{{truncate "<i>a" 3}}{{phone "<1>"}}{{plural 1 "<" ">"}}', english, 'html')).not.toMatch(/[<>]/);
});

test.each([
  '{{relative missing}}',
  '{{time missing}}',
  '{{plural missing "a" "b"}}',
  '{{words missing}}',
  '{{amountInWords missing "RUB"}}',
  '{{percent missing}}',
  '{{phone missing}}',
  '{{upper missing}}',
  '{{truncate missing 5}}',
  '{{join missing}}',
  '{{money missing}}',
])('a variable that is missing is an error and not a blank: %s', (source) => {
  expect(refusal(() => render(source)).code).toBe('TEMPLATE_MISSING');
});

test.each([
  ['{{relative name}}', 'cannot read'],
  ['{{date "2026-02-30"}}', 'cannot read'],
  ['{{time "2026-03-10"}}', 'no time of day'],
  ['{{plural name "a" "b"}}', 'cannot read'],
  ['{{plural 1 2 3}}', 'not a text'],
  ['{{words 1.5}}', 'in words'],
  ['{{words 1 "neuter"}}', 'gender'],
  ['{{amountInWords 1 "JPY"}}', 'JPY'],
  ['{{amountInWords 1}}', 'currency'],
  ['{{amountInWords 1000000000000000 "RUB"}}', 'too large'],
  ['{{money objects}}', 'cannot read'],
  ['{{percent "x"}}', 'cannot read'],
  ['{{percent 1 21}}', 'decimal places'],
  ['{{upper objects}}', 'cannot read'],
  ['{{truncate name 0}}', 'length'],
  ['{{truncate name "5"}}', 'length'],
  ['{{join name}}', 'cannot read'],
  ['{{join objects}}', 'cannot read'],
  ['{{phone phone "short"}}', 'style'],
  ['{{#if (gt name 1)}}{{/if}}', 'cannot compare'],
  ['{{#if (lt tags tags)}}{{/if}}', 'cannot compare'],
])('what a helper cannot do is told: %s', (source, words) => {
  const error = refusal(() => render(source));
  expect(error.code).toBe('TEMPLATE_RUNTIME');
  expect(error.message).toContain(words);
  expect(error.place.line).toBe(1);
  expect(error.hint).not.toBe('');
});

test.each(['{{relative "2026-03-10"}}', '{{time "2026-03-10T09:00"}}', '{{date "now"}}'])(
  'a zone that does not exist is told by %s',
  (source) => {
    const error = refusal(() => render(source, { ...english, timeZone: 'Mars/Base' }));
    expect(error.code).toBe('TEMPLATE_RUNTIME');
    expect(error.message).toContain('Mars/Base');
  },
);

test('helpers pay for long texts and lists', () => {
  const long = { text: 'x'.repeat(900_000), list: Array(90_000).fill('x'), many: Array(1_000).fill(0) };
  const code = (inner: string): string =>
    refusal(() => compileTemplate(`{{#each many}}{{#if (eq (${inner}) "")}}{{/if}}{{/each}}`, 'text').render(long, english)).code;
  expect(code('upper @root.text')).toBe('TEMPLATE_BUDGET');
  expect(code('truncate @root.text 800000')).toBe('TEMPLATE_BUDGET');
  expect(code('join @root.list')).toBe('TEMPLATE_BUDGET');
});
