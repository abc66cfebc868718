/** Records of people and companies, with duplicates planted among them and with traps: records that look alike and are not one. */
import { type Random, seededRandom } from '../../../engine/ports/random.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { fork, oneOf, whole } from '../../faults/chance.ts';
import { anotherCompany, type Company, companyRecord, makeCompany, sameCompany, trapsOfCompanies } from './companies.ts';
import { makePerson, type Person, personRecord, samePerson, trapsOfPeople } from './people.ts';

export interface Generated {
  entity: 'lead' | 'company';
  data: JsonObject;
  /** Records of one person or company have one number. */
  truth: number;
  /** Was it made after another one, which was there first? */
  planted: boolean;
}

export interface Generation {
  seed: number;
  records: number;
}

/** Of all records: companies; duplicates; traps. */
const SHARE = { companies: 0.3, planted: 0.15, traps: 0.12 };

/** In an order that says nothing; equal seed, equal records. */
export function generate({ seed, records }: Generation): Generated[] {
  const chance = seededRandom(seed);
  const companies = Math.round(records * SHARE.companies);
  const all = [...generateCompanies(fork(chance), companies), ...generatePeople(fork(chance), records - companies)];
  return shuffled(all, chance);
}

function generatePeople(chance: Random, count: number): Generated[] {
  const employers = Array.from({ length: Math.ceil(count / 8) }, () => makeCompany(chance));
  const [planted, traps] = [Math.round(count * SHARE.planted), Math.round(count * SHARE.traps)];
  let truth = 0;
  const one = (data: JsonObject, same?: number): Generated => ({
    entity: 'lead',
    data,
    truth: same ?? truth++,
    planted: same !== undefined,
  });
  const trapped: Generated[] = [];
  while (trapped.length < traps) trapped.push(...trapsOfPeople(chance, employers).map((person) => one(personRecord(person, chance))));
  const people = Array.from({ length: count - planted - trapped.length }, () => makePerson(chance, oneOf(chance, employers)));
  const originals = people.map((person) => ({ person, record: one(personRecord(person, chance)) }));
  const twice = Array.from({ length: planted }, () => duplicateOf<Person>(originals, chance, (person) => samePerson(person, chance), one));
  return [...trapped, ...originals.map(({ record }) => record), ...twice];
}

function generateCompanies(chance: Random, count: number): Generated[] {
  const [planted, traps] = [Math.round(count * SHARE.planted), Math.round(count * SHARE.traps)];
  let truth = 1_000_000;
  const one = (data: JsonObject, same?: number): Generated => ({
    entity: 'company',
    data,
    truth: same ?? truth++,
    planted: same !== undefined,
  });
  const trapped: Generated[] = [];
  while (trapped.length < traps) trapped.push(...trapsOfCompanies(chance).map((company) => one(companyRecord(company, chance))));
  const names = new Set<string>();
  const companies = Array.from({ length: count - planted - trapped.length }, () => anotherCompany(chance, names));
  const originals = companies.map((person) => ({ person, record: one(companyRecord(person, chance)) }));
  const twice = Array.from({ length: planted }, () =>
    duplicateOf<Company>(originals, chance, (company) => sameCompany(company, chance), one),
  );
  return [...trapped, ...originals.map(({ record }) => record), ...twice];
}

/** A second record of somebody; a third one now and then. */
function duplicateOf<T>(
  originals: readonly { person: T; record: Generated }[],
  chance: Random,
  again: (one: T) => JsonObject,
  made: (data: JsonObject, truth: number) => Generated,
): Generated {
  const original = originals[whole(chance, 0, originals.length - 1)];
  if (!original) throw new RangeError('There is nobody to be met twice.');
  return made(again(original.person), original.record.truth);
}

function shuffled<T>(list: readonly T[], chance: Random): T[] {
  const order = list.map((one) => ({ one, at: chance.next() }));
  return order.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
