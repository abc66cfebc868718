/**
 * Words by their sound, so that one name is one text in Cyrillic and in Latin letters, by whatever system it was transliterated: GOST 7.79-2000,
 * BGN/PCGN 1947, the passports' (ICAO Doc 9303), the German one, or by ear.
 */

/** Cyrillic letters of Russian, Ukrainian and Belarusian in one Latin spelling. What is not here has lost its accent before. */
const LATIN: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'ye',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  š: 'sh',
  ž: 'zh',
  č: 'ch',
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
};

/** Spellings of one sound, the longest first. Capitals stand for sounds that have no Latin letter of their own. */
const SOUNDS: readonly (readonly [spellings: string, sound: string])[] = [
  ['schtsch|shch|stch|sch|sh', 'S'],
  ['tsch|tch|ch', 'C'],
  ['zh', 'Z'],
  ['kh', 'h'],
  ['ts|tz', 'c'],
  ['ph', 'f'],
  ['ck|c|q', 'k'],
  ['x', 'ks'],
  ['w', 'v'],
  ['y|j', 'i'],
];
const SPELLING = new RegExp(SOUNDS.map(([spellings]) => `(${spellings})`).join('|'), 'g');

const MARKS = /\p{M}+/gu;

/**
 * A word as it sounds: Щербаков, Shcherbakov and Scherbakov are one; so are Юлия, Julia and Iuliia, Соловьёв and Soloviev.
 * @param word of letters and digits, in lower case
 */
export function soundOf(word: string): string {
  const known = kept.get(word);
  if (known !== undefined) return known;
  const sound = hear(word);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(word, sound);
  return sound;
}

/** First names and surnames come again and again, and a word takes some 5 µs. */
const MOST_KEPT = 20_000;
const kept = new Map<string, string>();

function hear(word: string): string {
  const latin = [...word].map((letter) => LATIN[letter] ?? plain(letter)).join('');
  const sounds = latin.replace(SPELLING, (...found: (string | undefined)[]) => {
    const which = SOUNDS.findIndex((_, i) => found[i + 1] !== undefined);
    return SOUNDS[which]?.[1] ?? '';
  });
  return (
    sounds
      .replace(/i+/g, 'i')
      // Евгений and Yevgeny, Пётр and Pyotr.
      .replace(/i[eo]/g, 'e')
      .replace(/(.)\1+/g, '$1')
      // Smirnoff.
      .replace(/f$/, 'v')
  );
}

/** A letter without its accent: й is и, ё is е, ü is u. */
function plain(letter: string): string {
  if (letter <= '\u007f') return letter;
  const bare = letter.normalize('NFKD').replace(MARKS, '');
  return LATIN[bare] ?? bare;
}

/** The consonants of a sound: what most errors in writing leave as it is. */
export const consonantsOf = (sound: string): string => sound.replace(/[aeiou]/g, '');
