import type { Random } from '../../../engine/ports/random.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { oneOf, whole } from '../../faults/chance.ts';
import type { Company } from './companies.ts';
import { CITIES, MEN, SURNAMES, WOMEN } from './pools.ts';
import { inLatin, mistyped, phoneWritten } from './spelling.ts';

export interface Person {
  first: string;
  last: string;
  patronymic: string;
  /** Ten digits each. */
  phones: string[];
  emails: string[];
  city: string;
  employer: Company | undefined;
}

const maybe = (chance: Random, share: number): boolean => chance.next() < share;
/** The first of the list are frequent, the last rare. */
const frequent = (chance: Random, list: readonly string[]): string => list[Math.floor(list.length * chance.next() ** 1.7)] ?? '';
const among = (chance: Random, list: readonly string[]): string => oneOf(chance, list) ?? '';

const CODES =
  '903 905 906 909 910 911 912 913 915 916 917 919 920 921 922 924 925 926 927 929 950 960 961 962 963 964 965 967 977 980 981 985'.split(
    ' ',
  );

const mobile = (chance: Random): string => among(chance, CODES) + digits(chance, 7);
const landline = (chance: Random): string =>
  `${among(chance, ['495', '812', '383', '343', '846'])}${whole(chance, 2, 7)}${digits(chance, 6)}`;
const digits = (chance: Random, count: number): string => Array.from({ length: count }, () => whole(chance, 0, 9)).join('');

const OPERATORS = ['gmail.com', 'mail.ru', 'yandex.ru', 'bk.ru', 'inbox.ru'];

const asWoman = (surname: string): string => {
  if (/(ов|ев|ёв|ин)$/.test(surname)) return `${surname}а`;
  return surname.replace(/ский$/, 'ская');
};

function patronymicOf(father: string, woman: boolean): string {
  const stem = father.replace(/(ий|й|ь|а|я)$/, '').replace('Пётр', 'Петр');
  if (/[йь]$|ий$/.test(father)) return stem + (woman ? 'евна' : 'евич');
  return stem + (woman ? 'овна' : 'ович');
}

export function makePerson(chance: Random, employer?: Company): Person {
  const woman = maybe(chance, 0.5);
  const [first, surname] = [frequent(chance, woman ? WOMEN : MEN), frequent(chance, SURNAMES)];
  const last = woman ? asWoman(surname) : surname;
  const person: Person = {
    first,
    last,
    patronymic: patronymicOf(frequent(chance, MEN), woman),
    phones: [],
    emails: [],
    city: among(chance, CITIES),
    employer: undefined,
  };
  if (employer && maybe(chance, 0.5)) person.employer = employer;
  if (maybe(chance, 0.85)) person.phones.push(mobile(chance));
  if (maybe(chance, 0.12)) person.phones.push(mobile(chance));
  if (maybe(chance, 0.55)) person.emails.push(personalEmail(person, chance));
  const { employer: at } = person;
  if (at) {
    if (maybe(chance, 0.35)) person.emails.push(`${inLatin(first, chance).charAt(0)}.${inLatin(last, chance)}@${at.domain}`.toLowerCase());
    if (maybe(chance, 0.12)) person.emails.push(`info@${at.domain}`);
    if (maybe(chance, 0.3)) person.phones.push(at.phone);
  }
  if (person.phones.length + person.emails.length === 0) person.phones.push(mobile(chance));
  return person;
}

function personalEmail({ first, last }: Person, chance: Random): string {
  const [a, b] = [inLatin(first, chance).toLowerCase(), inLatin(last, chance).toLowerCase()];
  const local = among(chance, [
    `${a}.${b}`,
    `${b}${whole(chance, 1, 99)}`,
    `${a}${digits(chance, 4)}`,
    `${b}_${a.charAt(0)}${digits(chance, 2)}`,
  ]);
  return `${local.replace(/[^a-z0-9._]/g, '')}${whole(chance, 1, 99_999)}@${among(chance, OPERATORS)}`;
}

