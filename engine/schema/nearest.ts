/** Edit distance with transpositions (Damerau–Levenshtein, restricted), bounded by the words' lengths: names only, never texts. */
function distance(a: string, b: string): number {
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

/** The known name that was probably meant, if one is near enough. */
function nearest(name: string, known: Iterable<string>): string | undefined {
  const short = name.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(short.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(short, candidate.slice(0, 64).toLowerCase());
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

/** A hint sentence naming what was probably meant, else what there is (at most 20 names). */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const near = nearest(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return names.length > 0 ? `Known: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.` : undefined;
}
