/** Names of people and companies, and how alike two are, whatever their alphabet and the order of their words. */
import { wordSimilarity } from '../text/distance.ts';
import { soundOf } from './sound.ts';

interface Word {
  readonly sound: string;
  /** As it is written, in small letters: an error in writing may change more of the sound than of the letters. */
  readonly letters: string;
  /** One letter that stands for a word. */
  readonly initial: boolean;
}

/** The words of a name, each once. */
export type Name = readonly Word[];

/** Names with more words are no names; what is beyond is left out. */
const MOST_WORDS = 8;
const APOSTROPHES = /['’ʼ`´"«»„“”]/g;
const BETWEEN = /[^\p{L}\p{N}]+/u;
/** L.L.C., о.о.о.: one word. */
const DOTTED = /(?<![\p{L}\p{N}])(?:\p{L}\.){2,}\p{L}?(?![\p{L}\p{N}])/gu;

const LEGAL_FORMS: ReadonlySet<string> = new Set(
  [
    'ооо оао зао пао нао ао ип пбоюл чп тоо одо уп чуп гуп муп фгуп фгбу фгау гбу мбу ано нко нп гк тд ук тов пп',
    'ooo oao zao pao nao ao ip too odo gk td tov',
    'llc ltd limited inc incorporated corp corporation co company plc llp lp jsc ojsc cjsc pjsc pbc',
    'gmbh mbh ag kg ohg ug se sa sas sarl srl spa bv nv oy oyj ab as asa aps sro doo kft zrt sia uab pte pty',
    'компания корпорация',
  ].flatMap((line) => line.split(' ')),
);
/** Legal forms and the like that are written out. */
const WRITTEN_OUT =
  /обществ\S* с ограниченной ответственностью|(?:публичн\S* |непубличн\S* |закрыт\S* |открыт\S* )?акционерн\S* обществ\S*|индивидуальн\S* предпринимател\S*|торгов\S* дом\S*|групп\S* компаний|управляющ\S* компани\S*|limited liability company|joint[ -]stock company/gu;

const fold = (text: string): string => text.slice(0, 1_000).toWellFormed().normalize('NFC').toLowerCase().replaceAll('ё', 'е');

/** The name of a person: first, last, patronymic, in any order. */
export const personName = (text: string): Name => wordsOf(fold(text).replace(APOSTROPHES, '').split(BETWEEN));

/** The name of a company without its legal form, unless that is all there is. */
export function companyName(text: string): Name {
  const folded = fold(text)
    .replace(DOTTED, (found) => found.replaceAll('.', ''))
    .replace(APOSTROPHES, '');
  const words = folded.replace(WRITTEN_OUT, ' ').split(BETWEEN);
  const own = wordsOf(words.filter((word) => !LEGAL_FORMS.has(word)));
  return own.length > 0 ? own : wordsOf(folded.split(BETWEEN));
}

function wordsOf(words: readonly string[]): Name {
  const kept = new Map<string, Word>();
  for (const word of words) {
    const sound = soundOf(word);
    if (sound !== '' && !kept.has(sound))
      kept.set(sound, { sound, letters: word, initial: [...word].length === 1 && !/\p{N}/u.test(word) });
    if (kept.size === MOST_WORDS) break;
  }
  return [...kept.values()];
}

/** One text for all spellings of a name. */
export const spoken = (name: Name): string =>
  name
    .map(({ sound }) => sound)
    .sort()
    .join(' ');

export interface Alike {
  /** 0 to 1. */
  readonly score: number;
  /** How many words of one have their like in the other: all of the shorter name. */
  readonly words: number;
  /** Of these, the pair that is least alike; 0 to 1. */
  readonly weakest: number;
  /** Of these, the pair that is most alike. */
  readonly strongest: number;
  /** Валентин and Валентина Петренко: the words are alike, the people are not. */
  readonly genders: boolean;
}

const DIGITS = /\p{N}/u;
/** What an initial is worth that fits. */
const INITIAL = 0.9;

/**
 * By the letters that differ, as a part of the longer word. Not Jaro–Winkler, which holds what begins alike for alike: it gives Петров and
 * Петренко 0.89, and Петров and Петлов, an error in writing, 0.92; this 0.5 and 0.83.
 */
function wordsAlike(a: Word, b: Word): number {
  if (a.sound === b.sound) return 1;
  if (a.initial || b.initial) return a.sound.startsWith(b.sound) || b.sound.startsWith(a.sound) ? INITIAL : 0;
  // Школа 12 is not Школа 21.
  if (DIGITS.test(a.sound) || DIGITS.test(b.sound)) return 0;
  return Math.max(wordSimilarity(a.sound, b.sound), wordSimilarity(a.letters, b.letters));
}

interface Pair {
  a: Word;
  b: Word;
  alike: number;
}

/** Each word of the shorter name with its best like in the other, each word used once: the most alike first (after A. Monge, C. Elkan, 1996). */
function pairsOf(a: Name, b: Name): Pair[] {
  const all = a.flatMap((one) => b.map((other): Pair => ({ a: one, b: other, alike: wordsAlike(one, other) })));
  all.sort((one, other) => other.alike - one.alike);
  const used = new Set<Word>();
  return all.filter((pair) => {
    if (used.has(pair.a) || used.has(pair.b)) return false;
    used.add(pair.a).add(pair.b);
    return true;
  });
}

const differByEnding = ({ a, b }: Pair): boolean => `${a.sound}a` === b.sound || a.sound === `${b.sound}a`;

/** What a word more in one of the names takes off: a patronymic, a second surname. */
const WORD_MORE = 0.03;

const summary = (pairs: readonly Pair[], score: number): Alike => ({
  score,
  words: pairs.length,
  weakest: Math.min(...pairs.map(({ alike }) => alike)),
  strongest: Math.max(...pairs.map(({ alike }) => alike)),
  genders: pairs.some(differByEnding),
});

/** Undefined where one of them is empty. */
export function peopleAlike(a: Name, b: Name): Alike | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const pairs = pairsOf(a, b);
  const mean = pairs.reduce((sum, { alike }) => sum + alike, 0) / pairs.length;
  return summary(pairs, Math.max(0, mean - WORD_MORE * Math.abs(a.length - b.length)));
}

const joined = (name: Name): string => name.map(({ sound }) => sound).join('');

/** By the letters that have their like: a word that only one of them has counts against it in full. Undefined where one of them is empty. */
export function companiesAlike(a: Name, b: Name): Alike | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const pairs = pairsOf(a, b);
  const letters = joined(a).length + joined(b).length;
  const alike = pairs.reduce((sum, pair) => sum + pair.alike * (pair.a.sound.length + pair.b.sound.length), 0) / letters;
  // Рос Нефть and Роснефть.
  const asOne = a.length === b.length || DIGITS.test(joined(a)) || DIGITS.test(joined(b)) ? 0 : wordSimilarity(joined(a), joined(b));
  return asOne > alike
    ? { score: asOne, words: 1, weakest: asOne, strongest: asOne, genders: false }
    : { ...summary(pairs, alike), genders: false };
}
