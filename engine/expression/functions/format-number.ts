import { roundHalfEven } from '../../numbers/rounding.ts';
import { allowLength, exhausted } from '../budget.ts';
import { isNumber } from '../values.ts';
import { type NumberPicture, readNumberPicture, readSymbols, type Symbols } from './number-picture.ts';

/** $formatNumber: XPath's format-number (F&O 4.7.5), with the rule of bullet 5 for exponents. */
export function formatNumber(value: number | undefined, picture: string | undefined, options: unknown): string | undefined {
  if (value === undefined || !isNumber(value)) return undefined;
  const symbols = readSymbols(options);
  const pictures = readNumberPicture(String(picture), symbols);
  const positive = pictures[0];
  if (positive === undefined) return undefined;
  const chosen = value >= 0 ? positive : (pictures[1] ?? { ...positive, prefix: symbols.minus + positive.prefix });
  if (chosen.maxFraction > 100) exhausted('more than 100 decimal places');
  allowLength(chosen.whole.length + chosen.minInteger + 400);
  return write(value, chosen, symbols);
}

function write(value: number, picture: NumberPicture, symbols: Symbols): string {
  const factor = picture.whole.includes(symbols.percent) ? 100 : picture.whole.includes(symbols.perMille) ? 1000 : 1;
  const { mantissa, exponent } = scale(value * factor, picture);
  const rounded = roundHalfEven(mantissa, picture.maxFraction);
  const [whole = '', decimals = ''] = digitsOf(Math.abs(rounded), picture.maxFraction, symbols).split('.');
  const integer = trimStart(whole, symbols.zero).padStart(picture.minInteger, symbols.zero);
  const fraction = trimEnd(decimals, symbols.zero).padEnd(picture.minFraction, symbols.zero);
  const groupedFraction = groupFraction(fraction, picture, symbols);
  const point = groupedFraction !== '' && picture.whole.includes(symbols.decimal) ? symbols.decimal + groupedFraction : '';
  const power = exponent === undefined ? '' : writeExponent(exponent, picture, symbols);
  return picture.prefix + groupInteger(integer, picture, symbols) + point + power + picture.suffix;
}

/** The mantissa with the point where the picture has it, and its exponent. */
function scale(value: number, picture: NumberPicture): { mantissa: number; exponent: number | undefined } {
  if (picture.minExponent === 0) return { mantissa: value, exponent: undefined };
  const most = 10 ** picture.scale;
  const least = 10 ** (picture.scale - 1);
  let mantissa = value;
  let exponent = 0;
  if (mantissa !== 0 && Number.isFinite(most)) {
    for (; Math.abs(mantissa) < least; exponent--) mantissa *= 10;
    for (; Math.abs(mantissa) > most; exponent++) mantissa /= 10;
  }
  return { mantissa, exponent };
}

function digitsOf(value: number, places: number, symbols: Symbols): string {
  const text = value.toFixed(places);
  return symbols.zero === '0' ? text : text.replace(/\d/g, (digit) => symbols.digits[Number(digit)] ?? digit);
}

function trimStart(text: string, zero: string): string {
  let start = 0;
  while (start < text.length && text.charAt(start) === zero) start++;
  return text.slice(start);
}

function trimEnd(text: string, zero: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === zero) end--;
  return text.slice(0, end);
}

function groupInteger(text: string, picture: NumberPicture, symbols: Symbols): string {
  const positions =
    picture.interval > 0
      ? Array.from({ length: Math.floor(Math.max(0, text.length - 1) / picture.interval) }, (_, index) => (index + 1) * picture.interval)
      : picture.integerPositions;
  const parts: string[] = [];
  let end = text.length;
  for (const position of [...positions].sort((first, second) => first - second)) {
    const place = text.length - position;
    if (place <= 0) break;
    parts.push(text.slice(place, end));
    end = place;
  }
  parts.push(text.slice(0, end));
  return parts.reverse().join(symbols.grouping);
}

function groupFraction(text: string, picture: NumberPicture, symbols: Symbols): string {
  let grouped = text;
  for (const [index, position] of picture.fractionPositions.entries()) {
    const place = position + index * symbols.grouping.length;
    if (place < grouped.length) grouped = grouped.slice(0, place) + symbols.grouping + grouped.slice(place);
  }
  return grouped;
}

function writeExponent(exponent: number, picture: NumberPicture, symbols: Symbols): string {
  const digits = digitsOf(Math.abs(exponent), 0, symbols).padStart(picture.minExponent, symbols.zero);
  return symbols.exponent + (exponent < 0 ? symbols.minus : '') + digits;
}
