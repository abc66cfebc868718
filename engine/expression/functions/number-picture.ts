import { charge } from '../budget.ts';
import { fail } from '../failure.ts';
import { isObject } from '../values.ts';
import { commonInterval } from './picture.ts';

/** The characters of a number picture (XPath F&O 4.7.2), which options can replace. */
export interface Symbols {
  decimal: string;
  grouping: string;
  exponent: string;
  minus: string;
  percent: string;
  perMille: string;
  zero: string;
  digit: string;
  pattern: string;
  /** The ten digits that begin with `zero`. */
  digits: readonly string[];
}

const OPTION_NAMES = {
  decimal: ['decimal-separator', '.'],
  grouping: ['grouping-separator', ','],
  exponent: ['exponent-separator', 'e'],
  minus: ['minus-sign', '-'],
  percent: ['percent', '%'],
  perMille: ['per-mille', '‰'],
  zero: ['zero-digit', '0'],
  digit: ['digit', '#'],
  pattern: ['pattern-separator', ';'],
} as const;

export function readSymbols(options: unknown): Symbols {
  const read = ([name, standard]: readonly [string, string]): string => {
    const given = isObject(options) && Object.hasOwn(options, name) ? options[name] : undefined;
    return typeof given === 'string' ? given : standard;
  };
  const zero = read(OPTION_NAMES.zero);
  const first = zero.charCodeAt(0);
  return {
    decimal: read(OPTION_NAMES.decimal),
    grouping: read(OPTION_NAMES.grouping),
    exponent: read(OPTION_NAMES.exponent),
    minus: read(OPTION_NAMES.minus),
    percent: read(OPTION_NAMES.percent),
    perMille: read(OPTION_NAMES.perMille),
    zero,
    digit: read(OPTION_NAMES.digit),
    pattern: read(OPTION_NAMES.pattern),
    digits: Array.from({ length: 10 }, (_, index) => String.fromCharCode(first + index)),
  };
}

/** One part of a picture, taken apart. */
export interface NumberPicture {
  whole: string;
  prefix: string;
  suffix: string;
  integerPositions: readonly number[];
  interval: number;
  fractionPositions: readonly number[];
  minInteger: number;
  /** Mandatory digits of the integer part as written: where the point of the mantissa stands. */
  scale: number;
  minFraction: number;
  maxFraction: number;
  minExponent: number;
}

interface Parts {
  whole: string;
  prefix: string;
  suffix: string;
  active: string;
  mantissa: string;
  exponent: string | undefined;
  integer: string;
  fraction: string;
}

/** The parts of a picture for numbers from 0 up and, if it has a second one, for negative numbers. Throws D308x, D309x. */
export function readNumberPicture(picture: string, symbols: Symbols): NumberPicture[] {
  charge(picture.length * 8 + 20);
  const pictures = picture.split(symbols.pattern);
  if (pictures.length > 2) fail('D3080');
  return pictures.map((whole) => {
    const parts = takeApart(whole, symbols);
    const code = flaw(parts, symbols);
    return code === undefined ? analyse(parts, symbols) : fail(code);
  });
}

function takeApart(whole: string, symbols: Symbols): Parts {
  const active = new Set([...symbols.digits, symbols.decimal, symbols.grouping, symbols.digit, symbols.pattern]);
  active.delete(symbols.exponent);
  const characters = whole.split('');
  const first = characters.findIndex((character) => active.has(character));
  const last = characters.findLastIndex((character) => active.has(character));
  const prefix = first === -1 ? '' : whole.slice(0, first);
  const suffix = last === -1 ? '' : whole.slice(last + 1);
  const middle = whole.slice(prefix.length, whole.length - suffix.length);
  const exponentAt = middle.indexOf(symbols.exponent);
  const mantissa = exponentAt === -1 ? middle : middle.slice(0, exponentAt);
  const point = mantissa.indexOf(symbols.decimal);
  return {
    whole,
    prefix,
    suffix,
    active: middle,
    mantissa,
    exponent: exponentAt === -1 ? undefined : middle.slice(exponentAt + 1),
    integer: point === -1 ? mantissa : mantissa.slice(0, point),
    fraction: point === -1 ? '' : mantissa.slice(point + 1),
  };
}

