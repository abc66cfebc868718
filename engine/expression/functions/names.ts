import { allowLength, charge } from '../budget.ts';
import { define, type Functions } from './define.ts';

type Text = string | undefined;

const DASHES = / ?[-‐‑‒–—−]+ ?/g;
const APOSTROPHES = /[’‘ʼ`´]/g;
/** Words inside a name that are written small. */
const PARTICLES = new Set(
  'фон ван дер ден де ди да дю ла ле дель делла дос оглы оглу кызы бен ибн аль эль von van der den de di da du la le del della dos das ibn bin al el y e'.split(
    ' ',
  ),
);

/**
 * A person's name as it is written: one space between words, a plain hyphen and apostrophe, words in capitals or in small letters
 * with a capital first. Words of mixed case (McKay) stay, and so do the small words inside (van, фон, оглы).
 */
function normalizeName(text: Text): Text {
  if (text === undefined) return undefined;
  charge(20 + text.length);
  const spaced = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  const plain = spaced.replace(DASHES, '-').replace(APOSTROPHES, "'");
  const mixed = plain !== plain.toLowerCase() && plain !== plain.toUpperCase();
  const words = plain.split(' ').map((word, index) => {
    const low = word.toLowerCase();
    const small = PARTICLES.has(low) && (word === low || !mixed) && (index > 0 || mixed);
    return small ? low : word.replace(/[\p{L}\p{M}]+/gu, capitalised);
  });
  const name = words.join(' ');
  allowLength(name.length);
  return name;
}

/** A run of letters with a capital first, unless its case was chosen with care. */
function capitalised(letters: string): string {
  const low = letters.toLowerCase();
  if (letters !== low && letters !== letters.toUpperCase()) return letters;
  const [first = ''] = low;
  return first.toUpperCase() + low.slice(first.length);
}

/** Legal forms in small letters, one space between words; those without dots are also met with dots. */
const FORMS = new Set([
  ...'ооо оао зао пао нао ао ип тоо чп одо чуп уп гуп муп фгуп фгбу гбу мбу ано нко кфх тсж'.split(' '),
  ...'ooo oao zao pao llc llp lp inc incorporated corp corporation co ltd limited plc pllc gmbh ag kg ohg ug gbr se'.split(' '),
  ...'sa sas sasu sarl srl s.p.a. bv nv vof ab oy oyj as asa aps sro kft zrt doo ood eood uab ou pty pte bhd'.split(' '),
  ...['& co', 'and co', '& co kg', 'co ltd', 'pty ltd', 'pte ltd', 'sp z oo', 's ro', 'a s', 'a/s', 's a', 's l', 'sl'],
  'общество с ограниченной ответственностью',
  'общество с дополнительной ответственностью',
  'товарищество с ограниченной ответственностью',
  'акционерное общество',
  'публичное акционерное общество',
  'непубличное акционерное общество',
  'открытое акционерное общество',
  'закрытое акционерное общество',
  'индивидуальный предприниматель',
  'limited liability company',
]);
const LONGEST_FORM = 4;
const LONGEST_WORD = 20;
/** Only these stand before a name: what begins with AG or AB is called so. */
const BEFORE = /^(?:[а-яё ]+|ooo|oao|zao|pao|llc)$/;
const QUOTES = /[«»„“”"‹›]|(?<![\p{L}\p{N}])['’‘`]|['’‘`](?![\p{L}\p{N}])/gu;
/** What is left over beside a form: "Acme, Inc." */
const LOOSE = /^[,;–—-]+$/;

/** The name of a company without its legal form and quotation marks; nothing where no name is left. */
function normalizeCompany(text: Text): Text {
  if (text === undefined) return undefined;
  charge(50 + text.length);
  const words = text.normalize('NFC').replace(QUOTES, ' ').trim().split(/\s+/);
  let [from, to] = [0, words.length];
  for (let before = -1; before !== to - from; ) {
    before = to - from;
    from += formAt(words, from, to, (count) => [from, from + count]);
    to -= formAt(words, from, to, (count) => [to - count, to]);
  }
  const name = words.slice(from, to).join(' ').replace(/[,;]$/, '');
  allowLength(name.length);
  return name === '' ? undefined : name;
}

/** How many words at one end are a legal form or loose marks: the most that are. */
function formAt(
  words: readonly string[],
  from: number,
  to: number,
  range: (count: number) => readonly [start: number, end: number],
): number {
  charge(20);
  for (let count = Math.min(LONGEST_FORM, to - from); count > 0; count--) {
    const [start, end] = range(count);
    const part = words.slice(start, end);
    if (part.some((word) => word.length > LONGEST_WORD)) continue;
    const written = part
      .join(' ')
      .toLowerCase()
      .replace(/[,;()]/g, '');
    const form = [written, written.replaceAll('.', '')].find((candidate) => FORMS.has(candidate));
    if (form !== undefined && (end === to || BEFORE.test(form))) return count;
    if (count === 1 && LOOSE.test(written === '' ? ',' : written)) return count;
  }
  return 0;
}

/** Names of people and companies, told in one way. */
export const nameFunctions: Functions = {
  normalizeName: define('<s-:s>', 1, normalizeName),
  normalizeCompany: define('<s-:s>', 1, normalizeCompany),
};
