import { parsePhoneNumber } from '../../text/phones.ts';
import { type HelperCall, type Helpers, isBlank, refuse, setting, show, textual } from './helper.ts';

const LONGEST_TEXT = 1_000_000;
/** Reading a number takes some 20 µs. */
const PHONE_COST = 300;

/** `{{upper text}}` and the like; reading the text is paid for. */
function changed(name: string, change: (text: string) => string): (call: HelperCall) => string {
  return ({ args, line, charge }) => {
    const text = textual(name, args[0], line);
    charge(text.length >> 3);
    return change(text);
  };
}

/** `{{truncate text 80}}`: at most so many characters, the last of them an ellipsis where something was cut off. */
function truncate({ args, line, charge }: HelperCall): string {
  const text = textual('truncate', args[0], line);
  const most = setting(args[1], [1, LONGEST_TEXT], 'The length of truncate', line);
  if (text.length <= most) return text;
  // A character is at most two units of UTF-16, so this much of the text tells whether there are more than enough.
  const start = text.slice(0, 2 * most + 2);
  charge(start.length >> 3);
  const characters = Array.from(start);
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

/** `{{join list ", "}}`: the items of a list of texts or numbers. */
function join({ args, line, charge }: HelperCall): string {
  const [list, between = ', '] = args;
  if (isBlank(list)) return '';
  if (!Array.isArray(list)) return refuse(`The helper join cannot read ${show(list)}`, line, 'Give a list.');
  charge(list.length);
  const separator = textual('join', between, line);
  const texts = list.map((item: unknown) => textual('join', item, line));
  const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
  if (length > LONGEST_TEXT) return refuse(`The list is longer than ${LONGEST_TEXT} characters`, line, 'Show fewer items.');
  return texts.join(separator);
}

/** `{{phone number}}`: with its country code, or with "national" as it is dialled at home. What is no number stays as it is. */
function phone({ args, line, charge }: HelperCall): string {
  const [value, style = 'international'] = args;
  const text = textual('phone', value, line);
  if (style !== 'international' && style !== 'national')
    return refuse(`The helper phone does not know the style ${show(style)}`, line, 'Choose international or national.');
  charge(PHONE_COST);
  const found = text.length <= 64 ? parsePhoneNumber(text) : undefined;
  if (found === undefined) return text;
  return style === 'national' ? found.formatNational() : found.formatInternational();
}

export const textHelpers: Helpers = {
  upper: { least: 1, most: 1, lenient: false, call: changed('upper', (text) => text.toUpperCase()) },
  lower: { least: 1, most: 1, lenient: false, call: changed('lower', (text) => text.toLowerCase()) },
  truncate: { least: 2, most: 2, lenient: false, call: truncate },
  join: { least: 1, most: 2, lenient: false, call: join },
  phone: { least: 1, most: 2, lenient: false, call: phone },
};