function repeats(text: string, part: string): boolean {
  return text.indexOf(part) !== text.lastIndexOf(part);
}

/** The code of what is wrong with a picture; of several flaws the last rule wins, as in the reference. */
function flaw(parts: Parts, symbols: Symbols): string | undefined {
  const { whole, mantissa, active, integer, fraction, exponent } = parts;
  const isDigit = (character: string): boolean => symbols.digits.includes(character);
  const anyActive = new Set([...symbols.digits, symbols.decimal, symbols.exponent, symbols.grouping, symbols.digit, symbols.pattern]);
  const point = whole.indexOf(symbols.decimal);
  const scaled = whole.includes(symbols.percent) || whole.includes(symbols.perMille);
  const beside = point !== -1 && (whole.charAt(point - 1) === symbols.grouping || whole.charAt(point + 1) === symbols.grouping);
  const optional = integer.indexOf(symbols.digit);
  const optionalFraction = fraction.lastIndexOf(symbols.digit);
  const rules: [string, boolean][] = [
    ['D3093', exponent !== undefined && (exponent.length === 0 || !exponent.split('').every(isDigit))],
    ['D3092', exponent !== undefined && exponent.length > 0 && scaled],
    ['D3091', optionalFraction !== -1 && fraction.slice(optionalFraction).split('').some(isDigit)],
    ['D3090', optional !== -1 && integer.slice(0, optional).split('').some(isDigit)],
    ['D3089', whole.includes(symbols.grouping + symbols.grouping)],
    ['D3088', point === -1 && integer.endsWith(symbols.grouping)],
    ['D3087', beside],
    ['D3086', active.split('').some((character) => !anyActive.has(character))],
    ['D3085', !mantissa.split('').some((character) => isDigit(character) || character === symbols.digit)],
    ['D3084', whole.includes(symbols.percent) && whole.includes(symbols.perMille)],
    ['D3083', repeats(whole, symbols.perMille)],
    ['D3082', repeats(whole, symbols.percent)],
    ['D3081', repeats(whole, symbols.decimal)],
  ];
  return rules.find(([, broken]) => broken)?.[0];
}

function analyse(parts: Parts, symbols: Symbols): NumberPicture {
  const isDigit = (character: string): boolean => symbols.digits.includes(character);
  const count = (text: string, counts: (character: string) => boolean): number => text.split('').filter(counts).length;
  const isPlace = (character: string): boolean => isDigit(character) || character === symbols.digit;
  const positions = (text: string, toLeft: boolean): number[] => {
    const found: number[] = [];
    for (const [index, character] of text.split('').entries()) {
      if (character === symbols.grouping) found.push(count(toLeft ? text.slice(0, index) : text.slice(index), isPlace));
    }
    return found;
  };
  charge(count(parts.whole, (character) => character === symbols.grouping) * parts.whole.length);
  const integerPositions = positions(parts.integer, false);
  const scale = count(parts.integer, isDigit);
  const hasExponent = parts.exponent !== undefined;
  let minInteger = scale;
  let minFraction = count(parts.fraction, isDigit);
  let maxFraction = count(parts.fraction, isPlace);
  if (minInteger === 0 && maxFraction === 0) {
    if (hasExponent) minFraction = maxFraction = 1;
    else minInteger = 1;
  }
  if (hasExponent && minInteger === 0 && parts.integer.includes(symbols.digit)) minInteger = 1;
  if (minInteger === 0 && minFraction === 0) minFraction = 1;
  return {
    whole: parts.whole,
    prefix: parts.prefix,
    suffix: parts.suffix,
    integerPositions,
    interval: commonInterval(integerPositions),
    fractionPositions: positions(parts.fraction, true),
    minInteger,
    scale,
    minFraction,
    maxFraction,
    minExponent: count(parts.exponent ?? '', isDigit),
  };
}
