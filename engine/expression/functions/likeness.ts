import { allowLength, charge } from '../budget.ts';
import { define, type Functions } from './define.ts';

type Text = string | undefined;

/**
 * Cyrillic in Latin letters as in passports: ICAO Doc 9303, part 3, section 6.B; the letters of Kazakh, which it lacks, as the
 * Latin letters next to them. The soft sign has no letter.
 */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm', н: 'n' },
    ...{ о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: 'ie', ы: 'y' },
    ...{ ь: '', э: 'e', ю: 'iu', я: 'ia', ґ: 'g', є: 'ie', і: 'i', ї: 'i', ў: 'u', ђ: 'd', ј: 'j', љ: 'lj', њ: 'nj', ћ: 'c', џ: 'dz' },
    ...{ ә: 'a', ғ: 'g', қ: 'q', ң: 'n', ө: 'o', ұ: 'u', ү: 'u', һ: 'h' },
    ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' },
  }),
);

/** Cyrillic and accented Latin letters as plain Latin ones; every other character stays. */
function transliterate(text: Text): Text {
  if (text === undefined) return undefined;
  charge(20 + 2 * text.length);
  const characters = Array.from(text.normalize('NFC'));
  const latin = characters.map((character, index) => {
    const low = character.toLowerCase();
    const letters = LETTERS.get(low);
    if (letters === undefined)
      return character
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .normalize('NFC');
    if (character === low) return letters;
    // Of a capital that becomes several letters only the first is one, unless the word is written in capitals.
    const shouted = isCapital(characters[index + 1]) || (isCapital(characters[index - 1]) && !isSmall(characters[index + 1]));
    return shouted ? letters.toUpperCase() : letters.slice(0, 1).toUpperCase() + letters.slice(1);
  });
  const result = latin.join('');
  allowLength(result.length);
  return result;
}

const isCapital = (character: string | undefined): boolean => character !== undefined && character !== character.toLowerCase();
const isSmall = (character: string | undefined): boolean => character !== undefined && character !== character.toUpperCase();

/**
 * How much two texts have in common, from 0 to 1: the trigrams that both have ÷ the trigrams that either has. Trigrams are taken from
 * each word of letters and digits in small letters (ё as е), with two spaces before and one behind it. Formula and padding are
 * those of similarity() in PostgreSQL's pg_trgm.
 */
function similarity(first: Text, second: Text): number | undefined {
  if (first === undefined || second === undefined) return undefined;
  const [ours, theirs] = [trigrams(first), trigrams(second)];
  let common = 0;
  for (const trigram of ours) if (theirs.has(trigram)) common++;
  const either = ours.size + theirs.size - common;
  return either === 0 ? Number(first === second) : common / either;
}

function trigrams(text: string): Set<string> {
  // A trigram is made, hashed and looked up: some 300 ns.
  charge(20 + 3 * text.length);
  const found = new Set<string>();
  for (const word of text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  }
  return found;
}

/** Comparing what was written in different ways. */
export const likenessFunctions: Functions = {
  transliterate: define('<s-:s>', 1, transliterate),
  similarity: define('<ss:n>', 2, similarity),
};
