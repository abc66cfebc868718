/** Are two records of one person or company? By a key that they have in common surely; by their names perhaps. Pure. */
import { distance } from '../text/distance.ts';
import type { Likeness } from './likeness.ts';
import { type Alike, companiesAlike, type Name, peopleAlike, spoken } from './name.ts';
import { isPersonalEmail, isPersonalPhone, isPlacePhone } from './personal.ts';

/** What speaks for or against it, as data; in words: `reasonInWords`. */
export type Reason =
  /** `shared`: it is not of one person, or of one company, alone. */
  | Told<'email' | 'phone', { value: string; shared: boolean }>
  | Told<'email_close' | 'phone_close', { value: string; other: string }>
  /** `score`: 0 to 1. */
  | Told<'name', { score: number }>
  | Told<'name_missing' | 'name_differs', object>
  | Told<'same' | 'differs', { field: string }>;

/** One form for each of the codes. */
type Told<Code extends string, More> = Code extends string ? { code: Code } & More : never;

export interface Comparison {
  /** By a key, and nothing contradicts it. */
  readonly sure: boolean;
  /** 0 to 1; from `SUGGESTED` on it is worth a person's look. Sure is 1. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** Measured with `npm run -s duplicates`: lower it finds hardly more, and twice as much that is none. */
export const SUGGESTED = 0.8;

/** Words of a person's name that are less alike are different words: one letter of four may be wrong. */
const SAME_WORD = 0.7;
/** A name of one word alone has to be nearer. */
const SAME_ONLY_WORD = 0.9;
/** Names of companies, of which the keys are never one person's. */
const SAME_COMPANY = 0.9;

/** What a sign beside the name adds or takes off. */
const WEIGHT = { key: 0.1, same: 0.05, differs: 0.21, genders: 0.15 };
/** What is taken off where nothing but the name speaks for it: of a name that is not quite the same, and of one that several have. */
const ALONE = { inexact: 0.1, common: 0.25 };

/** A name of which a word differs: a relative, another business of the group; not an error in writing. */
const DIFFERENT = 0.5;
/** A common key that is one person's, and one word of the name: somebody may have married. */
const SAME_PERSON_PERHAPS = 0.8;

/** @param known what says less than it seems: see `commonTraits` */
export function compare(a: Likeness, b: Likeness, known: ReadonlySet<string> = new Set()): Comparison {
  const name = bestName(a, b);
  const keys = commonKeys(a, b, known);
  const signs = alsoOf(a, b);
  const sure = a.of === 'person' ? samePerson(a, b, name, keys) : sameCompany(name, keys, signs);
  const reasons: Reason[] = [...keys, ...nameReason(name)];
  if (sure) return { sure, score: 1, reasons };
  const close = keys.length > 0 ? [] : closeKeys(a, b);
  const isCommon = a.names.some((one) => known.has(nameTrait(one)));
  return {
    sure,
    score: scoreOf({ a, b, name, keys, close, signs, isCommon }),
    reasons: [...keys, ...close, ...nameReason(name), ...signs],
  };
}

/** A name as `commonTraits` lists it. */
export const nameTrait = (name: Name): string => `name:${spoken(name)}`;

type Key = Extract<Reason, { code: 'email' | 'phone' }>;
type Close = Extract<Reason, { code: 'email_close' | 'phone_close' }>;
type Sign = Extract<Reason, { code: 'same' | 'differs' }>;

function bestName(a: Likeness, b: Likeness): Alike | undefined {
  const alike = a.of === 'person' ? peopleAlike : companiesAlike;
  const all = a.names.flatMap((one) => b.names.flatMap((other) => alike(one, other) ?? []));
  return all.reduce<Alike | undefined>((best, one) => (best && best.score >= one.score ? best : one), undefined);
}

function nameReason(name: Alike | undefined): Reason[] {
  if (!name) return [{ code: 'name_missing' }];
  return name.weakest < SAME_WORD || name.genders
    ? [{ code: 'name_differs' }]
    : [{ code: 'name', score: Math.round(name.score * 100) / 100 }];
}

function commonKeys(a: Likeness, b: Likeness, known: ReadonlySet<string>): Key[] {
  const both = (code: Key['code'], one: readonly string[], other: readonly string[], isOwn: (value: string) => boolean): Key[] =>
    one.filter((value) => other.includes(value)).map((value) => ({ code, value, shared: known.has(`${code}:${value}`) || !isOwn(value) }));
  const [email, phone] = a.of === 'person' ? [isPersonalEmail, isPersonalPhone] : [() => true, isPlacePhone];
  return [...both('email', a.emails, b.emails, email), ...both('phone', a.phones, b.phones, phone)];
}

function samePerson(a: Likeness, b: Likeness, name: Alike | undefined, keys: readonly Key[]): boolean {
  const own = keys.some((key) => !key.shared);
  if (!name) return own;
  if (name.genders) return false;
  if (own) return name.weakest >= (name.words === 1 ? SAME_ONLY_WORD : SAME_WORD);
  // By an office's number only under the very same name; and not where each of them has a number or address of their own.
  return keys.length > 0 && name.words > 1 && name.weakest === 1 && !ownKeysDiffer(a, b);
}

const ownKeysDiffer = (a: Likeness, b: Likeness): boolean =>
  differ(a.phones.filter(isPersonalPhone), b.phones.filter(isPersonalPhone)) ||
  differ(a.emails.filter(isPersonalEmail), b.emails.filter(isPersonalEmail));

const differ = (one: readonly string[], other: readonly string[]): boolean =>
  one.length > 0 && other.length > 0 && !one.some((value) => other.includes(value));

/** A number that branches share says only together with the city where they are. */
const sameCompany = (name: Alike | undefined, keys: readonly Key[], signs: readonly Sign[]): boolean =>
  name !== undefined &&
  name.score >= SAME_COMPANY &&
  signs.every((sign) => sign.code === 'same') &&
  keys.length > 0 &&
  (signs.length > 0 || keys.every((key) => !key.shared));

function alsoOf(a: Likeness, b: Likeness): Sign[] {
  return [...a.also].flatMap(([field, text]) => {
    const other = b.also.get(field);
    return other === undefined ? [] : [{ code: other === text ? 'same' : 'differs', field }];
  });
}

/** One wrong digit, or two neighbours exchanged. */
const CLOSE = 1;
/** Shorter addresses are near each other by chance. */
const LEAST_LOCAL = 5;

function closeKeys(a: Likeness, b: Likeness): Close[] {
  const pairs = (
    code: Close['code'],
    one: readonly string[],
    other: readonly string[],
    close: (x: string, y: string) => boolean,
  ): Close[] => one.flatMap((value) => other.filter((second) => close(value, second)).map((second) => ({ code, value, other: second })));
  return [
    ...pairs('phone_close', a.phones, b.phones, (x, y) => x.length === y.length && distance(x, y) <= CLOSE),
    ...pairs('email_close', a.emails, b.emails, emailsClose),
  ];
}

function emailsClose(x: string, y: string): boolean {
  const [local, other] = [x.slice(0, x.lastIndexOf('@')), y.slice(0, y.lastIndexOf('@'))];
  return Math.min(local.length, other.length) >= LEAST_LOCAL && Math.abs(x.length - y.length) <= CLOSE && distance(x, y) <= CLOSE;
}

interface Evidence {
  a: Likeness;
  b: Likeness;
  name: Alike | undefined;
  keys: readonly Key[];
  close: readonly Close[];
  signs: readonly Sign[];
  isCommon: boolean;
}

function scoreOf({ a, b, name, keys, close, signs, isCommon }: Evidence): number {
  if (!name) return 0;
  const isPerson = a.of === 'person';
  const hasKey = keys.length + close.length > 0;
  // A first name alone tells nobody.
  if (isPerson && name.words === 1 && !hasKey) return 0;
  let score = name.weakest < SAME_WORD ? Math.min(name.score, DIFFERENT) : name.score;
  if (hasKey) score += WEIGHT.key;
  else if (signs.every((sign) => sign.code === 'differs')) score -= (name.weakest < 1 ? ALONE.inexact : 0) + (isCommon ? ALONE.common : 0);
  for (const { code } of signs) score += code === 'same' ? WEIGHT.same : -WEIGHT.differs;
  if (name.genders) score -= WEIGHT.genders;
  if (isPerson && name.strongest === 1 && (hasOwn(a.phones, b.phones, isPersonalPhone) || hasOwn(a.emails, b.emails, isPersonalEmail)))
    score = Math.max(score, SAME_PERSON_PERHAPS);
  return Math.round(Math.min(0.99, Math.max(0, score)) * 100) / 100;
}

const hasOwn = (one: readonly string[], other: readonly string[], isOwn: (value: string) => boolean): boolean =>
  one.some((value) => other.includes(value) && isOwn(value));
