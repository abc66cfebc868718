/** Why a person was chosen, or why not: as data, and in words. */
export type Reason =
  | { code: 'missing' | 'deleted' | 'inactive' | 'able' | 'others_less' | 'others_better' | 'fixed' | 'known' | 'random' }
  | { code: 'away' | 'off_hours'; until: string | null }
  | { code: 'break_soon'; minutes: number; until: string }
  | { code: 'presence'; presence: string | null }
  | { code: 'presence_old'; minutes: number }
  | { code: 'skill' | 'field'; name: string }
  | { code: 'full'; load: number; max: number; back: number | null }
  | { code: 'cap'; per: 'hour' | 'day' | 'week'; max: number }
  | { code: 'turn'; of: number }
  | { code: 'least'; load: number }
  | { code: 'best'; value: number }
  | { code: 'deputy'; of: string }
  | { code: 'duty' };

type Code = Reason['code'];
type Words = { [C in Code]: (reason: Extract<Reason, { code: C }>) => string };
/** A moment in words of the workflow's zone. */
type Moment = (iso: string) => string;

const english = (moment: Moment): Words => ({
  missing: () => 'There is no such user.',
  deleted: () => 'Deleted.',
  inactive: () => 'Not active.',
  able: () => 'Able to take it, but not chosen.',
  others_less: () => 'Able to take it, but others have less.',
  others_better: () => 'Able to take it, but others have better prospects.',
  fixed: () => 'Chosen: the user that the workflow names.',
  known: () => 'Chosen: knows this client.',
  random: () => 'Chosen at random among equals.',
  away: ({ until }) => (until === null ? 'Away.' : `Away until ${moment(until)}.`),
  off_hours: ({ until }) => (until === null ? 'Does not work now.' : `Does not work now; again at ${moment(until)}.`),
  break_soon: ({ minutes }) => `Has a break or the end of the day in ${minutes} min.`,
  presence: ({ presence }) => (presence === null ? 'Has not said to be there.' : `Is ${presence.replaceAll('_', ' ')} now.`),
  presence_old: ({ minutes }) => `Was last heard of ${minutes} min ago.`,
  skill: ({ name }) => `Lacks the skill "${name}".`,
  field: ({ name }) => `Does not fit by "${name}".`,
  full: ({ load, max, back }) => (back === null ? `Has ${load}, may have ${max}.` : `Full since ${max}; has ${load}, back below ${back}.`),
  cap: ({ per, max }) => `Has had ${max} this ${per}, which is the most.`,
  turn: ({ of }) => `Chosen: furthest behind in the turns of ${of} who can take it.`,
  least: ({ load }) => `Chosen: has least (${load}).`,
  best: ({ value }) => `Chosen: best prospects (${value}).`,
  deputy: ({ of }) => `Chosen: stands in for ${of}.`,
  duty: () => 'Chosen: on duty, where nobody else can take it.',
});

const PRESENCE: Readonly<Record<string, string>> = {
  online: 'на месте',
  on_call: 'на звонке',
  busy: 'занят',
  away: 'отошёл',
  offline: 'не в сети',
};
const PER = { hour: 'в час', day: 'в день', week: 'в неделю' } as const;

const russian = (moment: Moment): Words => ({
  missing: () => 'Такого пользователя нет.',
  deleted: () => 'Удалён.',
  inactive: () => 'Не активен.',
  able: () => 'Может взять, но не выбран.',
  others_less: () => 'Может взять, но у других меньше.',
  others_better: () => 'Может взять, но у других прогноз лучше.',
  fixed: () => 'Выбран: назван в процессе.',
  known: () => 'Выбран: знает этого клиента.',
  random: () => 'Выбран случайно среди равных.',
  away: ({ until }) => (until === null ? 'Отсутствует.' : `Отсутствует до ${moment(until)}.`),
  off_hours: ({ until }) => (until === null ? 'Сейчас не работает.' : `Сейчас не работает; снова с ${moment(until)}.`),
  break_soon: ({ minutes }) => `Через ${minutes} мин. перерыв или конец дня.`,
  presence: ({ presence }) => (presence === null ? 'Не отметился на месте.' : `Сейчас: ${PRESENCE[presence] ?? presence}.`),
  presence_old: ({ minutes }) => `Не давал о себе знать ${minutes} мин.`,
  skill: ({ name }) => `Нет навыка «${name}».`,
  field: ({ name }) => `Не подходит по полю «${name}».`,
  full: ({ load, max, back }) => (back === null ? `Уже ${load} из ${max}.` : `Загружен с ${max}; сейчас ${load}, вернётся ниже ${back}.`),
  cap: ({ per, max }) => `Уже получил ${max} — наибольшее ${PER[per]}.`,
  turn: ({ of }) => `Выбран: больше всех отстал в очереди из ${of}, кто может взять.`,
  least: ({ load }) => `Выбран: у него меньше всех (${load}).`,
  best: ({ value }) => `Выбран: лучший прогноз (${value}).`,
  deputy: ({ of }) => `Выбран: замещает ${of}.`,
  duty: () => 'Выбран: дежурный, больше взять некому.',
});

/** Making one takes 30 µs. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: 'en' | 'ru', timeZone: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  formats.set(key, format);
  return format;
}

/** A reason as a sentence. @param timezone in which its moments are told */
export function inWords(reason: Reason, locale: 'en' | 'ru', timezone: string): string {
  const words = locale === 'ru' ? russian : english;
  return say(
    words((iso) => formatOf(locale, timezone).format(Date.parse(iso))),
    reason,
  );
}

function say<C extends Code>(words: Words, reason: Extract<Reason, { code: C }>): string {
  const code: C = reason.code;
  return words[code](reason);
}
