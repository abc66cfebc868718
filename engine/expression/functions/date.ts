import { charge, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { define, type Functions } from './define.ts';
import { formatDate } from './format-date.ts';
import { parseDate } from './parse-date.ts';

type Text = string | undefined;

const ISO_8601 = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

function toMillis(text: Text, picture: Text): number | undefined {
  if (text === undefined) return undefined;
  charge(50);
  if (picture !== undefined) return parseDate(text, picture, meter.surroundings.now);
  if (text.length > 64 || !ISO_8601.test(text)) return fail('D3110', { value: text });
  return Date.parse(text);
}

function fromMillis(millis: number | undefined, picture: Text, zone: Text): Text {
  if (millis === undefined) return undefined;
  charge(50);
  return formatDate(millis, picture, zone);
}

export const dateFunctions: Functions = {
  now: define('<s?s?:s>', 2, (picture: Text, zone: Text) => fromMillis(meter.surroundings.now, picture, zone)),
  millis: define('<:n>', 0, () => meter.surroundings.now),
  toMillis: define('<s-s?:n>', 2, toMillis),
  fromMillis: define('<n-s?s?:s>', 3, fromMillis),
};
