/** What models learn from: rows as columns, numbers and levels apart. */

/** NaN: not known. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array;
}

/** `codes` are places in `levels`; -1: not known. */
export interface LevelColumn {
  readonly kind: 'level';
  readonly name: string;
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

export type Column = NumberColumn | LevelColumn;

export interface Frame {
  readonly size: number;
  readonly columns: readonly Column[];
}

/** How a column of values is read. */
export interface ColumnSpec {
  readonly name: string;
  readonly kind: Column['kind'];
}

/** A level is a text; longer ones are cut, so that a field of free text does not fill a model. */
const LONGEST_LEVEL = 100;

/**
 * Rows as columns. Of a number column, what is no number is not known; of a level column, nothing, an empty text and null are not known, and
 * lists count as one level.
 * @param read gives the value of a row in a column
 */
export function frameOf<Row>(rows: readonly Row[], specs: readonly ColumnSpec[], read: (row: Row, column: string) => unknown): Frame {
  const columns = specs.map(({ name, kind }) => {
    const values = rows.map((row) => read(row, name));
    return kind === 'number' ? numberColumn(name, values) : levelColumn(name, values);
  });
  return { size: rows.length, columns };
}

/** The rows with these numbers, in this order; a row may come several times. */
export function rowsOf(frame: Frame, rows: Int32Array): Frame {
  const columns = frame.columns.map(
    (column): Column =>
      column.kind === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? -1) },
  );
  return { size: rows.length, columns };
}

function numberColumn(name: string, values: readonly unknown[]): NumberColumn {
  return { kind: 'number', name, values: Float64Array.from(values, numberOf) };
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return Number.NaN;
  const number = Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

function levelColumn(name: string, values: readonly unknown[]): LevelColumn {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    const level = levelOf(value);
    if (level === undefined) return -1;
    const known = codeOf.get(level);
    if (known !== undefined) return known;
    codeOf.set(level, codeOf.size);
    return codeOf.size - 1;
  });
  return { kind: 'level', name, levels: [...codeOf.keys()], codes };
}

function levelOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return text === undefined || text === '' ? undefined : text.slice(0, LONGEST_LEVEL);
}
