/** The map of an import: which column becomes which field. Everything that is wrong with it is told before the first row. */
import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/errors/index.ts';
import { compileExpression, type Environment, type Expression } from '../../../engine/expression/index.ts';
import type { Entity } from '../../../engine/records/index.ts';
import { checker } from '../../../engine/schema/checker.ts';
import { checkJsonShape, parseJson } from '../../../engine/schema/json.ts';
import { didYouMean } from '../../../engine/schema/nearest.ts';
import type { FieldDefinition } from '../../../schemas/entity.ts';
import type { Json, JsonObject } from '../../../schemas/json.ts';

const Source = Type.String({
  minLength: 1,
  maxLength: 10_000,
  description: 'The name of a column, or an expression over the row: "= `First name` & \' \' & `Last name`".',
});

export const ImportMap = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    description: Type.Optional(Type.String({ maxLength: 2_000 })),
    entity: Type.Optional(Type.String({ maxLength: 63, description: 'The entity that this map is for; --entity must agree with it.' })),
    key: Source,
    fields: Type.Record(Type.String(), Source, { minProperties: 1, maxProperties: 500 }),
    skip: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 10_000,
        description: 'A condition: rows for which it holds are left out, for example "City = \'Test\'".',
      }),
    ),
    empty: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100, description: 'Values that mean "nothing", such as "Select" or "n/a".' }),
    ),
    define: Type.Optional(
      Type.Unsafe<Record<string, FieldDefinition>>({
        type: 'object',
        maxProperties: 500,
        description: 'Custom fields that the entity needs, as in a definition of an entity; those that are missing are added.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ImportMap = Static<typeof ImportMap>;

const fits = checker<ImportMap>(() => ImportMap);

/** Throws TaktError IMPORT_MAP_INVALID with every problem of its form. */
export function readImportMap(text: string): ImportMap {
  const value = checkJsonShape(parseJson(text, 'IMPORT_MAP_INVALID'), 32);
  if (fits(value)) return value;
  throw invalid(fits.problems().map((problem) => new TaktError('IMPORT_MAP_INVALID', problem)));
}

/** What one row became. */
type Mapped = { kind: 'record'; data: JsonObject } | { kind: 'skipped' } | { kind: 'bad'; error: TaktError };

export interface RowMapper {
  /** Names of columns that the map reads. */
  readonly columns: ReadonlySet<string>;
  map(row: JsonObject, env: Environment): Mapped;
}

type Source = { kind: 'column'; name: string } | { kind: 'expression'; expression: Expression };

/**
 * The map, ready for rows.
 * @param columns of the file; undefined where rows name their values themselves (JSON)
 * @throws TaktError IMPORT_MAP_INVALID with every unknown field and column and every broken expression, each with its pointer
 */
export function compileImportMap(map: ImportMap, entity: Entity, columns: readonly string[] | undefined): RowMapper {
  const errors: TaktError[] = [];
  const used = new Map<string, string>();
  const note = (name: string, pointer: string): void => {
    if (!used.has(name)) used.set(name, pointer);
  };
  const compile = (source: string, pointer: string): Expression | undefined => {
    try {
      const expression = compileExpression(source);
      for (const [name] of expression.paths) if (name !== undefined) note(name, pointer);
      return expression;
    } catch (error) {
      errors.push(error instanceof TaktError ? error.at({ pointer }) : new TaktError('EXPR_SYNTAX', { pointer, cause: error }));
      return undefined;
    }
  };
  const compileSource = (source: string, pointer: string): Source | undefined => {
    if (!source.startsWith('=')) {
      note(source, pointer);
      return { kind: 'column', name: source };
    }
    const expression = compile(source.slice(1), pointer);
    return expression && { kind: 'expression', expression };
  };

  const key = compileSource(map.key, '/key');
  const fields = Object.entries(map.fields).flatMap(([name, text]) => {
    const pointer = `/fields/${step(name)}`;
    checkField(name, entity, pointer, errors);
    const source = compileSource(text, pointer);
    return source ? [{ name, pointer, source }] : [];
  });
  const skip = map.skip === undefined ? undefined : compile(map.skip, '/skip');
  checkColumns(used, columns, errors);
  if (errors.length > 0 || key === undefined) throw invalid(errors);

  const empty = new Set(map.empty ?? []);
  return {
    columns: new Set(used.keys()),
    map(given, env) {
      const row = cleaned(given, empty);
      if (skip) {
        const skipped = attempt(() => skip.test(row, env), '/skip', 'IMPORT_SKIP');
        if (skipped instanceof TaktError) return { kind: 'bad', error: skipped };
        if (skipped) return { kind: 'skipped' };
      }
      const data: JsonObject = {};
      const problems: TaktError[] = [];
      for (const { name, pointer, source } of fields) {
        const value = readSource(source, row, env, pointer);
        if (value instanceof TaktError) problems.push(value);
        else if (!isEmpty(value)) data[name] = value;
      }
      const named = readSource(key, row, env, '/key');
      if (named instanceof TaktError) problems.push(named);
      else if (hasKey(key, row) && (typeof named === 'string' || typeof named === 'number')) data.key = String(named);
      else problems.push(new TaktError('IMPORT_KEY_MISSING', { pointer: '/key' }));
      const [first] = problems;
      if (first === undefined) return { kind: 'record', data };
      return {
        kind: 'bad',
        error: problems.length === 1 ? first : new TaktError(first.code, { message: first.message, ...first.place, errors: problems }),
      };
    },
  };
}

export function invalid(errors: readonly TaktError[]): TaktError {
  const [first] = errors;
  const message = errors.length === 1 && first ? first.message : `The map has ${errors.length} errors.`;
  return new TaktError('IMPORT_MAP_INVALID', { message, errors });
}

function checkField(name: string, entity: Entity, pointer: string, errors: TaktError[]): void {
  const settable = [...entity.fieldNames, 'owner', ...(entity.definition.stages === undefined ? [] : ['stage'])];
  if (settable.includes(name)) return;
  const hint =
    name === 'key'
      ? 'The key has its own place in the map: "key".'
      : `${didYouMean(name, settable) ?? ''} Or add it under "define".`.trim();
  errors.push(
    new TaktError('FIELD_UNKNOWN', {
      pointer,
      field: name,
      message: `${entity.name} has no field "${name.slice(0, 100)}" to import into.`,
      hint,
    }),
  );
}

function checkColumns(used: ReadonlyMap<string, string>, columns: readonly string[] | undefined, errors: TaktError[]): void {
  if (columns === undefined) return;
  for (const [name, pointer] of used) {
    const times = columns.filter((column) => column === name).length;
    if (times === 0) {
      const hint = didYouMean(
        name,
        columns.filter((column) => column !== ''),
      );
      errors.push(
        new TaktError('IMPORT_COLUMN_UNKNOWN', {
          pointer,
          message: `The file has no column "${name.slice(0, 100)}".`,
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    } else if (times > 1)
      errors.push(new TaktError('IMPORT_COLUMN_TWICE', { pointer, message: `The file has ${times} columns "${name}".` }));
  }
}

/** The row without what means nothing, so that conditions and expressions need not know. */
function cleaned(row: JsonObject, empty: ReadonlySet<string>): JsonObject {
  const kept: JsonObject = Object.create(null);
  for (const [name, value] of Object.entries(row)) {
    const clean = typeof value === 'string' ? value.trim() : value;
    if (isEmpty(clean) || (typeof clean === 'string' && empty.has(clean))) continue;
    kept[name] = clean;
  }
  return kept;
}

const isEmpty = (value: Json | undefined): value is null | undefined | '' => value === undefined || value === null || value === '';

function readSource(source: Source, row: JsonObject, env: Environment, pointer: string): Json | undefined | TaktError {
  if (source.kind === 'column') return row[source.name];
  return attempt(() => {
    const value = source.expression.evaluate(row, env);
    return value === undefined ? undefined : checkJsonShape(value, 32);
  }, pointer);
}

function attempt<T>(work: () => T, pointer: string, code?: 'IMPORT_SKIP'): T | TaktError {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TaktError)) throw error;
    return code === undefined
      ? error.at({ pointer })
      : new TaktError(code, { message: error.message, hint: error.hint, pointer, cause: error });
  }
}

/** `'x-' & number` gives "x-" where the number is missing: all such rows would be one record. */
function hasKey(source: Source, row: JsonObject): boolean {
  if (source.kind === 'column') return true;
  const columns = source.expression.paths.flatMap(([name]) => name ?? []);
  return columns.length === 0 || columns.some((name) => row[name] !== undefined);
}

const step = (name: string): string => name.slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1');
