/** Expressions that try to use up time or memory, or to reach what is not data. The process must be here to tell. */
import { expect, test } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { compileExpression, DEFAULT_LIMITS } from '../../engine/expression/index.ts';

const env = { now: Date.parse('2026-03-10'), random: () => 0.5, timeZone: 'Europe/Paris', eventCount: () => 1, inSegment: () => true };

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

const input = {
  text: 'a'.repeat(100_000),
  rows: Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n${id}` })),
  deep: nested(20_000, (inner) => ({ a: inner })),
  lists: nested(20_000, (inner) => [inner]),
  longest: 'ж'.repeat(1_000_000),
  forms: 'ООО '.repeat(120_000),
  dashes: '-'.repeat(200_000),
  spaces: `${' '.repeat(200_000)}x`,
  quotes: "'".repeat(400_000),
  /** Putting so many marks in order takes minutes. */
  marks: `a${'\u0315\u0300\u05ae\u0323'.repeat(50_000)}`,
  url: `http://${'a.'.repeat(900)}${'@'.repeat(100)}`,
  calendar: {
    timezone: 'Europe/Paris',
    holidays: Array.from({ length: 10_000 }, (_, day) => new Date(Date.UTC(2010, 0, 1 + day)).toISOString().slice(0, 10)),
  },
  wrong: { holidays: Array(10_000).fill('x') },
  keys: Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`k${key}`, []])),
};

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'fine';
  } catch (thrown) {
    return thrown instanceof TaktError ? thrown.code : String(thrown);
  }
}

const grow = '$f := function($n, $v) { $n = 0 ? $v : $f($n - 1, {"a": $v, "b": $v}) }';
const growList = '$f := function($n, $v) { $n = 0 ? $v : $f($n - 1, [[$v], [$v]]) }';

test.each([
  '$pad("x", 200000000)',
  '[1..1000].$pad("x", 900000).$length()',
  '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("xxxxxxxxxx", 60))',
  '($s := $pad("x", 900000); $t := $pad("x", 900000); [1..90000].($s = $t))',
  '($s := $pad("x", 900000); [1..90000].($s & "y" < $s & "z"))',
  '($f := function() { $f() }; $f())',
  '($f := function() { 1 + $f() }; $f())',
  '($f := function($n) { $g($n) + 1 }; $g := function($n) { $f($n) + 1 }; $f(1))',
  '($f := function($x) { $x($x) }; $f($f))',
  '[1..10000000]',
  '[1..100000].[1..100000]',
  '[1..100000].{"a": $, "b": [$, $], "c": {"d": $}}',
  '$join([1..90000].("x"), $pad("y", 1000))',
  '$replace($pad("a", 100000, "a"), "a", $pad("b", 1000))',
  '$replace($pad("a", 10000, "a"), /a/, $pad("b", 10000))',
  '$match(text, /a.*z|a/)',
  '$split(text, "")',
  '$sort([1..100000], function($a, $b) { $a < $b })',
  '$distinct(rows)',
  '$reduce([1..100000], function($a, $b) { $append($a, $b) }, [])',
  '$map([1..100000], function($v) { $map([1..100000], function($w) { $w }) })',
  `(${grow}; $f(60, 1))`,
  `(${growList}; $string($f(60, 1)))`,
  `(${grow}; $count($f(60, 1).**))`,
  `(${grow}; $f(60, 1) = $f(60, 1))`,
  `(${growList}; $boolean($f(60, 0)))`,
  `(${growList}; $f(60, {"a": 1}).a)`,
  `(${grow}; $clone($f(60, 1)))`,
  '{"a": {"b": 1}} ~> |a|{"self": $}|',
  '$string({"a": {"b": 1}} ~> |a|{"self": $}|)',
  'deep',
  '$string(deep)',
  'deep.**',
  'deep ~> |a|{"x": 1}|',
  'lists.a',
  '$boolean(lists)',
  'lists = lists.*',
  'rows@$a.rows@$b[$a.id = $b.id].{"x": $a.name}',
  '[1..100000].$uppercase($$.text)',
  '$formatInteger(1e15, "I")',
  '[1..100000].$formatInteger($, $pad("0", 10000, "0,"))',
  '[1..100000].$toMillis("2020", "[Y]" & $)',
  '[1..100000].$normalizePhone("+7 999 123 45 67")',
  '$similarity(longest, longest)',
  '[1..100000].$similarity("abcdefgh", "abcdefgi")',
  '$similarity(marks, "a")',
  '$transliterate(longest)',
  '[1..100000].$transliterate("щщщщ")',
  '$normalizeName(longest)',
  '[1..100000].$normalizeName("ИВАНОВ-ПЕТРОВ иван")',
  '$normalizeCompany(forms)',
  '[1..100000].$normalizeCompany("ООО Ромашка")',
  '[1..100000].$domain($$.url)',
  '[1..100000].$isFreeMail("ann@xn--80a1acny.xn--p1ai")',
  '[1..1000].$addWorkingHours("2026-03-10", 200000)',
  '[1..100000].$addWorkingHours("2026-03-10", 8)',
  '[1..1000].$workingHoursSince("1950-01-01", $$.calendar)',
  '$workingHoursSince("2026-03-09", {"holidays": [1..100000]})',
  '[1..100000].$localDate("2026-03-10T00:00:00Z")',
  '[1..100000].$startOf("quarter", "2026-03-10T00:00:00")',
  '[1..100000].$addDays("0001-01-01", 3000000)',
  '[1..100000].$daysSince("2026-03-10T00:00:00Z")',
  '[1..100000].$roundMoney($money($, "JPY"))',
  '[1..100000].$eventCount("a", "P1D")',
  '[1..100000].$inSegment("a")',
])('ends with EXPR_BUDGET: %s', (source) => {
  expect(codeOf(() => compileExpression(source).evaluate(input, env))).toBe('EXPR_BUDGET');
});

