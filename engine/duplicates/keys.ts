/** What records are found by that may be one: keys of which two likes have at least one in common, so that nobody compares all with all. */
import type { Likeness } from './likeness.ts';
import type { Name } from './name.ts';
import { consonantsOf } from './sound.ts';

/** What two records that surely are one have in common. */
export const sureKeysOf = ({ emails, phones }: Likeness): string[] => [
  ...emails.map((value) => `email:${value}`),
  ...phones.map((value) => `phone:${value}`),
];

/** Most keys that a record is found by through its names. */
const MOST_KEYS = 12;
/** Longer ones would say no more. */
const LONGEST = 40;

/**
 * Keys of the names, of which an error in one word leaves at least one as it is: each word with the first letter of the other, the ends of
 * both, and the first consonants of both, whatever the vowels. A name of one word has its halves and its consonants; a person
 * of one word has none, as a first name alone tells nobody.
 */
export function nameKeysOf({ of, names }: Pick<Likeness, 'of' | 'names'>): string[] {
  const keys = names.flatMap((name) => (of === 'person' ? keysOfPerson(name) : keysOfCompany(name)));
  return [...new Set(keys)].slice(0, MOST_KEYS).map((key) => key.slice(0, LONGEST));
}

/** Петрович, Petrovna, by sound: who is looked for by first and last name is found without. */
const PATRONYMIC = /.(?:[oe]viC|iniCna|[oe]vna)$/;

function keysOfPerson(name: Name): string[] {
  const full = name.filter(({ initial }) => !initial).map(({ sound }) => sound);
  const words = full.length > 2 ? full.filter((word) => !PATRONYMIC.test(word)) : full;
  const initials = name.filter(({ initial }) => initial).map(({ sound }) => sound);
  if (words.length === 1 && initials.length > 0) return initials.map((letter) => withFirst(words[0] ?? '', letter));
  return pairs(words.slice(0, 3)).flatMap(([a, b]) => keysOfPair(a, b));
}

function keysOfCompany(name: Name): string[] {
  const words = name.map(({ sound }) => sound).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const [longest = '', second] = words;
  const joined = name.map(({ sound }) => sound).join('');
  const halves =
    longest.length < 4 ? [] : [`<${longest.slice(0, Math.ceil(longest.length / 2))}`, `>${longest.slice(Math.floor(longest.length / 2))}`];
  return [`=${longest}`, ...halves, `~${consonantsOf(joined).slice(0, 6)}`, ...(second === undefined ? [] : keysOfPair(longest, second))];
}

/** What an error in the first two letters leaves as it is. */
const endOf = (word: string): string => word.slice(word.length > 5 ? -4 : -3);

const withFirst = (word: string, other: string): string => `${word}+${other.slice(0, 1)}`;

function keysOfPair(a: string, b: string): string[] {
  const sorted = (one: string, other: string): string => [one, other].sort().join('.');
  return [
    withFirst(a, b),
    withFirst(b, a),
    `-${sorted(endOf(a), endOf(b))}`,
    `~${sorted(consonantsOf(a).slice(0, 2), consonantsOf(b).slice(0, 2))}`,
  ];
}

const pairs = (words: readonly string[]): [string, string][] =>
  words.flatMap((a, i) => words.slice(i + 1).map((b): [string, string] => [a, b]));
