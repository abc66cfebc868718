/**
 * Searching and sorting text by plain code points, so that the result is the same on every PostgreSQL and PGlite whatever
 * their locale: the work is done here, when the record is written.
 */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { Entity } from './entity.ts';
import { nameCandidates } from './name.ts';
import { own } from './objects.ts';

const MAX_SEARCH = 2_000;
/** Characters that take part in the order. With at most 5 bytes each a key stays far below the 2,704 bytes of a b-tree entry. */
const MAX_SORTED = 150;

/** Lower-case, composed, ё as е, one space between words: so that what is typed finds what is stored. Fold a query with it, too. */
export function foldText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replaceAll('ё', 'е')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * What a record is found by: its names, external key (`data.key`, where given), digits of its phones, e-mail addresses.
 * Folded, at most 2,000 characters, cut between two words.
 */
export function searchText(entity: Entity, data: JsonObject): string {
  const key = own(data, 'key');
  const phones = entity.phones.flatMap((name) => strings(own(data, name)).map((phone) => phone.replace(/\D/g, '')));
  const emails = entity.emails.flatMap((name) => strings(own(data, name)));
  const contacts = new Set(emails);
  const names = nameCandidates(entity, data).filter((name) => !contacts.has(name) && !/^\+\d+$/.test(name));
  const parts = [...names, ...strings(key), ...phones, ...emails].map((part) => foldText(part.slice(0, MAX_SEARCH)));
  const text = [...new Set(parts)].filter((part) => part !== '').join(' ');
  if (text.length <= MAX_SEARCH) return text;
  const space = text.lastIndexOf(' ', MAX_SEARCH);
  return text.slice(0, space > 0 ? space : MAX_SEARCH).toWellFormed();
}

const PHONE_LIKE = /^\+?[\d\s().-]{5,40}$/;

/**
 * How a query may stand in a search text; a record is found where any of these does. A phone number is also looked for by its
 * digits, without the prefix 8 that Russian numbers are dialled with at home.
 */
export function searchForms(query: string): string[] {
  const folded = foldText(query.slice(0, MAX_SEARCH));
  if (!PHONE_LIKE.test(folded)) return folded === '' ? [] : [folded];
  const digits = folded.replace(/\D/g, '');
  const number = digits.length === 11 && digits.startsWith('8') ? digits.slice(1) : digits;
  return [...new Set(number.length < 5 ? [folded] : [folded, number])];
}

function strings(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === 'string');
}

/** Higher than any letter: a letter written as base + one of these stands after all words that go on after the base. */
const AFTER = ['\ufff1', '\ufff2', '\ufff3'];
/**
 * Cyrillic letters beyond the Russian ones: those of Ukrainian and Belarusian as in their alphabets, the others behind the letter
 * that they are akin to.
 */
const FOLLOWERS: Readonly<Record<string, string>> = {
  а: 'ә',
  г: 'ґғ',
  д: 'ђ',
  е: 'є',
  з: 'ѕ',
  и: 'ії',
  й: 'ј',
  к: 'қ',
  л: 'љ',
  н: 'њң',
  о: 'ө',
  т: 'ћ',
  у: 'ўүұ',
  х: 'һ',
  ч: 'џ',
};
const PRIMARY: ReadonlyMap<string, string> = new Map([
  // Already letters of their own; without an entry they would be taken apart into a letter and an accent.
  ['й', 'й'],
  ...Object.entries(FOLLOWERS).flatMap(([base, letters]) =>
    Array.from(letters, (letter, i): [string, string] => [letter, base + (AFTER[i] ?? '')]),
  ),
  ...Array.from('‐‑‒–—―−', (dash): [string, string] => [dash, '-']),
  // Names in quotation marks stand where they would without.
  ...Array.from('«»„“”‚‘’‹›"\'`', (mark): [string, string] => [mark, '']),
]);

/** Lowest of all, so that a name stands before the longer names that begin with it. */
const SEPARATOR = '\u0001';

/**
 * A key whose order by code points is dictionary order for Russian and English: case does not matter; ё and other accents count
 * only where the letters are the same (еж, ёж, ежа); digits before Latin before Cyrillic. After the method of the Unicode Collation
 * Algorithm (UTS 10): letters first, then, behind a separator, the accents letter by letter.
 */
export function sortKey(text: string): string {
  const letters: string[] = [];
  const accents: string[] = [];
  for (const character of foldCase(text)) {
    const [base, accent] = parts(character);
    if (base !== '') {
      letters.push(base);
      accents.push(accent === '' ? '0' : accent);
    } else if (accent !== '' && accents.length > 0) {
      accents[accents.length - 1] = accent;
    }
    if (letters.length >= MAX_SORTED) break;
  }
  const marks = accents.join('').replace(/0+$/, '');
  return marks === '' ? letters.join('') : letters.join('') + SEPARATOR + marks;
}

function foldCase(text: string): string {
  const folded = text.slice(0, MAX_SEARCH).toWellFormed().normalize('NFC').toLowerCase().normalize('NFC');
  return folded.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** A character as what orders it first, and its accent ('' for none). */
function parts(character: string): [base: string, accent: string] {
  const known = PRIMARY.get(character);
  if (known !== undefined) return [known, ''];
  const taken = character.normalize('NFD');
  const base = taken.replace(/\p{M}+/gu, '');
  return [base, /\p{M}/u.exec(taken)?.[0] ?? ''];
}