test.each([
  ['nested quantifiers', '$contains($pad("a", 50000, "a") & "!", /^(a+)+$/)'],
  ['overlapping alternatives', '$contains($pad("a", 50000, "a") & "!", /^(a|aa|a*)*$/)'],
  ['a signature that could match in many ways', `(function($a)<a+a+a+a+a+a+a+a+n>{ 1 })(${'1,'.repeat(40)}"x")`],
  ['a date picture that could match in many ways', '$toMillis($pad("+", 5000, "1"), "[Z][f][Z][f][Z][f][Z][f][Z]")'],
  ['hundreds of thousands of marks on a letter', '$normalizeName(marks)'],
  ['as many in the name of a company', '$normalizeCompany(marks)'],
  ['nothing but dashes', '$normalizeName(dashes)'],
  ['nothing but dashes in the name of a company', '$normalizeCompany(dashes)'],
  ['nothing but quotation marks', '$normalizeCompany(quotes)'],
  ['nothing but spaces', '$normalizeName(spaces)'],
  ['nothing but spaces in the name of a company', '$normalizeCompany(spaces)'],
  ['an address of many parts', '$domain(url)'],
  ['a domain of a million letters', '$domain(longest)'],
  ['a date of a million letters', '$daysSince(longest)'],
  ['a currency of a million letters', '$money(1, longest)'],
  ['a billion working hours', '$addWorkingHours("2026-03-10", 1e9)'],
  ['as many backwards', '$addWorkingHours("2026-03-10", -1e9)'],
  ['more than any number', '$addWorkingHours("2026-03-10", 1e308)'],
  ['days beyond all years', '$addDays("2026-03-10", 1e308)'],
  ['a calendar with ten thousand holidays', '$addWorkingHours("2026-03-10", 100000, calendar)'],
  ['ten thousand holidays that are none', '$workingHoursSince("2026-03-09", wrong)'],
  ['a calendar with a hundred thousand fields', '$workingHoursSince("2026-03-09", keys)'],
  ['a calendar with a hundred thousand days', '$workingHoursSince("2026-03-09", {"days": keys})'],
  ['a calendar nested deeply', '$workingHoursSince("2026-03-09", {"days": deep, "holidays": lists})'],
  ['zones that do not exist', '[1..100000].$localTime("2026-03-10T00:00:00Z", "Mars/Base" & $)'],
])('%s cost no more than others', (_, source) => {
  expect(['fine', 'EXPR_RUNTIME']).toContain(codeOf(() => compileExpression(source).evaluate(input, env)));
});

function wrap(levels: number, inner: string, open: string, close: string): string {
  return open.repeat(levels) + inner + close.repeat(levels);
}

test.each([
  ['brackets', wrap(4_900, '1', '(', ')')],
  ['lists', wrap(4_900, '', '[', ']')],
  ['sums', `a${'+a'.repeat(4_900)}`],
  ['signs', `${'-'.repeat(9_000)}a`],
  ['functions', wrap(800, '1', 'function(){', '}')],
  ['defaults, which the parser copies', wrap(30, 'a', '(', '?:b)')],
  ['fallbacks, which the parser copies', wrap(30, 'a', '(', '??b)')],
  ['fallbacks behind a regular expression with a quote', `[/"/, ${wrap(30, 'a', '(', '??b)')}, /"/]`],
  ['characters', 'a'.repeat(10_001)],
  ['regular expressions', `[${'$f(/a{900}/),'.repeat(600)}1]`],
])('too many %s are EXPR_TOO_LARGE before anything runs', (_, source) => {
  expect(codeOf(() => compileExpression(source))).toBe('EXPR_TOO_LARGE');
});

