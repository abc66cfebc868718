/**
 * How a node's parameters say what a string means. A schema made with these carries the mark `x-takt`, and the editor, the
 * compiler and the runtime all go by it: one source for the form, the validation and the TypeScript type.
 */
import { type Static, type TSchema, Type } from 'typebox';

const MARK = 'x-takt';
/** What becomes of an expression without a result: null, unless the schema says `leave out`. */
const ABSENT = 'x-takt-absent';
export type Mark = 'condition' | 'template' | 'html' | 'value';

interface Notes {
  title?: string;
  description?: string;
}

/** Asks a condition; `more` takes the place of names in its scope. */
export type Ask = (more?: Readonly<Record<string, unknown>>) => boolean;

/** A JSONata condition. The node gets a function and asks it when it needs the answer. */
export const Condition = (notes: Notes = {}) => Type.Unsafe<Ask>({ type: 'string', minLength: 1, [MARK]: 'condition', ...notes });

/** A Handlebars template for people: plain text. `= …` gives an expression instead. */
export const Template = (notes: Notes & { maxLength?: number } = {}) =>
  Type.Unsafe<string>({ type: 'string', [MARK]: 'template', ...notes });

/** A Handlebars template whose variables are HTML-escaped. */
export const HtmlTemplate = (notes: Notes = {}) => Type.Unsafe<string>({ type: 'string', [MARK]: 'html', ...notes });

/**
 * A literal that fits `schema`, or `= …`, an expression whose result does; strings nested in it may be expressions too. One that
 * finds nothing gives null, or with `absent: 'leave out'` is left out: a form without an answer then does not empty a field.
 */
export const Value = <T extends TSchema>(schema: T, { absent, ...notes }: Notes & { absent?: 'leave out' } = {}) =>
  Type.Unsafe<Static<T>>({ ...schema, [MARK]: 'value', ...(absent ? { [ABSENT]: absent } : {}), ...notes });

export const leavesOutAbsent = (schema: unknown): boolean => isNode(schema) && schema[ABSENT] === 'leave out';

type SchemaNode = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The mark of a schema node, if it has one. */
export function markOf(schema: unknown): Mark | undefined {
  const mark = isNode(schema) ? schema[MARK] : undefined;
  return mark === 'condition' || mark === 'template' || mark === 'html' || mark === 'value' ? mark : undefined;
}

/** A marked schema as it stands in files: wherever a value is marked, `= …` is allowed as well. */
export function fileSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(fileSchema);
  if (!isNode(schema)) return schema;
  if (markOf(schema) === 'value') return { if: { type: 'string', pattern: '^=' }, else: withoutMark(schema) };
  return mapNode(schema, fileSchema);
}

/** A marked schema as the node gets it: expressions and templates evaluated, conditions as functions. */
export function resolvedSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(resolvedSchema);
  if (!isNode(schema)) return schema;
  if (markOf(schema) === 'condition') return {};
  // All may have been left out.
  if (leavesOutAbsent(schema)) return resolvedSchema(without(schema, [MARK, ABSENT, 'minProperties']));
  return mapNode(withoutMark(schema), resolvedSchema);
}

const without = (schema: SchemaNode, names: readonly string[]): SchemaNode =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => !names.includes(key)));

const withoutMark = (schema: SchemaNode): SchemaNode => without(schema, [MARK, ABSENT]);

/** Applies `change` to sub-schemas only: `default`, `enum`, `examples` and the like hold data. */
function mapNode(schema: SchemaNode, change: (sub: unknown) => unknown): SchemaNode {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties' || key === 'patternProperties') {
        return [key, isNode(value) ? Object.fromEntries(Object.entries(value).map(([name, sub]) => [name, change(sub)])) : value];
      }
      if (key === 'items' || key === 'additionalProperties' || key === 'anyOf' || key === 'oneOf' || key === 'allOf')
        return [key, change(value)];
      return [key, value];
    }),
  );
}
