/** The best set of a few actions for a number of minutes, at most one on a record. */

/** Columns of what may be chosen from: whole minutes, gains above 0, and the record that each is about. */
export interface Items {
  readonly minutes: ArrayLike<number>;
  readonly gain: ArrayLike<number>;
  readonly record: ArrayLike<number>;
}

/**
 * The set with the greatest sum of gains: at most `most` items of different records that take at most `budget` minutes together. Exact.
 *
 * First goes what no best set needs: an item for which `most` others of different records take no longer and gain no less can be exchanged for one
 * of them, since a set that holds it uses `most` − 1 records besides. What is left is a few times `most`, however many items there were;
 * for it a table over items, number and minutes is filled (the multiple-choice knapsack of H. Kellerer, U. Pferschy and D. Pisinger,
 * "Knapsack Problems", Springer 2004, chapter 11, with a bound on the number).
 * @param rows the items to choose from, rising; of equal ones the first is preferred
 * @returns rows, rising
 */
export function bestSet(items: Items, rows: readonly number[], budget: number, most: number): number[] {
  const usable = rows.filter((row) => (items.minutes[row] ?? 0) <= budget && (items.gain[row] ?? 0) > 0);
  const kept = undominated(items, usable, most);
  if (kept.length === 0 || most <= 0) return [];
  const unit = kept.reduce((divisor, row) => greatestDivisor(divisor, items.minutes[row] ?? 0), 0);
  return fill(items, kept, unit === 0 ? 0 : Math.floor(budget / unit), unit, most);
}

/** The items that a best set may need, rising. */
function undominated(items: Items, rows: readonly number[], most: number): number[] {
  const { minutes, gain, record } = items;
  const at = (column: ArrayLike<number>, row: number): number => column[row] ?? 0;
  const order = [...rows].sort((a, b) => at(minutes, a) - at(minutes, b) || at(gain, b) - at(gain, a) || a - b);
  // Of the items that take no longer: the greatest gains, each of another record.
  const top: number[] = [];
  const kept = order.filter((row) => {
    const same = top.findIndex((one) => at(record, one) === at(record, row));
    const known = same === -1 ? undefined : top[same];
    if (known !== undefined && at(gain, known) >= at(gain, row)) return false;
    if (known === undefined && top.length >= most && at(gain, top.at(-1) ?? row) >= at(gain, row)) return false;
    if (same !== -1) top.splice(same, 1);
    else if (top.length >= most) top.pop();
    const behind = top.findIndex((one) => at(gain, one) < at(gain, row));
    top.splice(behind === -1 ? top.length : behind, 0, row);
    return true;
  });
  return kept.sort((a, b) => a - b);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** @param budget in units of `unit` minutes, as is all within */
function fill({ minutes, gain, record }: Items, rows: readonly number[], budget: number, unit: number, most: number): number[] {
  const lengthOf = (row: number): number => (unit === 0 ? 0 : (minutes[row] ?? 0) / unit);
  const groups = [...Map.groupBy(rows, (row) => record[row] ?? 0).values()];
  const width = budget + 1;
  const states = (most + 1) * width;
  // best: the greatest sum with at most so many items and so many minutes; taken: the item of the group that it was reached by, from 1.
  const best = new Float64Array(states);
  const taken = groups.map(() => new Uint16Array(states));
  for (const [g, group] of groups.entries()) {
    const ofGroup = taken[g] ?? new Uint16Array(0);
    // From more items to fewer: the row before still knows nothing of this group.
    for (let count = most; count >= 1; count--) {
      for (const [i, row] of group.entries()) {
        const [length, value] = [lengthOf(row), gain[row] ?? 0];
        for (let used = budget; used >= length; used--) {
          const sum = (best[(count - 1) * width + used - length] ?? 0) + value;
          if (sum <= (best[count * width + used] ?? 0)) continue;
          best[count * width + used] = sum;
          ofGroup[count * width + used] = i + 1;
        }
      }
    }
  }
  const chosen: number[] = [];
  for (let [g, count, used] = [groups.length - 1, most, budget]; g >= 0; g--) {
    const i = taken[g]?.[count * width + used] ?? 0;
    const row = i === 0 ? undefined : groups[g]?.[i - 1];
    if (row === undefined) continue;
    chosen.push(row);
    count--;
    used -= lengthOf(row);
  }
  return chosen.sort((a, b) => a - b);
}
