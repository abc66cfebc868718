import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const env = { now: Date.parse('2026-03-10T12:00:00Z'), random: () => 0.5 };

const record = {
  name: 'Acme',
  budget: 60_000,
  region: 'Moscow',
  tags: ['welding', 'vip'],
  owner: { name: 'Ann', team: { name: 'North' } },
  deals: [
    { id: 'd1', stage: 'won', amount: 300, items: [{ sku: 'x', count: 2 }] },
    { id: 'd2', stage: 'lost', amount: 100, items: [] },
    {
      id: 'd3',
      stage: 'won',
      amount: 200,
      items: [
        { sku: 'y', count: 1 },
        { sku: 'x', count: 5 },
      ],
    },
  ],
};

function evaluate(source: string, input: unknown = record): unknown {
  return compileExpression(source).evaluate(input, env);
}

test.each<[string, unknown]>([
  ['owner.team.name', 'North'],
  ['owner.missing.name', undefined],
  ['deals.amount', [300, 100, 200]],
  ['deals[stage = "won"].amount', [300, 200]],
  ['deals[0].id', 'd1'],
  ['deals[-1].id', 'd3'],
  ['deals[[0, 2]].id', ['d1', 'd3']],
  ['deals[stage = "lost"].id', 'd2'],
  ['deals[stage = "lost"].id[]', ['d2']],
  ['deals.items.sku', ['x', 'y', 'x']],
  ['deals.[items.sku]', [['x'], [], ['y', 'x']]],
  ['deals^(>amount).id', ['d1', 'd3', 'd2']],
  ['deals^(stage, <amount).id', ['d2', 'd3', 'd1']],
  ['deals{stage: $sum(amount)}', { won: 500, lost: 100 }],
  ['deals.items.{sku: count}', [{ x: 2 }, { y: 1 }, { x: 5 }]],
  ['deals.items[sku = "x"].%.id', ['d1', 'd3']],
  ['deals#$i[$i > 0].id', ['d2', 'd3']],
  [
    'deals@$d.owner.{"deal": $d.id, "by": name}',
    [
      { deal: 'd1', by: 'Ann' },
      { deal: 'd2', by: 'Ann' },
      { deal: 'd3', by: 'Ann' },
    ],
  ],
  ['owner.*', ['Ann', { name: 'North' }]],
  ['owner.**.name', ['Ann', 'North']],
  ['$keys(owner)', ['name', 'team']],
])('a path finds what it names: %s', (source, result) => {
  expect(evaluate(source)).toEqual(result);
});

test.each<[string, unknown]>([
  ['budget / 1000 - 10 * 2', 40],
  ['-budget', -60_000],
  ['name & " (" & region & ")"', 'Acme (Moscow)'],
  ['budget > 50000 and region = "Moscow"', true],
  ['"vip" in tags', true],
  ['budget > 100000 ? "top" : budget > 50000 ? "middle" : "low"', 'middle'],
  ['missing ?? "none"', 'none'],
  ['"" ?: "empty"', 'empty'],
  ['$match(name, /z/) ?: "no match"', 'no match'],
  ['missing > 3', undefined],
  ['missing = 3', false],
  ['[1..3].($ * $)', [1, 4, 9]],
  ['{"total": $sum(deals.amount), "none": missing}', { total: 600 }],
  ['($x := 2; ($x := 5); $x)', 2],
  ['($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))', 3_628_800],
  ['($even := function($n) { $n = 0 ? true : $n = 1 ? false : $even($n - 2) }; $even(5000))', true],
  ['($add := function($a, $b) { $a + $b }; $inc := $add(1, ?); $inc(41))', 42],
  ['deals.amount ~> $sum ~> $string', '600'],
  ['($shout := $uppercase ~> $trim; $shout(" a "))', 'A'],
  ['$map(deals, function($d, $i) { $i & ":" & $d.id })', ['0:d1', '1:d2', '2:d3']],
  ['$reduce(deals.amount, function($a, $b) { $a + $b }, 1)', 601],
  ['owner ~> |team|{"name": "South"}, "none"|', { name: 'Ann', team: { name: 'South' } }],
  ['$now()', '2026-03-10T12:00:00.000Z'],
  ['$millis()', env.now],
  ['$fromMillis(0, "[D01].[M01].[Y0001] [H01]:[m01]", "+0300")', '01.01.1970 03:00'],
  ['$toMillis("10/03/2026", "[D01]/[M01]/[Y0001]")', Date.parse('2026-03-10')],
  ['$formatNumber(1234567.891, "#,##0.00")', '1,234,567.89'],
  ['$formatInteger(2026, "w")', 'two thousand and twenty-six'],
  ['$random()', 0.5],
])('an expression has the value that JSONata gives it: %s', (source, result) => {
  expect(evaluate(source)).toEqual(result);
});

test('a document that is an array is one value for $ and many for a path', () => {
  expect(evaluate('$count($)', [{ a: 1 }, { a: 2 }])).toBe(2);
  expect(evaluate('a', [{ a: 1 }, { a: 2 }])).toEqual([1, 2]);
});

test('a condition is the truth of its value, and nothing is false', () => {
  const holds = (source: string): boolean => compileExpression(source).test(record, env);
  expect(['tags', 'name', 'budget', 'deals[amount > 250]', 'owner'].map(holds)).toEqual([true, true, true, true, true]);
  expect(['missing', '""', '0', '[]', '{}', 'null', '$sum', 'missing > 1', 'deals[amount > 999]'].map(holds)).toEqual(Array(9).fill(false));
});

test('variables of the caller are read where the expression binds none of that name', () => {
  const source = '($y := 1; $x + $y)';
  expect(compileExpression(source).evaluate({}, { ...env, variables: { x: 41, y: 100 } })).toBe(42);
  expect(evaluate('$unknown')).toBeUndefined();
});

test('a result is plain JSON: no functions, no marks of sequences, no numbers that JSON cannot write', () => {
  expect(evaluate('[deals.id, $sum]')).toEqual(['d1', 'd2', 'd3', null]);
  expect(evaluate('{"ids": deals.id, "f": $sum}')).toEqual({ ids: ['d1', 'd2', 'd3'] });
  expect(Object.keys(evaluate('deals.id') as object)).toEqual(['0', '1', '2']);
  expect(evaluate('$sum')).toBeUndefined();
  expect(() => evaluate('1 / 0')).toThrow('D1001');
});

test('the same source is compiled once', () => {
  expect(compileExpression('budget + 1')).toBe(compileExpression('budget + 1'));
});
