/**
 * How many letters two words differ by: the least number of letters that are put in, left out, written for another, or of neighbours that are
 * exchanged (F. Damerau, "A technique for computer detection and correction of spelling errors", Communications of the ACM 7, 1964; V.
 * Levenshtein, 1965; in the form in which no part is changed twice, "optimal string alignment"). Takes time by the product of the lengths: for
 * names only, never for texts.
 */
export function distance(a: string, b: string): number {
  if (a === b) return 0;
  let before: number[] = [];
  let above: number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

/** 1: equal, 0: nothing alike; the distance as a part of the longer word's length. */
export function wordSimilarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - distance(a, b) / longest;
}
