/** Compiles a node's parameters: literals stay, conditions, templates and expressions become closures over the scope. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression, type Environment, type Expression } from '../expression/index.ts';
import { fileSchema, leavesOutAbsent, markOf } from '../node/params.ts';
import { type Check, checker } from '../schema/checker.ts';
import { compileTemplate, type Template, type TemplateEnvironment } from '../template/index.ts';

/** What expressions and templates read, by root name. */
export type Scope = Record<string, unknown>;
type ParamEnvironment = Environment & TemplateEnvironment;

/** One expression or template found in the parameters, for the scope check. */
export interface Formula {
  readonly pointer: string;
  readonly expression?: Expression;
  readonly template?: Template;
}

export interface CompiledParams {
  /** As they stand in the file, defaults filled in. */
  readonly file: JsonObject;
  readonly formulas: readonly Formula[];
  /** Throws what the expressions and templates throw, with the pointer. */
  evaluate(scope: Scope, env: ParamEnvironment): unknown;
}

type Evaluate = (scope: Scope, env: ParamEnvironment) => unknown;
type Compiled = { constant: unknown } | { evaluate: Evaluate };

/** @param problems gets every expression or template that does not parse */
export function compileParams(schema: unknown, params: JsonObject, problems: TaktError[]): CompiledParams {
  const formulas: Formula[] = [];
  const compiled = compile(schema, params, '/params', formulas, problems);
  return { file: params, formulas, evaluate: 'constant' in compiled ? () => compiled.constant : compiled.evaluate };
}

function compile(schema: unknown, value: Json, pointer: string, formulas: Formula[], problems: TaktError[]): Compiled {
  const mark = markOf(schema);
  if (typeof value === 'string') {
    if (mark === 'condition') return expression(value, pointer, formulas, problems, true);
    if (mark !== undefined && value.startsWith('='))
      return expression(value.slice(1), pointer, formulas, problems, false, mark !== 'value');
    if (mark === 'template' || mark === 'html') return template(value, mark === 'html' ? 'html' : 'text', pointer, formulas, problems);
    return { constant: value };
  }
  if (Array.isArray(value)) {
    const chosen = mark === 'value' ? schema : memberFor(schema, value);
    const items = value.map((item, i) =>
      compile(mark === 'value' ? schema : itemSchema(chosen, i), item, `${pointer}/${i}`, formulas, problems),
    );
    if (items.every((item) => 'constant' in item)) return { constant: value };
    return { evaluate: (scope, env) => items.map((item) => run(item, scope, env) ?? null) };
  }
  if (typeof value === 'object' && value !== null) {
    const chosen = mark === 'value' ? schema : memberFor(schema, value);
    const entries = Object.entries(value).map(([name, sub]): [string, Compiled] => {
      const place = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return [name, compile(mark === 'value' ? schema : propertySchema(chosen, name), sub, place, formulas, problems)];
    });
    if (entries.every(([, sub]) => 'constant' in sub)) return { constant: value };
    // An expression that finds nothing gives null, never the default that an absent parameter would have: a mail to nobody must
    // not become a mail to somebody else. Only where the schema says so (fields to be written) it is left out.
    const leaveOut = leavesOutAbsent(schema);
    return {
      evaluate(scope, env) {
        const result: Record<string, unknown> = {};
        for (const [name, sub] of entries) {
          const got = run(sub, scope, env);
          if (got !== undefined || !leaveOut) result[name] = got ?? null;
        }
        return result;
      },
    };
  }
  return { constant: value };
}

const run = (compiled: Compiled, scope: Scope, env: ParamEnvironment): unknown =>
  'constant' in compiled ? compiled.constant : compiled.evaluate(scope, env);

function expression(
  source: string,
  pointer: string,
  formulas: Formula[],
  problems: TaktError[],
  condition: boolean,
  asText = false,
): Compiled {
  try {
    const compiled = compileExpression(source);
    formulas.push({ pointer, expression: compiled });
    if (condition) {
      return {
        evaluate: (scope, env) => (more?: Scope) => placed(pointer, () => compiled.test(more ? { ...scope, ...more } : scope, env)),
      };
    }
    return {
      evaluate(scope, env) {
        const result = placed(pointer, () => compiled.evaluate(scope, env));
        return asText && typeof result !== 'string' ? text(result) : result;
      },
    };
  } catch (error) {
    problems.push(asTaktError(error).at({ pointer }));
    return { constant: null };
  }
}

const text = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

function template(source: string, format: 'text' | 'html', pointer: string, formulas: Formula[], problems: TaktError[]): Compiled {
  if (!source.includes('{{')) return { constant: source };
  try {
    const compiled = compileTemplate(source, format);
    formulas.push({ pointer, template: compiled });
    return { evaluate: (scope, env) => placed(pointer, () => compiled.render(scope, env)) };
  } catch (error) {
    problems.push(asTaktError(error).at({ pointer }));
    return { constant: source };
  }
}

function placed<T>(pointer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TaktError ? error.at({ pointer }) : error;
  }
}

type SchemaNode = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null && !Array.isArray(value);

function itemSchema(schema: unknown, index: number): unknown {
  const items = isNode(schema) ? schema.items : undefined;
  return Array.isArray(items) ? items[index] : items;
}

function propertySchema(schema: unknown, name: string): unknown {
  if (!isNode(schema)) return undefined;
  if (isNode(schema.properties) && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  if (isNode(schema.patternProperties)) return Object.values(schema.patternProperties)[0];
  return schema.additionalProperties;
}

/** Of a union, the first member that the value fits; any other schema is itself. */
function memberFor(schema: unknown, value: JsonObject | readonly Json[]): unknown {
  if (!isNode(schema)) return schema;
  if (isNode(schema.properties) || schema.items !== undefined) return schema;
  const members = Array.isArray(schema.anyOf) ? schema.anyOf : Array.isArray(schema.oneOf) ? schema.oneOf : undefined;
  return members ? members.find((member) => memberCheck(member)(structuredClone(value))) : schema;
}

const memberChecks = new WeakMap<object, Check<unknown>>();

/** Made once for each member: compiling one takes longer than all else that is done with a node's parameters. */
function memberCheck(member: object): Check<unknown> {
  const known = memberChecks.get(member) ?? checker<unknown>(() => Object(fileSchema(member)));
  memberChecks.set(member, known);
  return known;
}
