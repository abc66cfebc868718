import { RE2JS } from 're2js';
import { charge, chargeText, firstUse } from '../budget.ts';
import { fail } from '../failure.ts';
import { DAYS, MONTHS, partOf } from './calendar.ts';
import { type DateMarker, type DatePart, readDatePicture } from './date-picture.ts';
import { readInteger } from './format-integer.ts';
import type { IntegerFormat } from './picture.ts';
import { NUMBER_WORDS } from './words.ts';

/** A picture made ready for reading texts. */
interface Reader {
  pattern: RE2JS;
  markers: readonly DateMarker[];
}

const readers = new Map<string, Reader>();
const MAX_READERS = 200;
const MAX_PICTURE = 500;

/** Epoch milliseconds of a text that follows the picture; undefined for other texts. Throws D3136 where parts are missing. */
export function parseDate(text: string, picture: string, now: number): number | undefined {
  if (picture.length > MAX_PICTURE) return fail('D3136');
  charge(picture.length * 20 + 200);
  chargeText(text);
  // Making a reader takes as long as 20,000 steps. Whether another evaluation has left one must not change what this one costs.
  if (firstUse('picture', picture)) charge(20_000);
  const { pattern, markers } = readerOf(picture);
  charge(text.length * 4);
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const found = new Map<string, number>();
  for (const [index, marker] of markers.entries()) {
    const value = readPart(String(match[index + 1] ?? ''), marker);
    if (value !== undefined) found.set(marker.component, value);
  }
  return found.size === 0 ? undefined : assemble(found, new Date(now));
}

function readerOf(picture: string): Reader {
  const known = readers.get(picture);
  if (known !== undefined) return known;
  const parts = readDatePicture(picture);
  const source = parts.map((part) => (part.kind === 'text' ? RE2JS.quote(part.text) : `(${patternOf(part)})`)).join('');
  const made: Reader = {
    pattern: RE2JS.compile(`^(?:${source})$`, RE2JS.CASE_INSENSITIVE),
    markers: parts.filter((part: DatePart): part is DateMarker => part.kind === 'marker'),
  };
  if (readers.size >= MAX_READERS) readers.clear();
  readers.set(picture, made);
  return made;
}

function patternOf(marker: DateMarker): string {
  if (marker.component === 'Z' || marker.component === 'z') {
    const separator = marker.format?.regular?.character;
    const tail = separator === undefined ? '' : `${RE2JS.quote(separator)}[0-9]+`;
    return `${marker.component === 'z' ? 'GMT' : ''}[-+][0-9]+${tail}`;
  }
  if (marker.component === 'f') return '[0-9]+';
  if (marker.format !== undefined) return integerPattern(marker.format);
  return ['M', 'x', 'F', 'P'].includes(marker.component) ? '[a-zA-Z]+' : fail('D3133', { value: marker.component });
}

function integerPattern(format: IntegerFormat): string {
  const [upper, lower] = format.style === 'letters' ? ['A-Z', 'a-z'] : ['MDCLXVI', 'mdclxvi'];
  switch (format.style) {
    case 'letters':
    case 'roman':
      return format.letterCase === 'upper' ? `[${upper}]+` : `[${lower}]+`;
    case 'words':
      return `(?:${NUMBER_WORDS.join('|')}|and|[\\-, ])+`;
    case 'decimal':
      return `[0-9]${format.parseWidth === undefined || format.parseWidth > 100 ? '+' : `{${format.parseWidth}}`}${format.ordinal ? '(?:th|st|nd|rd)' : ''}`;
    case 'sequence':
      return fail('D3130', { value: format.picture });
  }
}

function readPart(text: string, marker: DateMarker): number | undefined {
  const { component, format } = marker;
  if (component === 'Z' || component === 'z') return readOffset(component === 'z' ? text.slice(3) : text, format?.regular?.character);
  if (component === 'f') return Number.parseFloat(`0.${text.slice(0, 3)}`) * 1000;
  if (format !== undefined) return readInteger(text, format);
  if (component === 'P') return { am: 0, AM: 0, pm: 1, PM: 1 }[text];
  const names: readonly string[] = component === 'F' ? DAYS : ['', ...MONTHS];
  const index = names.findIndex((name, at) => at > 0 && (marker.maxWidth ? name.slice(0, marker.maxWidth) : name) === text);
  return index === -1 ? undefined : index;
}

/** Minutes east of UTC. */
function readOffset(text: string, separator: string | undefined): number {
  const at = separator === undefined ? -1 : text.indexOf(separator);
  if (at !== -1) return Number.parseInt(text.slice(0, at), 10) * 60 + Number.parseInt(text.slice(at + 1), 10);
  if (text.length <= 3) return Number.parseInt(text, 10) * 60;
  return Number.parseInt(text.slice(0, 3), 10) * 60 + Number.parseInt(text.slice(3), 10);
}

/** Does a picture name only parts of this set (of the letters considered), and at least one? */
function isOf(found: ReadonlyMap<string, number>, considered: string, set: string): boolean {
  // A part that is zero counts as absent, as it does in the reference.
  const present = [...considered].filter((letter) => (found.get(letter) ?? 0) !== 0);
  return present.length > 0 && present.every((letter) => set.includes(letter));
}

/** Missing parts: those above the first given one come from today, those below the last are the least possible. */
function assemble(found: Map<string, number>, now: Date): number {
  const dates = 'YXMxWwdD';
  const byDay = !isOf(found, dates, 'YMD') && isOf(found, dates, 'Yd');
  const half = !isOf(found, 'PHhmsf', 'Hmsf') && isOf(found, 'PHhmsf', 'Phmsf');
  // Dates by week can be written but not read, as in the reference.
  if (isOf(found, dates, 'Xxw') || isOf(found, dates, 'XW')) return fail('D3136');
  const wanted = [...(byDay ? 'Yd' : 'YMD'), ...(half ? 'Phmsf' : 'Hmsf')];
  let started = false;
  let ended = false;
  for (const letter of wanted) {
    if (found.has(letter)) {
      started = true;
      if (ended) fail('D3136');
    } else if (started) {
      found.set(letter, 'MDd'.includes(letter) ? 1 : 0);
      ended = true;
    } else found.set(letter, partOf(now, letter) ?? 0);
  }
  const get = (letter: string): number => found.get(letter) ?? 0;
  const hour = half ? (get('h') % 12) + (get('P') === 1 ? 12 : 0) : get('H');
  const [month, day] = byDay ? [0, get('d')] : [Math.max(0, get('M') - 1), get('D')];
  const local = Date.UTC(get('Y'), month, day, hour, get('m'), get('s'), get('f'));
  return local - (get('Z') || get('z')) * 60_000;
}
