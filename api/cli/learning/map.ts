/** The map of a CSV to learn from: which columns say something, which one is the outcome. What is wrong with it is told before a model is trained. */
import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/errors/index.ts';
import { checker } from '../../../engine/schema/checker.ts';
import { checkJsonShape, parseJson } from '../../../engine/schema/json.ts';
import { didYouMean } from '../../../engine/schema/nearest.ts';

const Name = Type.String({ minLength: 1, maxLength: 200, description: "The name of a column, as in the file's first line." });
const Values = Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100 });

const MoneyIn = Type.Object({ currency: Name }, { additionalProperties: false });

export const EvaluationMap = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    description: Type.Optional(Type.String({ maxLength: 2_000 })),
    outcome: Type.Object(
      {
        column: Name,
        success: Values,
        failure: Type.Optional({
          ...Values,
          description: 'Rows with another value are left out; without it, every other value is a failure.',
        }),
      },
      { additionalProperties: false },
    ),
    columns: Type.Record(Type.String(), Type.Union([Type.Enum(['number', 'level', 'money']), MoneyIn]), {
      minProperties: 1,
      maxProperties: 500,
      description:
        'The columns to learn from: "number", "level" for a text that is one of some, or "money" for amounts such as 1500 EUR; {"currency": …} names the column with the currency of a bare amount.',
    }),
    time: Type.Optional(
      Type.Union([Type.Object({ column: Name }, { additionalProperties: false }), Type.Literal('order')], {
        description:
          'When a row became known: {"column": …} with dates such as 2027-03-31, or "order" where the rows stand in the order of time.',
      }),
    ),
    never: Type.Optional(
      Type.Array(Name, { maxItems: 500, description: 'Columns that are written after the outcome, or tell it: never learned from.' }),
    ),
    empty: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100, description: 'Values that mean "nothing", such as "Select" or "n/a".' }),
    ),
  },
  { additionalProperties: false },
);
export type EvaluationMap = Static<typeof EvaluationMap>;

const KINDS = 'Write "number", "level", "money", or {"currency": "…"} with the name of the column that has the currency.';

const fits = checker<EvaluationMap>(() => EvaluationMap);

/** Throws TaktError EVAL_MAP_INVALID with every problem of its form, and with every column that has two parts to play. */
export function readEvaluationMap(text: string): EvaluationMap {
  const value = checkJsonShape(parseJson(text, 'EVAL_MAP_INVALID'), 32);
  if (!fits(value)) {
    const problems = fits.problems();
    throw invalid(
      problems.map(
        (found) => new TaktError('EVAL_MAP_INVALID', found.pointer?.startsWith('/columns/') ? { ...found, hint: KINDS } : found),
      ),
    );
  }
  const errors = contradictions(value);
  if (errors.length > 0) throw invalid(errors);
  return value;
}

/** @throws TaktError EVAL_MAP_INVALID with every column that the file does not have, or has twice, each with its pointer */
export function checkEvaluationColumns(map: EvaluationMap, columns: readonly string[]): void {
  const errors = namesIn(map).flatMap(({ name, pointer }) => {
    const times = columns.filter((column) => column === name).length;
    if (times === 1) return [];
    if (times > 1) return [new TaktError('IMPORT_COLUMN_TWICE', { pointer, message: `The file has ${times} columns "${name}".` })];
    const known = columns.filter((column) => column !== '');
    const hint = didYouMean(name, known);
    const message = `The file has no column "${name.slice(0, 100)}".`;
    return [new TaktError('IMPORT_COLUMN_UNKNOWN', { pointer, message, ...(hint === undefined ? {} : { hint }) })];
  });
  if (errors.length > 0) throw invalid(errors);
}

function namesIn(map: EvaluationMap): { name: string; pointer: string }[] {
  return [
    { name: map.outcome.column, pointer: '/outcome/column' },
    ...Object.entries(map.columns).flatMap(([name, kind]) => [
      { name, pointer: `/columns/${step(name)}` },
      ...(typeof kind === 'object' ? [{ name: kind.currency, pointer: `/columns/${step(name)}/currency` }] : []),
    ]),
    ...(typeof map.time === 'object' ? [{ name: map.time.column, pointer: '/time/column' }] : []),
    ...(map.never ?? []).map((name, i) => ({ name, pointer: `/never/${i}` })),
  ];
}

function contradictions({ outcome, columns, never = [] }: EvaluationMap): TaktError[] {
  const both = outcome.failure?.filter((value) => outcome.success.includes(value)) ?? [];
  return [
    ...both.map((value) => problem('/outcome/failure', `"${value}" is a success and a failure.`, 'Leave it out of one of the two.')),
    ...Object.keys(columns).flatMap((name) => {
      const pointer = `/columns/${step(name)}`;
      if (name === outcome.column) return [problem(pointer, `"${name}" is the outcome: nothing can be learned from it.`, 'Leave it out.')];
      if (never.includes(name)) return [problem(pointer, `"${name}" stands under "never" too.`, 'Leave it out of one of the two.')];
      return [];
    }),
  ];
}

const problem = (pointer: string, message: string, hint: string): TaktError =>
  new TaktError('EVAL_MAP_INVALID', { pointer, message, hint });

function invalid(errors: readonly TaktError[]): TaktError {
  const [first] = errors;
  const message = errors.length === 1 && first ? first.message : `The map has ${errors.length} errors.`;
  return new TaktError('EVAL_MAP_INVALID', { message, errors });
}

const step = (name: string): string => name.slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1');