test('many fallbacks side by side are no nesting', () => {
  expect(compileExpression(`[${Array(200).fill('a ?? 1').join(', ')}]`).evaluate({}, env)).toEqual(Array(200).fill(1));
});

test.each([
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  '__lookupGetter__',
  '__defineGetter__',
  'valueOf',
  'length',
  'prototype',
])('what objects inherit is not there: %s', (name) => {
  const found = (source: string): unknown => compileExpression(source).evaluate({ list: [], text: 'abc', record: {} }, env);
  expect(found(name)).toBeUndefined();
  expect(found(`record.${name}`)).toBeUndefined();
  expect(found(`list.${name}`)).toBeUndefined();
  expect(found(`text.${name}`)).toBeUndefined();
  expect(found(`$lookup(record, "${name}")`)).toBeUndefined();
  expect(found(`$sum.${name}`)).toBeUndefined();
  expect(found(`(function($x) { $x }).${name}`)).toBeUndefined();
  expect(found(`$${name}`)).toBeUndefined();
});

test.each(['constructor', '__proto__', 'toString'])('no table of the library has an entry that is inherited: %s', (name) => {
  const codes = [
    `$money(1, "${name}")`,
    `$convert({"amount": 1, "currency": "USD"}, {}, "RUB")`,
    `$startOf("${name}", "2026-03-10")`,
    `$localDate("2026-03-10", "${name}")`,
    `$workingDaysSince("2026-03-10", {"days": {"${name}": []}})`,
    `$workingDaysSince("2026-03-10", {"${name}": []})`,
  ].map((source) => codeOf(() => compileExpression(source).evaluate({}, env)));
  expect(new Set(codes)).toEqual(new Set(['EXPR_RUNTIME']));
  expect(compileExpression(`$isFreeMail("a@${name}")`).evaluate({}, env)).toBe(false);
  expect(compileExpression(`$normalizePhone("8 999 123-45-67", "${name}")`).evaluate({}, env)).toBeUndefined();
});

test('objects made by an expression may have fields of any name and infect nothing', () => {
  const source = '$merge([{"__proto__": {"polluted": true}}, {"constructor": 1}, {"a": {"toString": 2}}])';
  const made = compileExpression(source).evaluate({}, env) as Record<string, unknown>;
  expect(Object.keys(made)).toEqual(['__proto__', 'constructor', 'a']);
  expect(Object.hasOwn(made, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const own = JSON.parse('{"__proto__": {"x": 1}, "constructor": {"y": 2}}') as unknown;
  expect(compileExpression('`__proto__`.x + constructor.y').evaluate(own, env)).toBe(3);
});

test('a transform cannot reach out of its copy and change the input', () => {
  const record = { a: { b: 1 }, c: { d: 1 } };
  compileExpression('a ~> |$$.c|{"d": 2}|').evaluate(record, env);
  compileExpression('$ ~> |$$.a|{"b": 2}, "b"|').evaluate(record, env);
  compileExpression('($x := c; a ~> |$x|{"d": 2}, "d"|)').evaluate(record, env);
  expect(record).toEqual({ a: { b: 1 }, c: { d: 1 } });
});

test('the caller’s limits hold', () => {
  expect(codeOf(() => compileExpression(`[1..${DEFAULT_LIMITS.arrayLength}]`).evaluate({}, env))).toBe('fine');
  expect(codeOf(() => compileExpression(`[1..${DEFAULT_LIMITS.arrayLength + 1}]`).evaluate({}, env))).toBe('EXPR_BUDGET');
  const code = (source: string, limits: object): string => codeOf(() => compileExpression(source).evaluate({}, { ...env, limits }));
  expect(code('[1..100].($ + 1)', { steps: 50 })).toBe('EXPR_BUDGET');
  expect(code('[1..11]', { arrayLength: 10 })).toBe('EXPR_BUDGET');
  expect(code('"12345" & "67890" & "1"', { stringLength: 10 })).toBe('EXPR_BUDGET');
  expect(code('($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(20))', { depth: 10 })).toBe('EXPR_BUDGET');
});

test('an evaluation inside another, by a random port, leaves the outer budget alone', () => {
  const inner = compileExpression('$sum([1..1000])');
  const random = (): number => Number(inner.evaluate({}, { now: 0, random: () => 0 })) / 1e6;
  expect(compileExpression('$random() + $count([1..10]) + $millis()').evaluate({}, { now: 7, random })).toBeCloseTo(17.5005);
});
