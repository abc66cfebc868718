/** How names come to be written otherwise: by systems of transliteration, and by errors of the hand. Knows nothing of how likes are found. */
import type { Random } from '../../../engine/ports/random.ts';
import { oneOf, whole } from '../../faults/chance.ts';

const COMMON: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('абвгдезиклмнопрстуф', (letter, i) => [letter, 'abvgdeziklmnoprstuf'[i] ?? '']),
);

/** Letters as each system writes them, beside those that all write alike. */
const SYSTEMS: readonly Readonly<Record<string, string>>[] = [
  // BGN/PCGN, simplified: as most people write.
  { ё: 'yo', ж: 'zh', й: 'y', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
  // Passports: ICAO Doc 9303.
  { ё: 'e', ж: 'zh', й: 'i', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: 'ie', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia' },
  // GOST 7.79-2000, system B.
  { ё: 'yo', ж: 'zh', й: 'j', х: 'x', ц: 'cz', ч: 'ch', ш: 'sh', щ: 'shh', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
  // ISO 9 as linguists write.
  { ё: 'e', ж: 'ž', й: 'j', х: 'h', ц: 'c', ч: 'č', ш: 'š', щ: 'šč', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'ju', я: 'ja' },
  // By ear.
  { ё: 'e', ж: 'zh', й: 'y', х: 'h', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
];
/** How often each is met, added up. */
const SHARES = [0.35, 0.6, 0.65, 0.7, 1];

/** Names that have a form of their own in Latin. */
const CUSTOMARY: readonly (readonly [RegExp, string])[] = [
  [/ksand/g, 'xand'],
  [/maksim/g, 'maxim'],
  [/iy$|ii$/g, 'y'],
  [/alekse/g, 'alexe'],
];

export function inLatin(text: string, chance: Random): string {
  const draw = chance.next();
  const which = SHARES.findIndex((share) => draw < share);
  const system = SYSTEMS[which] ?? {};
  const word = (cyrillic: string): string => {
    let latin = Array.from(cyrillic.toLowerCase(), (letter) => system[letter] ?? COMMON[letter] ?? letter).join('');
    for (const [form, customary] of CUSTOMARY) if (chance.next() < 0.5) latin = latin.replace(form, customary);
    return latin.charAt(0).toUpperCase() + latin.slice(1);
  };
  return text.replace(/[а-яё]+/giu, word);
}

const NEIGHBOURS = 'йцукенгшщзхъфывапролджэячсмитьбю';

/** One error in one word of at least four letters: a letter left out, doubled, written for its neighbour on the keyboard, or two exchanged. */
export function mistyped(text: string, chance: Random): string {
  const words = text.split(' ');
  const long = words.flatMap((word, i) => (word.length >= 4 ? [i] : []));
  const at = oneOf(chance, long);
  if (at === undefined) return text;
  words[at] = wrong(words[at] ?? '', chance);
  return words.join(' ');
}

function wrong(word: string, chance: Random): string {
  // The first letter is seldom wrong.
  const i = chance.next() < 0.08 ? 0 : whole(chance, 1, word.length - 2);
  const [before, letter, next, after] = [word.slice(0, i), word.charAt(i), word.charAt(i + 1), word.slice(i + 1)];
  switch (whole(chance, 0, 3)) {
    case 0:
      return before + after;
    case 1:
      return before + letter + letter + after;
    case 2:
      return before + next + letter + word.slice(i + 2);
    default: {
      const place = NEIGHBOURS.indexOf(letter.toLowerCase());
      const other = place < 0 ? 'e' : NEIGHBOURS.charAt(place === NEIGHBOURS.length - 1 ? place - 1 : place + 1);
      return before + other + after;
    }
  }
}

/** A Russian number as people write it. @param digits the ten behind the country */
export function phoneWritten(digits: string, chance: Random): string {
  const [code, a, b, c] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 8), digits.slice(8)];
  const ways = [
    `+7${digits}`,
    `8${digits}`,
    `8 (${code}) ${a}-${b}-${c}`,
    `+7 ${code} ${a} ${b} ${c}`,
    `7${digits}`,
    `8-${code}-${a}-${b}-${c}`,
  ];
  return oneOf(chance, ways) ?? digits;
}
