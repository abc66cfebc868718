import { describe, expect, it } from 'vitest';
import { checkRecord, computeFormulas, EntityRegistry, recordJsonSchema, withFormulas } from '../../engine/records/index.ts';
import type { FieldDefinition, FormulaField } from '../../schemas/entity.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { entityOf, problemsOf, thrownBy } from './helpers.ts';

const env = { now: Date.parse('2026-03-01T00:00:00Z'), random: () => 0.5 };
const formula = (expression: string, result: FormulaField['result'] = 'number'): FieldDefinition => ({
  type: 'formula',
  title: 'Formula',
  expression,
  result,
});
const amounts: Record<string, FieldDefinition> = {
  amount: { type: 'money', title: 'Amount', currency: 'RUB' },
  probability: { type: 'number', title: 'Probability' },
  name: { type: 'text', title: 'Name' },
};
const deal = entityOf({
  verdict: formula("expected > 1000 ? 'large' : 'small'", 'text'),
  ...amounts,
  expected: formula('amount.amount * probability / 100'),
});
const record: JsonObject = { id: 'x', amount: { amount: 10_000, currency: 'RUB' }, probability: 50 };

describe('formulas', () => {
  it('are computed from the record and from each other, wherever they stand', () => {
    expect(withFormulas(deal, record, env)).toEqual({ ...record, expected: 5000, verdict: 'large' });
  });

  it('leave the record that was given as it was', () => {
    const given = structuredClone(record);
    withFormulas(deal, given, env);
    expect(given).toEqual(record);
  });

  it('know the time that they are given', () => {
    const aged = entityOf({ ...amounts, at: formula('$millis()') });
    expect(withFormulas(aged, {}, env).at).toBe(env.now);
  });

  it('see no empty fields: nothing comes of nothing', () => {
    expect(computeFormulas(deal, { amount: null, probability: 5 }, env)).toEqual({
      record: { amount: null, probability: 5, expected: null, verdict: 'small' },
      errors: [],
    });
  });

  it('that fail give null and an error, and the rest of the record stays readable', () => {
    const broken = entityOf({ ...amounts, bad: formula('name * 2'), good: formula('probability + 1') });
    const { record: whole, errors } = computeFormulas(broken, { name: 'x', probability: 1 }, env);
    expect(whole).toEqual({ name: 'x', probability: 1, bad: null, good: 2 });
    expect(errors.map(({ code, place }) => [code, place])).toEqual([['FORMULA_FAILED', { pointer: '/bad', field: 'bad' }]]);
    expect(errors[0]?.cause).toMatchObject({ code: 'EXPR_RUNTIME' });
    expect(withFormulas(broken, { name: 'x' }, env).bad).toBeNull();
  });

  it('whose result has another type than promised fail', () => {
    const wrong = entityOf({ ...amounts, day: formula("'soon'", 'date'), list: formula('[1, 2]'), text: formula('{"a": 1}', 'text') });
    const { record: whole, errors } = computeFormulas(wrong, {}, env);
    expect(whole).toEqual({ day: null, list: null, text: null });
    expect(errors.map((error) => error.code)).toEqual(['FORMULA_FAILED', 'FORMULA_FAILED', 'FORMULA_FAILED']);
  });

  it('that run away are stopped', () => {
    const endless = entityOf({ ...amounts, loop: formula('($f := function($n) { $f($n + 1) }; $f(1))') });
    expect(computeFormulas(endless, {}, env).errors.map(({ cause }) => cause)).toEqual([expect.objectContaining({ code: 'EXPR_BUDGET' })]);
  });

  it('are never input', () => {
    expect(problemsOf(deal, { expected: 5 })).toEqual(['FIELD_READONLY /expected']);
    expect(checkRecord(deal, { name: 'A' }, 'create', {}).data).toEqual({ name: 'A' });
    expect(recordJsonSchema(deal, 'create').properties).not.toHaveProperty('expected');
  });

  it('do not believe a stored value of their own name', () => {
    const fresh = entityOf({ ...amounts, twice: formula('probability * 2') });
    expect(withFormulas(fresh, { twice: 99 }, env).twice).toBeNull();
  });
});

describe('a formula that cannot be used', () => {
  const problems = (fields: Record<string, FieldDefinition>): string[] =>
    thrownBy(() => new EntityRegistry([{ name: 'deal', title: 'Deal', fields: { ...amounts, ...fields } }])).errors.map(
      ({ code, place, message }) => `${code} ${place.pointer}: ${message}`,
    );

  it('because of a circle is told with the way round', () => {
    expect(problems({ a: formula('b + 1'), b: formula('c + 1'), c: formula('a + 1') })).toEqual([
      'FORMULA_CYCLE /builtIn/0/fields/a/expression: Formulas of deal form a circle: a → b → c → a.',
    ]);
    expect(problems({ a: formula('a + 1') })).toEqual([
      'FORMULA_CYCLE /builtIn/0/fields/a/expression: Formulas of deal form a circle: a → a.',
    ]);
  });

  it('because of its syntax keeps the cause', () => {
    const error = thrownBy(() => entityOf({ bad: formula('1 +') }));
    expect(error.errors[0]).toMatchObject({ code: 'FORMULA_INVALID', cause: { code: 'EXPR_SYNTAX' } });
  });

  it('because it reads what is not there is told with the name that was meant', () => {
    const error = thrownBy(() => entityOf({ ...amounts, bad: formula('amuont.amount + 1') }));
    expect(error.errors[0]).toMatchObject({ code: 'FORMULA_INVALID', hint: 'Did you mean "amount"?' });
  });

  it('because there are too many is told', () => {
    const fields = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`f${i}`, formula('1')]));
    expect(problems(fields)).toEqual([expect.stringContaining('ENTITY_INVALID /builtIn/0/fields: deal has 51 formulas')]);
  });

  it('may read the fields of the system', () => {
    expect(withFormulas(entityOf({ age: formula('created_at', 'date_time') }), { created_at: '2026-01-01T00:00:00Z' }, env).age).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });
});
