/** Personal data out of texts before they leave the house, and back into the answer. Pure. */

/** Letters, not numbers: numbers of the answer are looked at. */
const MASK = /\{[A-Z]{1,3}\}/g;
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Nine digits or more in one number are a phone, an account or a tax number. */
const PHONE = /(?<![\p{L}\p{N}])\+?\d(?:[\s\u00a0().-]*\d){8,19}(?![\p{L}\p{N}])/gu;
/** A shorter part of a name is part of ordinary words. */
const LEAST_PART = 3;

export interface Masked {
  readonly texts: readonly string[];
  /** The answer with what was masked in its place; undefined where it has a mask that was never given out. */
  unmask(text: string): string | undefined;
}

/**
 * E-mail addresses, phone numbers, and the names that are given – whole, and each of their words – become `{A}`, `{B}`, …; what is the same is
 * the same mask. Braces of the texts become brackets, so that nothing in them is taken for a mask.
 */
export function masked(texts: readonly string[], names: readonly string[]): Masked {
  const known = new Map<string, string>();
  const originals = new Map<string, string>();
  const mask = (found: string): string => {
    const key = found.toLowerCase();
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = `{${letters(known.size)}}`;
    known.set(key, made);
    originals.set(made, found);
    return made;
  };
  const name = nameFinder(names);
  const out = texts.map((text) => {
    const plain = text.replaceAll('{', '(').replaceAll('}', ')').replace(EMAIL, mask).replace(PHONE, mask);
    return name === undefined ? plain : outsideMasks(plain, (part) => part.replace(name, mask));
  });
  return {
    texts: out,
    unmask(text) {
      if ([...text.matchAll(MASK)].some(([one]) => !originals.has(one)) || /[{}]/.test(text.replace(MASK, ''))) return undefined;
      return text.replace(MASK, (one) => originals.get(one) ?? one);
    },
  };
}

/** Does a text hold an e-mail address or a phone number as it stands? */
export const holdsAddress = (text: string): boolean => [EMAIL, PHONE].some((pattern) => text.search(pattern) >= 0);

/** A, B, … Z, AA, AB, … */
function letters(n: number): string {
  const last = String.fromCharCode(65 + (n % 26));
  return n < 26 ? last : letters(Math.floor(n / 26) - 1) + last;
}

/** The longest first, so that a whole name is not masked in parts. */
function nameFinder(names: readonly string[]): RegExp | undefined {
  // Of a name such as "House for Anna" only what is written as a name is one by itself.
  const parts = names
    .flatMap((whole) => [whole.trim(), ...whole.split(/[\s,]+/).filter((part) => /^\p{Lu}/u.test(part))])
    .filter((part) => part.length >= LEAST_PART);
  const unique = [...new Set(parts)].sort((a, b) => b.length - a.length);
  if (unique.length === 0) return undefined;
  const any = unique.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, 'giu');
}

const outsideMasks = (text: string, change: (part: string) => string): string =>
  text
    .split(/(\{[A-Z]{1,3}\})/)
    .map((part, i) => (i % 2 === 1 ? part : change(part)))
    .join('');
