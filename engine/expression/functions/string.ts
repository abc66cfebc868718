import { roundHalfEven } from '../../numbers/rounding.ts';
import { allowItems, allowLength, charge, chargeText, exhausted, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { toText } from '../text.ts';
import { define, type Functions } from './define.ts';

type Text = string | undefined;

/** A character is a code point, as everywhere in the language. */
function characters(text: string): string[] {
  charge(text.length >> 1);
  return Array.from(text);
}

/** Is every character one UTF-16 unit? Then offsets need no splitting. */
function isNarrow(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

function lengthOf(text: string): number {
  chargeText(text);
  return isNarrow(text) ? text.length : characters(text).length;
}

function substring(text: Text, start: number | undefined, length: number | undefined): Text {
  if (text === undefined) return undefined;
  chargeText(text);
  const units = isNarrow(text) ? text : characters(text);
  const from = units.length + (start ?? Number.NaN) < 0 ? 0 : start;
  if (length === undefined) return together(units.slice(from));
  if (length <= 0) return '';
  const end = (from ?? Number.NaN) >= 0 ? (from ?? 0) + length : units.length + (from ?? Number.NaN) + length;
  return together(units.slice(from, end));
}

function together(part: string | string[]): string {
  return typeof part === 'string' ? part : part.join('');
}

function before(text: Text, mark: Text): Text {
  if (text === undefined) return undefined;
  chargeText(text);
  const at = text.indexOf(String(mark));
  return at === -1 ? text : text.slice(0, at);
}

function after(text: Text, mark: Text): Text {
  if (text === undefined) return undefined;
  chargeText(text);
  const at = text.indexOf(String(mark));
  return at === -1 ? text : text.slice(at + String(mark).length);
}

function changed(change: (text: string) => string): (text: Text) => Text {
  return (text) => {
    if (text === undefined) return undefined;
    chargeText(text);
    const result = change(text);
    allowLength(result.length);
    return result;
  };
}

function trim(text: string): string {
  return text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '');
}

function pad(text: Text, width: number | undefined, filler: Text): Text {
  if (text === undefined) return undefined;
  const wanted = Math.trunc(width ?? Number.NaN);
  const missing = Math.abs(wanted) - lengthOf(text);
  if (!(missing > 0)) return text;
  const unit = filler === undefined || filler.length === 0 ? ' ' : filler;
  allowLength(text.length + missing);
  const units = lengthOf(unit);
  const repeated = unit.repeat(Math.ceil(missing / units));
  const padding = units === 1 ? repeated : (substring(repeated, 0, missing) ?? '');
  return wanted > 0 ? text + padding : padding + text;
}

function join(texts: readonly string[] | undefined, separator: Text): Text {
  if (texts === undefined) return undefined;
  const between = separator ?? '';
  charge(texts.length);
  let length = between.length * Math.max(0, texts.length - 1);
  for (const text of texts) length += text.length;
  allowLength(length);
  return texts.join(between);
}

function url(name: string, work: (text: string) => string): (text: Text) => Text {
  return changed((text) => {
    try {
      return work(text);
    } catch {
      // The only thing that can go wrong is text that is not well-formed.
      return fail('D3140', { value: text, functionName: name });
    }
  });
}

function toNumberBase(value: number | undefined, radix: number | undefined): Text {
  if (value === undefined) return undefined;
  const base = radix === undefined ? 10 : roundHalfEven(radix);
  if (!(base >= 2 && base <= 36)) fail('D3100', { value: base });
  charge(20);
  return roundHalfEven(value).toString(base);
}

export const stringFunctions: Functions = {
  string: define('<x-b?:s>', 1, (value: unknown, pretty: boolean | undefined) =>
    value === undefined ? undefined : toText(value, pretty === true),
  ),
  substring: define('<s-nn?:s>', 3, substring),
  substringBefore: define('<s-s:s>', 2, before),
  substringAfter: define('<s-s:s>', 2, after),
  lowercase: define(
    '<s-:s>',
    1,
    changed((text) => text.toLowerCase()),
  ),
  uppercase: define(
    '<s-:s>',
    1,
    changed((text) => text.toUpperCase()),
  ),
  length: define('<s-:n>', 1, (text: Text) => (text === undefined ? undefined : lengthOf(text))),
  trim: define('<s-:s>', 1, changed(trim)),
  pad: define('<s-ns?:s>', 3, pad),
  join: define('<a<s>s?:s>', 2, join),
  formatBase: define('<n-n?:s>', 2, toNumberBase),
  base64encode: define(
    '<s-:s>',
    1,
    changed((text) => Buffer.from(text, 'latin1').toString('base64')),
  ),
  base64decode: define(
    '<s-:s>',
    1,
    changed((text) => Buffer.from(text, 'base64').toString('latin1')),
  ),
  encodeUrlComponent: define('<s-:s>', 1, url('encodeUrlComponent', encodeURIComponent)),
  encodeUrl: define('<s-:s>', 1, url('encodeUrl', encodeURI)),
  decodeUrlComponent: define('<s-:s>', 1, url('decodeUrlComponent', decodeURIComponent)),
  decodeUrl: define('<s-:s>', 1, url('decodeUrl', decodeURI)),
};

/** Splits by a fixed text, refusing more parts than an array may have before they are made. */
export function splitByText(text: string, separator: string, limit: number | undefined): string[] {
  chargeText(text);
  const most = meter.arrayLength;
  const parts = text.split(separator, limit === undefined ? most + 1 : Math.min(limit, most + 1));
  if (parts.length > most) exhausted(`an array of more than ${most} items`);
  allowItems(parts.length * 8);
  return parts;
}
