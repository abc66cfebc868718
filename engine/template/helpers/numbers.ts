import { toCardinal as inEnglish } from 'n2words/en-GB';
import { toCardinal as inRussian } from 'n2words/ru-RU';
import { amountInWords } from './amount-in-words.ts';
import { type Forms, numberFormat, pluralForm } from './formats.ts';
import { type HelperCall, type Helpers, isBlank, numeric, refuse, setting, show } from './helper.ts';

const MOST_PLACES = 20;

/** `{{number value 2}}`: with the separators of the locale; without digits up to three decimal places. */
function number({ args, environment, line }: HelperCall): string {
  const value = numeric('number', args[0], line);
  if (value === undefined) return '';
  return numberFormat(environment.locale ?? 'en', placesOf(args[1], line) ?? {}).format(value);
}

/** `{{percent 0.256}}`: a share of one as percent; without digits up to one decimal place. */
function percent({ args, environment, line }: HelperCall): string {
  const value = numeric('percent', args[0], line);
  if (value === undefined) return '';
  const places = placesOf(args[1], line) ?? { maximumFractionDigits: 1 };
  return numberFormat(environment.locale ?? 'en', { style: 'percent', ...places }).format(value);
}

function placesOf(digits: unknown, line: number): Intl.NumberFormatOptions | undefined {
  if (digits === undefined) return undefined;
  const places = setting(digits, [0, MOST_PLACES], 'The number of decimal places', line);
  return { minimumFractionDigits: places, maximumFractionDigits: places };
}

/** A money field, or an amount with its currency (ISO 4217) beside it; undefined for a blank amount. */
function moneyOf(name: string, { args, line }: HelperCall): { amount: number; currency: string } | undefined {
  const [value, beside] = args;
  const field = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  const part = (key: string): unknown => (field !== undefined && Object.hasOwn(field, key) ? field[key] : undefined);
  if (field !== undefined && typeof part('amount') !== 'number')
    return refuse(`The helper ${name} cannot read ${show(value)}`, line, 'Give a money field, or an amount and a currency.');
  const amount = numeric(name, field === undefined ? value : part('amount'), line);
  const currency = beside ?? part('currency');
  if (beside === undefined && isBlank(value)) return undefined;
  if (typeof currency !== 'string' || !/^[A-Za-z]{3}$/.test(currency))
    return refuse(`${show(currency)} is not a currency`, line, 'Give its three letters, such as RUB or EUR.');
  return amount === undefined ? undefined : { amount, currency: currency.toUpperCase() };
}

/** `{{money value "RUB"}}`: an amount in a currency; cents only where there are any. */
function money(call: HelperCall): string {
  const given = moneyOf('money', call);
  if (given === undefined) return '';
  const options = { style: 'currency', currency: given.currency, trailingZeroDisplay: 'stripIfInteger' } as const;
  return numberFormat(call.environment.locale ?? 'en', options).format(given.amount);
}

/** `{{amountInWords value "RUB"}}`: an amount as it stands in contracts. */
function inWords(call: HelperCall): string {
  const given = moneyOf('amountInWords', call);
  if (given === undefined) return '';
  const text = amountInWords(given.amount, given.currency, call.environment.locale ?? 'en');
  return typeof text === 'string' ? text : refuse(`amountInWords: ${text.problem}`, call.line, text.hint);
}

/** `{{plural count "lead" "leads"}}`, `{{plural count "лид" "лида" "лидов"}}`: the form of the word, without the number. */
function plural({ args, line }: HelperCall): string {
  const [count, ...given] = args;
  const value = numeric('plural', count, line);
  const [one, second, third] = given.map((form) =>
    typeof form === 'string' ? form : refuse(`The form ${show(form)} is not a text`, line, 'Give the forms of the word.'),
  );
  if (value === undefined || one === undefined || second === undefined) return '';
  const forms: Forms = third === undefined ? [one, second] : [one, second, third];
  return pluralForm(Math.abs(value), forms);
}

const GENDERS = ['masculine', 'feminine'] as const;

/** `{{words 21 "feminine"}}`: a whole number in words; Russian asks for the gender of what is counted. */
function words({ args, environment, line }: HelperCall): string {
  const value = numeric('words', args[0], line);
  if (value === undefined) return '';
  if (!Number.isSafeInteger(value)) return refuse(`${show(value)} cannot be written in words`, line, 'Give a whole number.');
  const [, wanted = 'masculine'] = args;
  const gender = GENDERS.find((known) => known === wanted);
  if (gender === undefined) return refuse(`There is no gender ${show(wanted)}`, line, `Write one of ${GENDERS.join(', ')}.`);
  return environment.locale === 'ru' ? inRussian(value, { gender }) : inEnglish(value);
}

export const numberHelpers: Helpers = {
  number: { least: 1, most: 2, lenient: false, call: number },
  percent: { least: 1, most: 2, lenient: false, call: percent },
  money: { least: 1, most: 2, lenient: false, call: money },
  plural: { least: 3, most: 4, lenient: false, call: plural },
  words: { least: 1, most: 2, lenient: false, call: words },
  amountInWords: { least: 1, most: 2, lenient: false, call: inWords },
};
