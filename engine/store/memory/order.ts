/** Sorts by what `keyOf` gives, the smallest first, byte by byte as far as texts of one alphabet go. */
export const by =
  <Row>(keyOf: (row: Row) => string | number) =>
  (a: Row, b: Row): number => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };

export const oldestFirst = by((row: { id: string }) => row.id);

/** A page of the rows before the id `before`: newest first, for ids rise with time. */
export function newestPage<Row extends { id: string }>(rows: readonly Row[], before: string | undefined, limit: number): Row[] {
  const earlier = before === undefined ? [...rows] : rows.filter((row) => row.id < before);
  return earlier.sort((a, b) => oldestFirst(b, a)).slice(0, limit);
}
