/** The blocks of a document as they stand in a workflow, and how they become text. */
import { type Static, Type } from 'typebox';
import { TaktError, Template, Value } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { amountOf, type CellStyle, type CellWriter, FORMATS, type Format } from './cell.ts';
import type { Block, BlockOf } from './payload.ts';

/** Rows of all tables and bars of all charts of one document. */
const MOST_ROWS = 5_000;
/** Characters of one document; a cell of a table holds a few of them. */
const MOST_CHARACTERS = 2_000_000;
const MOST_CELL = 2_000;

const closed = { additionalProperties: false } as const;
const Row = Type.Unsafe<JsonObject>({ type: 'object' });
const rows = (description: string) => Value(Type.Union([Type.Array(Row), Row, Type.Null()]), { description });
const field = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });

const styled = {
  format: Type.Optional(
    Type.Enum([...FORMATS], { description: 'How values are written; by what they are without it. `percent`: 0.25 is 25 %.' }),
  ),
  currency: Type.Optional(
    Value(Type.Union([Type.String({ minLength: 3, maxLength: 3 }), Type.Null()]), {
      description: 'The currency of `money` values that bring none.',
    }),
  ),
};

const Column = Type.Object(
  {
    title: Template({ maxLength: 200, description: 'What stands above it.' }),
    field: field('The name in a row whose value stands in it.'),
    align: Type.Optional(Type.Enum(['left', 'center', 'right'], { description: 'Numbers and money go to the right without it.' })),
    ...styled,
  },
  closed,
);

const Table = Type.Object(
  {
    columns: Type.Array(Column, { minItems: 1, maxItems: 20, description: 'Its columns, from the left.' }),
    rows: rows('A list of objects, such as "= nodes.stats.groups".'),
    total: Type.Optional(Value(Type.Union([Row, Type.Null()]), { description: 'An object for a last row that is set off.' })),
  },
  closed,
);

const Chart = Type.Object(
  {
    title: Type.Optional(Template({ maxLength: 200, description: 'What stands above it.' })),
    rows: rows('A list of objects, a bar each.'),
    label: field('The name in a row of what the bar is called.'),
    value: field('The name in a row of the number that the bar is long.'),
    ...styled,
  },
  closed,
);

/** One block; of its members exactly one is given. */
export const ContentBlock = Type.Union([
  Type.Object({ heading: Template({ maxLength: 500, description: 'A heading.' }) }, closed),
  Type.Object({ text: Template({ maxLength: 20_000, description: 'A paragraph, or several with line breaks.' }) }, closed),
  Type.Object({ table: { ...Table, description: 'A table; its titles stand on every page.' } }, closed),
  Type.Object({ chart: { ...Chart, description: 'A bar chart, a bar a row.' } }, closed),
  Type.Object({ pageBreak: Type.Literal(true, { description: 'What follows begins on a new page.' }) }, closed),
]);
type ContentBlock = Static<typeof ContentBlock>;

/** Throws DOCUMENT_VALUE, DOCUMENT_TOO_LARGE. */
export function blocksOf(content: readonly ContentBlock[], writer: CellWriter): Block[] {
  const blocks = content.map((block, i) => {
    try {
      return blockOf(block, writer);
    } catch (error) {
      throw error instanceof TaktError ? error.at({ pointer: `/params/content/${i}` }) : error;
    }
  });
  const count = blocks.reduce(
    (sum, block) => sum + (block.kind === 'table' ? block.rows.length : block.kind === 'chart' ? block.bars.length : 0),
    0,
  );
  if (count > MOST_ROWS) throw tooLarge(`The document has ${count} rows; ${MOST_ROWS} are allowed.`);
  const characters = JSON.stringify(blocks).length;
  if (characters > MOST_CHARACTERS) throw tooLarge(`The document has ${characters} characters; ${MOST_CHARACTERS} are allowed.`);
  return blocks;
}

const tooLarge = (message: string): TaktError => new TaktError('DOCUMENT_TOO_LARGE', { pointer: '/params/content', message });

function blockOf(block: ContentBlock, writer: CellWriter): Block {
  if ('heading' in block) return { kind: 'heading', text: block.heading };
  if ('text' in block) return { kind: 'text', text: block.text };
  if ('table' in block) return tableOf(block.table, writer);
  if ('chart' in block) return chartOf(block.chart, writer);
  return { kind: 'pageBreak' };
}

function tableOf({ columns, rows: given, total }: Static<typeof Table>, writer: CellWriter): BlockOf<'table'> {
  const list = listOf(given);
  const cells = (row: JsonObject): string[] => columns.map((column) => short(writer.write(valueIn(row, column.field), column)));
  return {
    kind: 'table',
    columns: columns.map((column) => {
      const right = isFigure(
        column,
        [...list, ...(total ? [total] : [])].map((row) => valueIn(row, column.field)),
      );
      return { title: column.title, align: column.align ?? (right ? 'right' : 'left'), wide: !right };
    }),
    rows: list.map(cells),
    ...(total ? { total: cells(total).map((cell, i) => (valueIn(total, columns[i]?.field ?? '') === undefined ? '' : cell)) } : {}),
  };
}

function chartOf({ title, rows: given, label, value, ...style }: Static<typeof Chart>, writer: CellWriter): BlockOf<'chart'> {
  const bars = listOf(given).map((row) => {
    const number = amountOf(valueIn(row, value) ?? 0);
    if (typeof number !== 'number')
      throw new TaktError('DOCUMENT_VALUE', { message: `${JSON.stringify(number).slice(0, 80)} is no number for a bar.` });
    return { label: short(writer.write(valueIn(row, label), {})), value: number, shown: writer.write(valueIn(row, value), style) };
  });
  return { kind: 'chart', ...(title === undefined ? {} : { title }), bars };
}

/** JSONata gives a list of one as the one, and an empty list as nothing. */
function listOf(value: readonly JsonObject[] | JsonObject | null): readonly JsonObject[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}

const isList = (value: readonly JsonObject[] | JsonObject): value is readonly JsonObject[] => Array.isArray(value);

const valueIn = (row: JsonObject, name: string): Json | undefined => (Object.hasOwn(row, name) ? row[name] : undefined);

const FIGURES: ReadonlySet<Format> = new Set(['number', 'integer', 'percent', 'money']);

/** Does the column hold numbers? By its format, else by what stands in it. */
function isFigure({ format }: CellStyle, values: readonly (Json | undefined)[]): boolean {
  if (format !== undefined) return FIGURES.has(format);
  const known = values.filter((value) => value !== undefined && value !== null);
  return known.length > 0 && known.every((value) => typeof amountOf(value) === 'number');
}

/** A cell is for reading: what is longer is cut, visibly. */
const short = (text: string): string => (text.length > MOST_CELL ? `${text.slice(0, MOST_CELL - 1).toWellFormed()}…` : text);
