import { allowLength, chargeText } from '../budget.ts';
import { fail } from '../failure.ts';
import { isNumber } from '../values.ts';
import { type IntegerFormat, readIntegerPicture } from './picture.ts';
import { fromLetters, fromRoman, fromWords, toLetters, toRoman, toWords } from './words.ts';

/** $formatInteger: rounds down and writes by the picture. */
export function formatInteger(value: number | undefined, picture: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return writeInteger(Math.floor(value), readIntegerPicture(String(picture)));
}

export function writeInteger(value: number, format: IntegerFormat): string {
  if (!isNumber(value)) return fail('D1001', { value });
  const text = writePositive(Math.abs(value), format);
  return value < 0 ? `-${text}` : text;
}

function writePositive(value: number, format: IntegerFormat): string {
  switch (format.style) {
    case 'letters':
      return toLetters(value, format.letterCase === 'upper' ? 'A' : 'a');
    case 'roman':
      allowLength(value / 1000 + 12);
      return format.letterCase === 'upper' ? toRoman(value).toUpperCase() : toRoman(value);
    case 'words': {
      const words = toWords(value, format.ordinal);
      if (format.letterCase === 'title') return words;
      return format.letterCase === 'upper' ? words.toUpperCase() : words.toLowerCase();
    }
    case 'decimal':
      return writeDecimal(value, format);
    case 'sequence':
      return fail('D3130', { value: format.picture });
  }
}

function writeDecimal(value: number, format: IntegerFormat): string {
  allowLength(format.mandatory);
  let text = String(value).padStart(format.mandatory, '0');
  if (format.zero !== 0x30)
    text = [...text].map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + format.zero - 0x30)).join('');
  const grouped = group(text, format);
  return format.ordinal ? grouped + ordinalSuffix(grouped) : grouped;
}

function group(text: string, { regular, separators }: IntegerFormat): string {
  if (regular !== undefined) {
    const parts: string[] = [];
    for (let end = text.length; end > 0; end -= regular.position) parts.push(text.slice(Math.max(0, end - regular.position), end));
    return parts.reverse().join(regular.character);
  }
  let grouped = text;
  for (const { position, character } of [...separators].reverse()) {
    const place = grouped.length - position;
    if (place > 0) grouped = grouped.slice(0, place) + character + grouped.slice(place);
  }
  return grouped;
}

function ordinalSuffix(text: string): string {
  if (text.length > 1 && text.charAt(text.length - 2) === '1') return 'th';
  return { '1': 'st', '2': 'nd', '3': 'rd' }[text.charAt(text.length - 1)] ?? 'th';
}

/** $parseInteger: the other way round. */
export function parseInteger(text: string | undefined, picture: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  chargeText(text);
  return readInteger(text, readIntegerPicture(String(picture)));
}

export function readInteger(text: string, format: IntegerFormat): number {
  switch (format.style) {
    case 'letters':
      return fromLetters(text, format.letterCase === 'upper' ? 'A' : 'a');
    case 'roman':
      return fromRoman(text);
    case 'words':
      return fromWords(text);
    case 'decimal':
      return readDecimal(text, format);
    case 'sequence':
      return fail('D3130', { value: format.picture });
  }
}

function readDecimal(text: string, format: IntegerFormat): number {
  let digits = format.ordinal ? text.slice(0, -2) : text;
  const separators = format.regular === undefined ? format.separators.map(({ character }) => character) : [','];
  for (const separator of new Set(separators)) digits = digits.replaceAll(separator, '');
  if (format.zero !== 0x30)
    digits = [...digits].map((digit) => String.fromCodePoint(Math.max(0, (digit.codePointAt(0) ?? 0) - format.zero + 0x30))).join('');
  return Number.parseInt(digits, 10);
}
