/** Months of rows that stand in the order of time and tell only the name of the month. */

const NAMES: readonly string[] = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export interface Month {
  /** Such as `2008-05`. */
  readonly name: string;
  /** Its rows: from, up to and without. */
  readonly from: number;
  readonly to: number;
}

/** A month begins where the name changes; where it goes back in the year, a year later. Throws RangeError for another name. */
export function monthsOf(names: readonly string[], firstYear: number): Month[] {
  const months: Month[] = [];
  let [year, last, from] = [firstYear, -1, 0];
  for (let row = 0; row <= names.length; row++) {
    const name = names[row];
    const place = name === undefined ? -1 : NAMES.indexOf(name);
    if (name !== undefined && place === -1) throw new RangeError(`"${name}" in row ${row + 1} is no month.`);
    if (row > 0 && place === last) continue;
    if (row > from) months.push({ name: `${year}-${String(last + 1).padStart(2, '0')}`, from, to: row });
    if (place < last) year++;
    [last, from] = [place, row];
  }
  return months;
}
