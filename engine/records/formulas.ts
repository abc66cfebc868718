import type { EntityDefinition, FormulaField, StoredFieldDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression, type Expression } from '../expression/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { Entity } from './entity.ts';
import { Problems, shown } from './problems.ts';
import { systemField } from './system.ts';
import { normaliseValue } from './values.ts';

/** Formulas are computed for every record that is shown in a list, so that each gets far less than a node's expression. */
const LIMITS = { steps: 20_000, stringLength: 100_000, arrayLength: 10_000 };

export interface FormulaEnv {
  /** Epoch milliseconds. */
  now: number;
  /** A number in [0, 1). */
  random: () => number;
}

export interface CompiledFormula {
  readonly name: string;
  readonly expression: Expression;
  /** The field that the result has to fit. */
  readonly result: StoredFieldDefinition;
}

/**
 * Compiles the formulas of an entity in the order in which they can be computed. Notes what cannot be used (FORMULA_INVALID,
 * FORMULA_CYCLE) under `pointer`, the place of the definition's fields.
 */
export function compileFormulas(definition: EntityDefinition, pointer: string, problems: Problems): CompiledFormula[] {
  const compiled = new Map<string, CompiledFormula>();
  for (const [name, field] of Object.entries(definition.fields)) {
    if (field.type !== 'formula') continue;
    const at = `${pointer}/${name}/expression`;
    try {
      const expression = compileExpression(field.expression);
      compiled.set(name, { name, expression, result: resultField(field) });
      refuseStrangers(definition, name, expression, at, problems);
    } catch (thrown) {
      if (!(thrown instanceof TaktError)) throw thrown;
      problems.add('FORMULA_INVALID', at, `The formula ${name} of ${definition.name}: ${thrown.message}`, thrown.hint, thrown);
    }
  }
  return inOrder(compiled, definition, pointer, problems);
}

/** `long_text`, since a formula may well join several texts. */
function resultField({ title, result }: FormulaField): StoredFieldDefinition {
  return { type: result === 'text' ? 'long_text' : result, title };
}

function refuseStrangers(definition: EntityDefinition, name: string, expression: Expression, at: string, problems: Problems): void {
  const roots = new Set(expression.paths.map(([root]) => root));
  for (const root of roots) {
    if (root === undefined || Object.hasOwn(definition.fields, root) || systemField(definition, root) !== undefined) continue;
    const message = `The formula ${name} reads ${shown(root)}, which ${definition.name} does not have.`;
    problems.add('FORMULA_INVALID', at, message, didYouMean(root, Object.keys(definition.fields)));
  }
}

/** Depth first: what a formula reads comes before it. A formula met again while it is being placed closes a circle. */
function inOrder(
  compiled: ReadonlyMap<string, CompiledFormula>,
  definition: EntityDefinition,
  pointer: string,
  problems: Problems,
): CompiledFormula[] {
  const ordered: CompiledFormula[] = [];
  const done = new Set<string>();
  const place = (formula: CompiledFormula, way: readonly string[]): void => {
    if (done.has(formula.name)) return;
    if (way.includes(formula.name)) {
      const circle = [...way.slice(way.indexOf(formula.name)), formula.name].join(' → ');
      problems.add('FORMULA_CYCLE', `${pointer}/${formula.name}/expression`, `Formulas of ${definition.name} form a circle: ${circle}.`);
      return;
    }
    for (const [root = ''] of formula.expression.paths) {
      const read = compiled.get(root);
      if (read !== undefined) place(read, [...way, formula.name]);
    }
    if (done.has(formula.name)) return;
    done.add(formula.name);
    ordered.push(formula);
  };
  for (const formula of compiled.values()) place(formula, []);
  return ordered;
}

/**
 * The record with its formula fields. A formula that fails gives null, so that the record stays readable, and an entry in
 * `errors` (FORMULA_FAILED with the field and the cause). Formulas see the record's filled fields and the formulas that they
 * read; an empty field is absent to them, as it is to every expression.
 */
export function computeFormulas(entity: Entity, record: JsonObject, env: FormulaEnv): { record: JsonObject; errors: TaktError[] } {
  if (entity.formulas.length === 0) return { record, errors: [] };
  const errors: TaktError[] = [];
  const whole: JsonObject = { ...record };
  const scope: JsonObject = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
  for (const formula of entity.formulas) {
    delete scope[formula.name];
    try {
      const value = compute(formula, scope, env);
      whole[formula.name] = value;
      if (value !== null) scope[formula.name] = value;
    } catch (thrown) {
      const cause = asTaktError(thrown);
      whole[formula.name] = null;
      const message = `The formula ${formula.name} of ${entity.name}: ${cause.message}`;
      errors.push(new TaktError('FORMULA_FAILED', { pointer: `/${formula.name}`, field: formula.name, message, hint: cause.hint, cause }));
    }
  }
  return { record: whole, errors };
}

/** `computeFormulas` for those who show the record alone. */
export function withFormulas(entity: Entity, record: JsonObject, env: FormulaEnv): JsonObject {
  return computeFormulas(entity, record, env).record;
}

function compute(formula: CompiledFormula, scope: JsonObject, env: FormulaEnv): Json {
  const found = formula.expression.evaluate(scope, { now: env.now, random: env.random, limits: LIMITS });
  if (found === undefined || found === null) return null;
  const problems = new Problems();
  const site = { problems, pointer: `/${formula.name}`, country: 'RU' } as const;
  const fits = isJson(found) ? normaliseValue(formula.result, found, site) : undefined;
  problems.throwAs('FORMULA_FAILED', `The result is no ${formula.result.type}`);
  return fits ?? null;
}

/** What a formula may result in: anything else has no writing in JSON. */
function isJson(value: unknown): value is Json {
  return ['string', 'number', 'boolean', 'object'].includes(typeof value);
}
