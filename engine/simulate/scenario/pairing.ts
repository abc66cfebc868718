/**
 * Pairs each wanted thing with one that fits it, as many as possible (Kuhn's augmenting paths). A wanted thing that asks little must not
 * take the only one that fits another.
 * @param fits does the actual thing of this index fit the wanted one?
 * @returns for each wanted thing the index of its actual one, or undefined
 */
export function pair(wanted: number, actual: number, fits: (wanted: number, actual: number) => boolean): (number | undefined)[] {
  const owner = new Map<number, number>();
  const place = (one: number, tried: Set<number>): boolean => {
    for (let other = 0; other < actual; other++) {
      if (tried.has(other) || !fits(one, other)) continue;
      tried.add(other);
      const holder = owner.get(other);
      if (holder !== undefined && !place(holder, tried)) continue;
      owner.set(other, one);
      return true;
    }
    return false;
  };
  for (let one = 0; one < wanted; one++) place(one, new Set());
  const pairs = Array.from<number | undefined>({ length: wanted });
  for (const [other, one] of owner) pairs[one] = other;
  return pairs;
}
