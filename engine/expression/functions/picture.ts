import { charge } from '../budget.ts';
import { fail } from '../failure.ts';

/** A grouping separator and the number of digits on its right side. */
interface Separator {
  position: number;
  character: string;
}

/** How a whole number is written (the picture of XPath's format-integer). */
export interface IntegerFormat {
  style: 'decimal' | 'letters' | 'roman' | 'words' | 'sequence';
  letterCase: 'upper' | 'lower' | 'title';
  ordinal: boolean;
  /** Code point of the zero of the script used. */
  zero: number;
  mandatory: number;
  optional: number;
  /** The same separator again and again, every `position` digits. */
  regular: Separator | undefined;
  /** Separators at places of their own, from the right. */
  separators: readonly Separator[];
  picture: string;
  /** Exactly so many digits when parsing, where another number follows at once. */
  parseWidth: number | undefined;
}

/** The zeros of the decimal digits of Unicode within the basic plane. */
const ZEROS = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090,
  0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
  0xff10,
];

const STYLES: Readonly<Record<string, Pick<IntegerFormat, 'style' | 'letterCase'>>> = {
  A: { style: 'letters', letterCase: 'upper' },
  a: { style: 'letters', letterCase: 'lower' },
  I: { style: 'roman', letterCase: 'upper' },
  i: { style: 'roman', letterCase: 'lower' },
  W: { style: 'words', letterCase: 'upper' },
  w: { style: 'words', letterCase: 'lower' },
  Ww: { style: 'words', letterCase: 'title' },
};

/** Reads a picture such as `#,##0`, `001;o`, `Ww` or `I`. Throws D3131. */
export function readIntegerPicture(picture: string): IntegerFormat {
  charge(picture.length * 4 + 10);
  const semicolon = picture.lastIndexOf(';');
  const primary = semicolon === -1 ? picture : picture.slice(0, semicolon);
  const common = {
    ordinal: semicolon !== -1 && picture.charAt(semicolon + 1) === 'o',
    zero: 0x30,
    mandatory: 0,
    optional: 0,
    regular: undefined,
    separators: [],
    picture: primary,
    parseWidth: undefined,
  };
  const style = Object.hasOwn(STYLES, primary) ? STYLES[primary] : undefined;
  if (style !== undefined) return { ...common, ...style };
  return { ...common, letterCase: 'lower', ...readDigits(primary) };
}

function readDigits(picture: string): Pick<IntegerFormat, 'style' | 'zero' | 'mandatory' | 'optional' | 'regular' | 'separators'> {
  let zero: number | undefined;
  let mandatory = 0;
  let optional = 0;
  const separators: Separator[] = [];
  for (const character of Array.from(picture).reverse()) {
    const point = character.codePointAt(0) ?? 0;
    const family = ZEROS.find((start) => point >= start && point <= start + 9);
    if (family !== undefined) {
      if (zero !== undefined && zero !== family) fail('D3131');
      zero = family;
      mandatory++;
    } else if (character === '#') optional++;
    else separators.push({ position: mandatory + optional, character });
  }
  const regular = regularInterval(separators);
  const first = separators[0];
  return {
    style: mandatory > 0 ? 'decimal' : 'sequence',
    zero: zero ?? 0x30,
    mandatory,
    optional,
    regular: regular > 0 && first !== undefined ? { position: regular, character: first.character } : undefined,
    separators,
  };
}

function regularInterval(separators: readonly Separator[]): number {
  if (separators.some((separator) => separator.character !== separators[0]?.character)) return 0;
  return commonInterval(separators.map((separator) => separator.position));
}

/** The interval at which positions repeat without a gap, or 0. */
export function commonInterval(positions: readonly number[]): number {
  if (positions.length === 0) return 0;
  const divisor = (first: number, second: number): number => (second === 0 ? first : divisor(second, first % second));
  const interval = positions.reduce(divisor);
  const present = new Set(positions);
  for (let index = 1; index <= positions.length; index++) if (!present.has(index * interval)) return 0;
  return interval;
}
