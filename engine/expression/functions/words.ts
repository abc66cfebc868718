/** Whole numbers in English words, Roman numerals and letters, both ways. Numbers are not negative. */

const SMALL =
  'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen'.split(
    ' ',
  );
const SMALL_ORDINALS =
  'Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth'.split(
    ' ',
  );
const TENS = ['', '', 'Twenty', 'Thirty', 'Forty', 'Fifty', 'Sixty', 'Seventy', 'Eighty', 'Ninety'];
const MAGNITUDES = ['Thousand', 'Million', 'Billion', 'Trillion'];

export function toWords(value: number, ordinal: boolean): string {
  if (value < 20) return (ordinal ? SMALL_ORDINALS : SMALL)[value] ?? '';
  if (value < 100) {
    const tens = TENS[Math.floor(value / 10)] ?? '';
    if (value % 10 > 0) return `${tens}-${toWords(value % 10, ordinal)}`;
    return ordinal ? `${tens.slice(0, -1)}ieth` : tens;
  }
  if (value < 1000) return withRest(`${SMALL[Math.floor(value / 100)]} Hundred`, value % 100, ordinal);
  const magnitude = Math.min(Math.floor(Math.log10(value) / 3), MAGNITUDES.length);
  const unit = 1000 ** magnitude;
  const count = Math.floor(value / unit);
  return withRest(`${toWords(count, false)} ${MAGNITUDES[magnitude - 1]}`, value - count * unit, ordinal);
}

function withRest(head: string, rest: number, ordinal: boolean): string {
  if (!(rest > 0)) return ordinal ? `${head}th` : head;
  return `${head}${rest < 100 ? ' and ' : ', '}${toWords(rest, ordinal)}`;
}

const WORD_VALUES: ReadonlyMap<string, number> = new Map<string, number>([
  ...SMALL.map((word, value): [string, number] => [word.toLowerCase(), value]),
  ...SMALL_ORDINALS.map((word, value): [string, number] => [word.toLowerCase(), value]),
  ...TENS.slice(2).flatMap((word, index): [string, number][] => [
    [word.toLowerCase(), (index + 2) * 10],
    [`${word.toLowerCase().slice(0, -1)}ieth`, (index + 2) * 10],
  ]),
  ...['Hundred', ...MAGNITUDES].flatMap((word, index): [string, number][] => {
    const value = index === 0 ? 100 : 1000 ** index;
    return [
      [word.toLowerCase(), value],
      [`${word.toLowerCase()}th`, value],
    ];
  }),
]);

/** Words that can make up a number, for recognising one. */
export const NUMBER_WORDS: readonly string[] = [...WORD_VALUES.keys()];

/** NaN for a text with other words in it. */
export function fromWords(text: string): number {
  const segments: number[] = [0];
  for (const word of text.toLowerCase().split(/,\s|\sand\s|[\s-]/)) {
    const value = WORD_VALUES.get(word);
    if (value === undefined) return Number.NaN;
    const last = segments.pop() ?? 0;
    if (value >= 100) segments.push(last * value);
    else if (last >= 1000) segments.push(last, value);
    else segments.push(last + value);
  }
  return segments.reduce((sum, segment) => sum + segment, 0);
}

const ROMAN: readonly (readonly [number, string])[] = [
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

/** One letter a thousand: the caller bounds the value. */
export function toRoman(value: number): string {
  let text = 'm'.repeat(Math.floor(value / 1000));
  let rest = value % 1000;
  for (const [unit, letters] of ROMAN) {
    for (; rest >= unit; rest -= unit) text += letters;
  }
  return text;
}

export function fromRoman(text: string): number {
  const values: Readonly<Record<string, number>> = { M: 1000, D: 500, C: 100, L: 50, X: 10, V: 5, I: 1 };
  let total = 0;
  let highest = 1;
  for (const letter of [...text.toUpperCase()].reverse()) {
    const value = values[letter] ?? Number.NaN;
    if (value < highest) total -= value;
    else {
      highest = value;
      total += value;
    }
  }
  return total;
}

/** a, b … z, aa, ab …; nothing for 0. */
export function toLetters(value: number, first: string): string {
  const letters: string[] = [];
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters.push(String.fromCharCode(((rest - 1) % 26) + first.charCodeAt(0)));
  return letters.reverse().join('');
}

export function fromLetters(text: string, first: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = value * 26 + text.charCodeAt(index) - first.charCodeAt(0) + 1;
  return value;
}
