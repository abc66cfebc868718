import { charge } from '../budget.ts';
import { fail } from '../failure.ts';
import { type IntegerFormat, readIntegerPicture } from './picture.ts';

/** One part of a date picture: text as it stands, or a component in brackets. */
export type DatePart = { kind: 'text'; text: string } | DateMarker;

export interface DateMarker {
  kind: 'marker';
  component: string;
  /** Written by name, in this case. */
  names: 'upper' | 'lower' | 'title' | undefined;
  /** Written as a number. */
  format: IntegerFormat | undefined;
  /** The traditional form of a zone: Z for +00:00. */
  traditional: boolean;
  maxWidth: number | undefined;
  /** Years: the number of last digits shown, or undefined for all. */
  lastDigits: number | undefined;
}

const DEFAULTS: Readonly<Record<string, string>> = {
  Y: '1',
  M: '1',
  D: '1',
  d: '1',
  F: 'n',
  W: '1',
  w: '1',
  X: '1',
  x: '1',
  H: '1',
  h: '1',
  P: 'n',
  m: '01',
  s: '01',
  f: '1',
  Z: '01:01',
  z: '01:01',
  C: 'n',
  E: 'n',
};
const NUMERIC = 'YMDdFWwXxHhmsf';

/** Reads a picture such as `[D01].[M01].[Y0001] [H01]:[m01]` (XPath F&O 9.8.4.1). Throws D3131, D3132, D3135. */
export function readDatePicture(picture: string): DatePart[] {
  charge(picture.length * 8 + 20);
  const parts: DatePart[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ kind: 'text', text: text.replaceAll(']]', ']') });
    text = '';
  };
  for (let index = 0; index < picture.length; index++) {
    if (picture.charAt(index) !== '[') text += picture.charAt(index);
    else if (picture.charAt(index + 1) === '[') {
      flush();
      parts.push({ kind: 'text', text: '[' });
      index++;
    } else {
      flush();
      const end = picture.indexOf(']', index);
      if (end === -1) fail('D3135');
      const previous = parts.at(-1);
      const marker = readMarker(picture.slice(index + 1, end).replace(/\s+/g, ''));
      if (
        marker.format !== undefined &&
        NUMERIC.includes(marker.component) &&
        previous?.kind === 'marker' &&
        previous.format !== undefined
      ) {
        previous.format.parseWidth = previous.format.mandatory;
      }
      parts.push(marker);
      index = end;
    }
  }
  flush();
  return parts;
}

function readMarker(marker: string): DateMarker {
  const component = marker.charAt(0);
  const comma = marker.lastIndexOf(',');
  const width = comma === -1 ? { min: undefined, max: undefined } : readWidth(marker.slice(comma + 1));
  const { presentation, modifier } = readPresentation(comma === -1 ? marker.slice(1) : marker.slice(1, comma), component);
  const read: DateMarker = {
    kind: 'marker',
    component,
    names: nameCase(presentation),
    format: undefined,
    traditional: modifier === 't',
    maxWidth: width.max,
    lastDigits: undefined,
  };
  if (read.names === undefined && NUMERIC.includes(component)) {
    const format = readIntegerPicture(modifier === '' ? presentation : `${presentation};${modifier}`);
    if (width.min !== undefined && format.mandatory < width.min) format.mandatory = width.min;
    if (component === 'Y') {
      if (width.max !== undefined) read.lastDigits = format.mandatory = width.max;
      else if (format.mandatory + format.optional >= 2) read.lastDigits = format.mandatory + format.optional;
    }
    read.format = format;
  } else if (component === 'Z' || component === 'z') read.format = readIntegerPicture(presentation);
  return read;
}

function readWidth(text: string): { min: number | undefined; max: number | undefined } {
  const [min, max] = text.split('-', 2);
  const read = (part: string | undefined): number | undefined => (part === undefined || !/^\d{1,4}$/.test(part) ? undefined : Number(part));
  return { min: read(min), max: read(max) };
}

function readPresentation(text: string, component: string): { presentation: string; modifier: string } {
  if (text === '') {
    const standard = Object.hasOwn(DEFAULTS, component) ? DEFAULTS[component] : undefined;
    return { presentation: standard ?? fail('D3132', { value: component }), modifier: '' };
  }
  const last = text.charAt(text.length - 1);
  return text.length > 1 && 'atco'.includes(last)
    ? { presentation: text.slice(0, -1), modifier: last }
    : { presentation: text, modifier: '' };
}

function nameCase(presentation: string): DateMarker['names'] {
  if (presentation.startsWith('n')) return 'lower';
  if (presentation.startsWith('Nn')) return 'title';
  return presentation.startsWith('N') ? 'upper' : undefined;
}