interface Written {
  name?: string;
  phones?: readonly string[];
  emails?: readonly string[];
  city?: boolean;
}

/** How a form, a list or a colleague writes a person down. */
export function personRecord(person: Person, chance: Random, written: Written = {}): JsonObject {
  const { phones = person.phones, emails = person.emails, city = maybe(chance, 0.7) } = written;
  const name = written.name ?? nameOf(person, chance);
  const data: JsonObject = {};
  const [first, ...rest] = name.split(' ');
  if (rest.length === 1 && maybe(chance, 0.4)) Object.assign(data, { first_name: first, last_name: rest[0] });
  else if (name !== '') data.name = name;
  if (phones.length > 0) data.phones = phones.map((phone) => phoneWritten(phone, chance));
  if (emails.length > 0) data.emails = emails.map((email) => (maybe(chance, 0.2) ? email.toUpperCase() : email));
  if (city) data.city = person.city;
  if (person.employer) data.company_name = person.employer.name;
  return data;
}

function nameOf({ first, last, patronymic }: Person, chance: Random): string {
  const draw = chance.next();
  if (draw < 0.5) return `${first} ${last}`;
  if (draw < 0.75) return `${last} ${first}`;
  if (draw < 0.9) return `${last} ${first} ${patronymic}`;
  return `${first} ${patronymic} ${last}`;
}

const otherwise = (person: Person, chance: Random): string => {
  const name = nameOf(person, chance);
  const draw = chance.next();
  if (draw < 0.35) return inLatin(name, chance);
  if (draw < 0.7) return mistyped(name, chance);
  if (draw < 0.8) return name.replaceAll('ё', 'е');
  if (draw < 0.85) return mistyped(mistyped(name, chance), chance);
  return draw < 0.9 ? mistyped(inLatin(name, chance), chance) : name;
};

const known = (list: readonly string[], own: (value: string) => boolean): string[] => list.filter(own);
const isMobile = (phone: string): boolean => phone.startsWith('9');
const isOwn = (email: string): boolean => !email.startsWith('info@');

const marriedName = ({ last }: Person, chance: Random): string => (/(а|ая)$/.test(last) ? asWoman(frequent(chance, SURNAMES)) : last);

/** A second record of a person, who is met otherwise: with another number, another alphabet, in a hurry. */
export function samePerson(person: Person, chance: Random): JsonObject {
  const [phones, emails] = [known(person.phones, isMobile), known(person.emails, isOwn)];
  const name = otherwise(person, chance);
  const more = maybe(chance, 0.3) ? [mobile(chance)] : [];
  const draw = chance.next();
  // By one of two numbers, with another one beside it.
  if (draw < 0.3 && phones.length > 0) return personRecord(person, chance, { name, phones: [phones.at(-1) ?? '', ...more], emails: [] });
  if (draw < 0.55 && emails.length > 0) return personRecord(person, chance, { name, phones: more, emails: [emails.at(-1) ?? ''] });
  if (draw < 0.62 && phones.length > 0) return personRecord(person, chance, { name: person.first, phones: phones.slice(0, 1), emails: [] });
  if (draw < 0.66 && phones.length > 0) return personRecord(person, chance, { name: '', phones: phones.slice(0, 1), emails: [] });
  if (draw < 0.7 && person.employer)
    return personRecord(person, chance, { name: nameOf(person, chance), phones: [person.employer.phone], emails: [], city: true });
  if (draw < 0.72 && phones.length > 0)
    return personRecord({ ...person, last: marriedName(person, chance) }, chance, { phones: phones.slice(0, 1), emails: [] });
  // By nothing but the name, the city and the employer, and now and then a digit that is wrong.
  const [first = mobile(chance)] = phones;
  const other = maybe(chance, 0.15) ? first.slice(0, 9) + ((Number(first.charAt(9)) + 1) % 10) : mobile(chance);
  return personRecord(person, chance, { name, phones: [other], emails: [], city: maybe(chance, 0.8) });
}

