import type { Reason } from './compare.ts';

type Code = Reason['code'];
type Words = { [C in Code]: (reason: Extract<Reason, { code: C }>) => string };

const percent = (score: number): number => Math.round(score * 100);

const ENGLISH: Words = {
  email: ({ value, shared }) => `The same e-mail ${value}${shared ? ', which is not theirs alone' : ''}.`,
  phone: ({ value, shared }) => `The same phone ${value}${shared ? ', which is not theirs alone' : ''}.`,
  email_close: ({ value, other }) => `E-mails that differ by a letter: ${value}, ${other}.`,
  phone_close: ({ value, other }) => `Phones that differ by a digit: ${value}, ${other}.`,
  name: ({ score }) => (score === 1 ? 'The same name.' : `Names that are ${percent(score)} % alike.`),
  name_missing: () => 'One of them has no name.',
  name_differs: () => 'The names differ.',
  same: ({ field }) => `The same "${field}".`,
  differs: ({ field }) => `Another "${field}".`,
};

const RUSSIAN: Words = {
  email: ({ value, shared }) => `Тот же e-mail ${value}${shared ? ', но он общий' : ''}.`,
  phone: ({ value, shared }) => `Тот же телефон ${value}${shared ? ', но он общий' : ''}.`,
  email_close: ({ value, other }) => `E-mail отличается одной буквой: ${value}, ${other}.`,
  phone_close: ({ value, other }) => `Телефон отличается одной цифрой: ${value}, ${other}.`,
  name: ({ score }) => (score === 1 ? 'То же имя.' : `Имена похожи на ${percent(score)} %.`),
  name_missing: () => 'У одной из записей нет имени.',
  name_differs: () => 'Имена разные.',
  same: ({ field }) => `Совпадает поле «${field}».`,
  differs: ({ field }) => `Отличается поле «${field}».`,
};

/** A reason as a sentence. */
export const reasonInWords = (reason: Reason, locale: 'en' | 'ru'): string => say(locale === 'ru' ? RUSSIAN : ENGLISH, reason);

function say<C extends Code>(words: Words, reason: Extract<Reason, { code: C }>): string {
  const code: C = reason.code;
  return words[code](reason);
}
