/** Why an action is recommended, in a sentence. */
export interface Why {
  action: string | null;
  probability: number;
  worth: number;
  currency: string;
  value: number;
  minutes: number;
  /** How many times doing nothing; null where that is worth nothing. */
  times: number | null;
}

type Locale = 'en' | 'ru';

const TAGS: Record<Locale, string> = { en: 'en-GB', ru: 'ru-RU' };
const formats = new Map<string, Intl.NumberFormat>();

/** Made once each, and not before it is asked for: 5 ms. */
function inDigits(value: number, locale: Locale, fraction: 0 | 1): string {
  const key = `${locale}${fraction}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(TAGS[locale], { maximumFractionDigits: fraction });
  formats.set(key, format);
  return format.format(value);
}

const COUNT: Record<Locale, (why: Why, sums: Sums) => string> = {
  en: ({ currency, minutes, times }, { chance, worth, value }) =>
    `${chance} % of ${worth} ${currency} is ${value} ${currency}${minutes > 0 ? `, for ${minutes} minutes` : ''}${times === null ? '' : `: ${inDigits(times, 'en', 1)} times doing nothing`}.`,
  ru: ({ currency, minutes, times }, { chance, worth, value }) =>
    `${chance} % от ${worth} ${currency} — это ${value} ${currency}${minutes > 0 ? ` за ${minutes} мин` : ''}${times === null ? '' : `: в ${inDigits(times, 'ru', 1)} раза больше, чем без действий`}.`,
};

interface Sums {
  chance: string;
  worth: string;
  value: string;
}

/** The sum behind it: `35 % of 500,000 RUB is 175,000 RUB, for 15 minutes: 3.5 times doing nothing.` */
export function inWords(why: Why, locale: Locale): string {
  const sums = {
    chance: inDigits(why.probability * 100, locale, 1),
    worth: inDigits(why.worth, locale, 0),
    value: inDigits(why.value, locale, 0),
  };
  return COUNT[locale](why, sums);
}

/** A line of a day's list. */
export interface Line {
  title: string;
  /** Name of the record. */
  record: string;
  minutes: number;
  gain: number;
  currency: string | null;
  reason: string | null;
}

const LINES: Record<Locale, (line: Line, gain: string) => string> = {
  en: ({ title, record, minutes, currency }, gain) =>
    `${title} – ${record} (${minutes} min, gains ${gain}${currency ? ` ${currency}` : ''})`,
  ru: ({ title, record, minutes, currency }, gain) =>
    `${title} — ${record} (${minutes} мин, даёт ${gain}${currency ? ` ${currency}` : ''})`,
};

const HEADS: Record<Locale, { some: (count: number, minutes: number) => string; none: string; more: (count: number) => string }> = {
  en: {
    some: (count, minutes) => `Today: ${count}, of the ${minutes} minutes that you have.`,
    none: 'Nothing is to be done today.',
    more: (count) => `${count} more wait.`,
  },
  ru: {
    some: (count, minutes) => `На сегодня: ${count}, из ваших ${minutes} мин.`,
    none: 'На сегодня ничего нет.',
    more: (count) => `Ждут ещё: ${count}.`,
  },
};

/** `1. Call now – Boiler house (15 min, gains 125,000 RUB): They look at the price page.` */
export const lineInWords = (line: Line, locale: Locale): string =>
  `${LINES[locale](line, inDigits(line.gain, locale, 0))}${line.reason ? `: ${line.reason}` : ''}`;

/** A person's list as a text of lines. @param waiting how many are open and not in it */
export function listInWords(lines: readonly Line[], minutes: number, waiting: number, locale: Locale): string {
  const { some, none, more } = HEADS[locale];
  const numbered = lines.map((line, i) => `${i + 1}. ${lineInWords(line, locale)}`);
  return [lines.length > 0 ? some(lines.length, minutes) : none, ...numbered, ...(waiting > 0 ? [more(waiting)] : [])].join('\n');
}

const WAITS = {
  en: {
    not_worth: 'Doing nothing is no worse.',
    too_long: 'Takes longer than the longest free stretch of the day.',
    other_action: 'Another action on the record was chosen.',
    other_person: 'Somebody else acts on the record.',
    list_full: 'The list is full, of what gains more.',
    no_minutes: 'The minutes go to what gains more.',
    snoozed: 'Put off.',
    other_currency: 'In another currency than most: not comparable.',
    told_enough: 'Enough was proposed today.',
  },
  ru: {
    not_worth: 'Без действий не хуже.',
    too_long: 'Дольше самого длинного свободного промежутка дня.',
    other_action: 'Для этой записи выбрано другое действие.',
    other_person: 'С этой записью работает другой человек.',
    list_full: 'Список заполнен тем, что даёт больше.',
    no_minutes: 'Минуты уходят на то, что даёт больше.',
    snoozed: 'Отложено.',
    other_currency: 'В другой валюте, чем большинство: не сравнить.',
    told_enough: 'На сегодня предложено достаточно.',
  },
} as const;

/** Why a recommendation waits. */
export const waitInWords = (why: keyof (typeof WAITS)['en'], locale: Locale): string => WAITS[locale][why];
