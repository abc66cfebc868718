/** Decimal numbers that survive the way from text to double and back. */

/** Longest number that is read from text. */
const MAX_TEXT = 40;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

interface Exact {
  negative: boolean;
  /** Without leading and trailing zeros; empty for zero. */
  digits: string;
  /** Value = digits × 10^exponent. */
  exponent: number;
}

function exact(text: string): Exact {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const all = whole + fraction;
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end--;
  let start = 0;
  while (start < end && all[start] === '0') start++;
  const digits = all.slice(start, end);
  return {
    negative: negative && digits !== '',
    digits,
    exponent: digits === '' ? 0 : Number(power) - fraction.length + (all.length - end),
  };
}

/** The number that the text says, or undefined where it says none or one that a double cannot hold exactly as written. */
export function readDecimal(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TEXT || !DECIMAL.test(trimmed)) return undefined;
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return undefined;
  const written = exact(trimmed);
  const kept = exact(String(value));
  const same = written.negative === kept.negative && written.digits === kept.digits && written.exponent === kept.exponent;
  return same ? plainZero(value) : undefined;
}

/** Digits after the decimal point in the shortest writing of the number. */
export function decimalPlaces(value: number): number {
  return Math.max(0, -exact(String(value)).exponent);
}

/** JSON has no use for -0, and the database gives back 0. */
export function plainZero(value: number): number {
  return value === 0 ? 0 : value;
}
