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

const NUMBERS = {
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }),
  ru: new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 }),
};
const WHOLE = {
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 }),
  ru: new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 0 }),
};

const COUNT: Record<Locale, (why: Why, sums: Sums) => string> = {
  en: ({ currency, minutes, times }, { chance, worth, value }) =>
    `${chance} % of ${worth} ${currency} is ${value} ${currency}${minutes > 0 ? `, for ${minutes} minutes` : ''}${times === null ? '' : `: ${NUMBERS.en.format(times)} times doing nothing`}.`,
  ru: ({ currency, minutes, times }, { chance, worth, value }) =>
    `${chance} % от ${worth} ${currency} — это ${value} ${currency}${minutes > 0 ? ` за ${minutes} мин` : ''}${times === null ? '' : `: в ${NUMBERS.ru.format(times)} раза больше, чем без действий`}.`,
};

interface Sums {
  chance: string;
  worth: string;
  value: string;
}

/** The sum behind it: `35 % of 500,000 RUB is 175,000 RUB, for 15 minutes: 3.5 times doing nothing.` */
export function inWords(why: Why, locale: Locale): string {
  const sums = {
    chance: NUMBERS[locale].format(why.probability * 100),
    worth: WHOLE[locale].format(why.worth),
    value: WHOLE[locale].format(why.value),
  };
  return COUNT[locale](why, sums);
}
