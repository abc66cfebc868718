/** Names longer than this are not compared: no name of ours is. */
const LONGEST = 63;

/**
 * The known names that look most like what was written, nearest first, at most three: up to one edit in three
 * letters.
 */
function nearest(written: string, known: Iterable<string>): string[] {
  if (written.length === 0 || written.length > LONGEST) return [];
  const low = written.toLowerCase();
  const allowed = Math.max(1, Math.floor(low.length / 3));
  const close: { name: string; distance: number }[] = [];
  for (const name of known) {
    if (Math.abs(name.length - low.length) > allowed) continue;
    const distance = editDistance(low, name);
    if (distance <= allowed) close.push({ name, distance });
  }
  return close
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((entry) => entry.name);
}

/** "Did you mean …?", or the fallback where nothing is close. */
export function didYouMean(written: string, known: Iterable<string>, fallback: string): string {
  const names = nearest(written, known);
  return names.length === 0 ? fallback : `Did you mean ${names.join(' or ')}?`;
}

/** Edit distance where swapping two neighbours is one edit (optimal string alignment), since that is how people mistype. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
