import { distance } from '../text/distance.ts';

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
