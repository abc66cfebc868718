import type { Random } from '../../../engine/ports/random.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { oneOf, whole } from '../../faults/chance.ts';
import { BUSINESS, CITIES, COMPANY_WORDS, LEGAL } from './pools.ts';
import { inLatin, mistyped, phoneWritten } from './spelling.ts';

export interface Company {
  /** Without its legal form. */
  name: string;
  domain: string;
  /** Ten digits. */
  phone: string;
  city: string;
  taxId: string;
}

const maybe = (chance: Random, share: number): boolean => chance.next() < share;
const among = (chance: Random, list: readonly string[]): string => oneOf(chance, list) ?? '';
const digits = (chance: Random, count: number): string => Array.from({ length: count }, () => whole(chance, 0, 9)).join('');
const landline = (chance: Random): string =>
  `${among(chance, ['495', '812', '383', '343', '846'])}${whole(chance, 2, 7)}${digits(chance, 6)}`;

function nameOf(chance: Random): string {
  const [word, second, kind] = [among(chance, COMPANY_WORDS), among(chance, COMPANY_WORDS), among(chance, BUSINESS)];
  const draw = chance.next();
  if (draw < 0.2) return word;
  if (draw < 0.6) return `${word} ${kind}`;
  if (draw < 0.8) return `${kind}${word.toLowerCase()}`;
  return second === word ? `${word} ${kind}` : `${word} ${second} ${kind}`;
}

export function makeCompany(chance: Random, name = nameOf(chance)): Company {
  const domain = `${inLatin(name, chance)
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .slice(0, 20)}${whole(chance, 1, 9_999)}.ru`;
  return { name, domain, phone: landline(chance), city: among(chance, CITIES), taxId: digits(chance, 10) };
}

/** Of a name that is not taken in its city. */
export function anotherCompany(chance: Random, taken: Set<string>): Company {
  for (;;) {
    const company = makeCompany(chance);
    const key = `${company.name} ${company.city}`;
    if (taken.has(key)) continue;
    taken.add(key);
    return company;
  }
}

interface Written {
  name?: string;
  phone?: boolean;
  email?: boolean;
  city?: boolean;
  taxId?: boolean;
}

export function companyRecord(company: Company, chance: Random, written: Written = {}): JsonObject {
  const { phone = maybe(chance, 0.8), email = maybe(chance, 0.7), city = maybe(chance, 0.8), taxId = maybe(chance, 0.4) } = written;
  return {
    name: written.name ?? inFull(company.name, among(chance, LEGAL.ru), chance),
    ...(phone ? { phones: [phoneWritten(company.phone, chance)] } : {}),
    ...(email ? { emails: [`info@${company.domain}`] } : {}),
    ...(city ? { city: company.city } : {}),
    ...(taxId ? { tax_id: company.taxId } : {}),
  };
}

function inFull(name: string, form: string, chance: Random): string {
  const draw = chance.next();
  if (draw < 0.4) return `${form} «${name}»`;
  if (draw < 0.6) return `${form} "${name}"`;
  return draw < 0.7 ? `${name}, ${form}` : name;
}

function otherwise({ name }: Company, chance: Random): string {
  const draw = chance.next();
  if (draw < 0.3) return inFull(inLatin(name, chance), among(chance, [...LEGAL.en, ...LEGAL.translit]), chance);
  if (draw < 0.6) return inFull(mistyped(name, chance), among(chance, LEGAL.ru), chance);
  if (draw < 0.75) return inFull(name.split(' ').reverse().join(' '), among(chance, LEGAL.ru), chance);
  return inFull(name, among(chance, LEGAL.ru), chance);
}

/** A second record of a company. */
export function sameCompany(company: Company, chance: Random): JsonObject {
  const name = otherwise(company, chance);
  const draw = chance.next();
  if (draw < 0.35) return companyRecord(company, chance, { name, phone: true, email: false });
  if (draw < 0.6) return companyRecord(company, chance, { name, phone: false, email: true });
  // By nothing but the name, the city and perhaps the tax number.
  return companyRecord(company, chance, { name, phone: false, email: false, city: maybe(chance, 0.85) });
}

const TRAPS: readonly ((chance: Random) => Company[])[] = [
  // Of one name in several cities.
  (chance) => {
    const name = nameOf(chance);
    const cities = [...new Set([among(chance, CITIES), among(chance, CITIES), among(chance, CITIES)])];
    return cities.map((city) => ({ ...makeCompany(chance, name), city }));
  },
  // A group behind one switchboard.
  (chance) => {
    const { name, phone, domain } = makeCompany(chance);
    return ['Север', 'Юг', 'Логистика'].map((part) => ({ ...makeCompany(chance), name: `${name} ${part}`, phone, domain }));
  },
  // Tenants of one house.
  (chance) => {
    const { phone, city } = makeCompany(chance);
    return Array.from({ length: whole(chance, 2, 5) }, () => ({ ...makeCompany(chance), phone, city }));
  },
  // Branches with one number that is free of charge.
  (chance) => {
    const { name, domain } = makeCompany(chance);
    const phone = `800${digits(chance, 7)}`;
    return CITIES.slice(0, whole(chance, 2, 4)).map((city) => ({ ...makeCompany(chance, name), phone, domain, city }));
  },
];

/** Companies that look like one, and are not. */
export const trapsOfCompanies = (chance: Random): Company[] => (oneOf(chance, TRAPS) ?? (() => []))(chance);
