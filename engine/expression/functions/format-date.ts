import { allowLength } from '../budget.ts';
import { fail } from '../failure.ts';
import { DAYS, MONTHS, partOf } from './calendar.ts';
import { type DateMarker, readDatePicture } from './date-picture.ts';
import { writeInteger } from './format-integer.ts';
import { readIntegerPicture } from './picture.ts';

const ISO = '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]';
const FURTHEST = 8.64e15;

/** An offset from UTC, given as ±hhmm. */
interface Offset {
  hours: number;
  minutes: number;
}

/** Epoch milliseconds by a picture, ISO 8601 without one; the zone is an offset such as `+0300`. */
export function formatDate(millis: number, picture: string | undefined, zone: string | undefined): string {
  const offset = readOffset(zone);
  const shifted = millis + (60 * offset.hours + offset.minutes) * 60_000;
  if (!(Math.abs(shifted) <= FURTHEST)) return fail('D1001', { value: millis });
  const date = new Date(shifted);
  let text = '';
  for (const part of readDatePicture(picture ?? ISO)) {
    text += part.kind === 'text' ? part.text : writePart(date, part, offset);
    allowLength(text.length);
  }
  return text;
}

function readOffset(zone: string | undefined): Offset {
  if (zone === undefined) return { hours: 0, minutes: 0 };
  const offset = Number.parseInt(zone, 10);
  return { hours: Math.floor(offset / 100), minutes: offset % 100 };
}

function writePart(date: Date, marker: DateMarker, offset: Offset): string {
  const { component } = marker;
  if (component === 'Z' || component === 'z') return writeOffset(marker, offset);
  if (component === 'P') return inCase(partOf(date, 'P') === 1 ? 'pm' : 'am', marker.names === 'upper' ? 'upper' : 'lower');
  if (component === 'C' || component === 'E') return 'ISO';
  const value = partOf(date, component);
  if (value === undefined) return fail('D3132', { value: component });
  if (marker.names !== undefined && component !== 'f') return writeName(value, marker);
  if (marker.format === undefined) return String(value);
  return writeInteger(marker.lastDigits === undefined ? value : value % 10 ** marker.lastDigits, marker.format);
}

function writeName(value: number, marker: DateMarker): string {
  const { component } = marker;
  const name = component === 'M' || component === 'x' ? MONTHS[value - 1] : component === 'F' ? DAYS[value] : undefined;
  if (name === undefined) return fail('D3133', { value: component });
  const written = inCase(name, marker.names);
  return marker.maxWidth === undefined ? written : written.slice(0, marker.maxWidth);
}

function inCase(text: string, letterCase: DateMarker['names']): string {
  if (letterCase === 'upper') return text.toUpperCase();
  return letterCase === 'lower' ? text.toLowerCase() : text;
}

function writeOffset({ component, format, traditional }: DateMarker, { hours, minutes }: Offset): string {
  const offset = hours * 100 + minutes;
  if (offset === 0 && traditional) return 'Z';
  let text = '';
  if (format === undefined) text = String(offset);
  else if (format.regular !== undefined || format.mandatory === 3 || format.mandatory === 4) text = writeInteger(offset, format);
  else if (format.mandatory === 1 || format.mandatory === 2) {
    text = writeInteger(hours, format);
    if (minutes !== 0) text += `:${writeInteger(minutes, readIntegerPicture('00'))}`;
  } else fail('D3134', { value: format.mandatory });
  return (component === 'z' ? 'GMT' : '') + (offset >= 0 ? '+' : '') + text;
}