type Trap = (chance: Random, employers: readonly Company[]) => Person[];

const TRAPS: readonly Trap[] = [
  // Namesakes, with all that is their own.
  (chance, employers) => {
    const one = makePerson(chance, oneOf(chance, employers));
    return [one, { ...makePerson(chance, oneOf(chance, employers)), first: one.first, last: one.last, patronymic: one.patronymic }];
  },
  // Colleagues behind one switchboard and one mailbox.
  (chance, employers) => {
    const employer = oneOf(chance, employers);
    const contacts = employer && { phones: [employer.phone], emails: maybe(chance, 0.5) ? [`info@${employer.domain}`] : [] };
    return Array.from({ length: whole(chance, 3, 8) }, () => ({ ...makePerson(chance), ...contacts, employer }));
  },
  // A family behind one telephone: man and wife, brothers.
  (chance) => {
    const phone = maybe(chance, 0.5) ? mobile(chance) : landline(chance);
    const [surname, city] = [frequent(chance, SURNAMES), among(chance, CITIES)];
    const of = (first: string, last: string): Person => ({ ...makePerson(chance), first, last, phones: [phone], emails: [], city });
    return [
      of(frequent(chance, MEN), surname),
      maybe(chance, 0.7) ? of(frequent(chance, WOMEN), asWoman(surname)) : of(frequent(chance, MEN), surname),
    ];
  },
  // A couple whose names differ by their endings.
  (chance) => {
    const phone = mobile(chance);
    const [man = '', woman = ''] =
      oneOf(chance, [
        ['Александр', 'Александра'],
        ['Валентин', 'Валентина'],
        ['Евгений', 'Евгения'],
      ]) ?? [];
    const surname = among(chance, ['Петренко', 'Шевченко', 'Иванов', 'Соколов']);
    return [
      { ...makePerson(chance), first: man, last: surname, phones: [phone], emails: [] },
      { ...makePerson(chance), first: woman, last: asWoman(surname), phones: [phone], emails: [] },
    ];
  },
  // Father and son at home, by the same first names in turn.
  (chance) => {
    const [phone, last, city] = [landline(chance), frequent(chance, SURNAMES), among(chance, CITIES)];
    const [one, other] = [frequent(chance, MEN), frequent(chance, MEN)];
    const of = (first: string, father: string): Person => ({
      ...makePerson(chance),
      first,
      last,
      patronymic: patronymicOf(father, false),
      phones: [phone],
      emails: [],
      city,
    });
    return [of(one, other), of(other, one)];
  },
  // An assistant's address, given for several people.
  (chance) => {
    const email = personalEmail(makePerson(chance), chance);
    return Array.from({ length: whole(chance, 2, 4) }, () => ({ ...makePerson(chance), emails: [email] }));
  },
  // A number that the operator has given to somebody else.
  (chance) => {
    const phone = mobile(chance);
    return [1, 2].map(() => ({ ...makePerson(chance), phones: [phone] }));
  },
  // What is written where nothing is to be told.
  (chance) =>
    Array.from({ length: 3 }, () => ({
      ...makePerson(chance),
      phones: ['9999999999'],
      emails: maybe(chance, 0.5) ? ['test@test.ru'] : [],
    })),
  // The same first and last name in one house, behind one switchboard, each with a number of their own.
  (chance, employers) => {
    const employer = oneOf(chance, employers);
    const one = makePerson(chance);
    const phones = employer ? [employer.phone] : [];
    return [1, 2].map(() => ({ ...makePerson(chance), first: one.first, last: one.last, phones: [...phones, mobile(chance)], employer }));
  },
];

/** People who look like one, and are not. */
export const trapsOfPeople: Trap = (chance, employers) => (oneOf(chance, TRAPS) ?? (() => []))(chance, employers);
