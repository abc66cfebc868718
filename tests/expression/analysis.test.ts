import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const paths = (source: string): string[] => compileExpression(source).paths.map((path) => path.join('.'));

test.each<[string, string[]]>([
  ['record.score >= 80 and record.owner.name = "Ann"', ['record.score', 'record.owner.name']],
  ['record.score + record.score', ['record.score']],
  ['record.`first name`', ['record.first name']],
  ['record.deals[stage = "won"].amount', ['record.deals.amount']],
  ['record.deals[stage = $$.wanted.stage].amount', ['record.deals.amount', 'wanted.stage']],
  ['record.deals^(>amount){stage: amount}', ['record.deals']],
  ['$sum(record.deals.amount) > limit', ['record.deals.amount', 'limit']],
  ['$map(record.deals, function($d) { $d.amount * factor })', ['record.deals', 'factor']],
  ['($x := record.a; $x.b)', ['record.a']],
  ['{"name": record.name, key: [first, second]}', ['record.name', 'key', 'first', 'second']],
  ['record.*.name', ['record']],
  ['$.record.name', ['record.name']],
  ['record.deals.(amount + rate)', ['record.deals']],
  ['record ~> |deals|{"x": y}|', ['record']],
  ['1 + 2', []],
])('the paths of %s are known without running it', (source, known) => {
  expect(paths(source).sort()).toEqual(known.sort());
});

test('functions and free variables are told apart, and what the expression binds itself is neither', () => {
  const { functions, variables } = compileExpression(
    '($x := $sum(a); $f := function($y) { $x + $y + $z }; $map(b, $uppercase) & $f(1) & $own(2))',
  );
  expect([...functions].sort()).toEqual(['map', 'own', 'sum', 'uppercase']);
  expect(variables).toEqual(['z']);
});
