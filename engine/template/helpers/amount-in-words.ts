import { toCardinal as inEnglish } from 'n2words/en-GB';
import { toCardinal as inRussian } from 'n2words/ru-RU';
import { roundHalfUp } from '../../numbers/rounding.ts';
import { type Forms, pluralForm } from './formats.ts';

/** The nouns of a currency; a hundred of the small unit make one of the large. All large units here are masculine in Russian. */
interface Nouns {
  readonly ru: { readonly large: Forms; readonly small: Forms };
  readonly en: { readonly large: Forms; readonly small: Forms };
}

const KOPECKS = { ru: ['копейка', 'копейки', 'копеек'], en: ['kopeck', 'kopecks'] } as const;
const CENTS = { ru: ['цент', 'цента', 'центов'], en: ['cent', 'cents'] } as const;

const CURRENCIES: ReadonlyMap<string, Nouns> = new Map<string, Nouns>([
  ['RUB', { ru: { large: ['рубль', 'рубля', 'рублей'], small: KOPECKS.ru }, en: { large: ['rouble', 'roubles'], small: KOPECKS.en } }],
  [
    'BYN',
    {
      ru: { large: ['белорусский рубль', 'белорусских рубля', 'белорусских рублей'], small: KOPECKS.ru },
      en: { large: ['Belarusian rouble', 'Belarusian roubles'], small: KOPECKS.en },
    },
  ],
  [
    'USD',
    {
      ru: { large: ['доллар США', 'доллара США', 'долларов США'], small: CENTS.ru },
      en: { large: ['US dollar', 'US dollars'], small: CENTS.en },
    },
  ],
  ['EUR', { ru: { large: ['евро', 'евро', 'евро'], small: CENTS.ru }, en: { large: ['euro', 'euros'], small: CENTS.en } }],
  [
    'GBP',
    {
      ru: { large: ['фунт стерлингов', 'фунта стерлингов', 'фунтов стерлингов'], small: ['пенс', 'пенса', 'пенсов'] },
      en: { large: ['pound sterling', 'pounds sterling'], small: ['penny', 'pence'] },
    },
  ],
  [
    'KZT',
    {
      ru: { large: ['тенге', 'тенге', 'тенге'], small: ['тиын', 'тиына', 'тиынов'] },
      en: { large: ['tenge', 'tenge'], small: ['tiyn', 'tiyn'] },
    },
  ],
  [
    'CNY',
    { ru: { large: ['юань', 'юаня', 'юаней'], small: ['фэнь', 'фэня', 'фэней'] }, en: { large: ['yuan', 'yuan'], small: ['fen', 'fen'] } },
  ],
]);

/** Up to here an amount with cents is exact as a double. */
const MOST = 9e12;

/**
 * An amount as it stands in contracts: the large unit in words with a capital first, the small one in two digits. Halves of the
 * small unit are rounded up. What cannot be written is told instead.
 */
export function amountInWords(amount: number, currency: string, locale: 'en' | 'ru'): string | { problem: string; hint: string } {
  const nouns = CURRENCIES.get(currency)?.[locale];
  if (nouns === undefined)
    return { problem: `there are no words for ${currency}`, hint: `Use one of ${[...CURRENCIES.keys()].join(', ')}.` };
  if (!(Math.abs(amount) <= MOST)) return { problem: `${amount} is too large`, hint: `Keep amounts within ${MOST}.` };
  const rounded = roundHalfUp(Math.abs(amount), 2);
  const [large = '0', small = '00'] = rounded.toFixed(2).split('.');
  const value = Number(large);
  const sign = amount < 0 && rounded > 0 ? { en: 'minus ', ru: 'минус ' }[locale] : '';
  const words = sign + (locale === 'ru' ? inRussian(value) : inEnglish(value));
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)} ${pluralForm(value, nouns.large)} ${small} ${pluralForm(Number(small), nouns.small)}`;
}
