/** Who and what is there from the beginning: people with their hours and leave, their groups, and the companies that have bought before. */
import { Temporal } from 'temporal-polyfill';
import type { NamedRecord } from '../../../schemas/action.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import type { Person, Shop } from '../people.ts';
import { CLIENTS, clientName } from './leads.ts';

const zoneOf = ({ calendar: { timezone = 'UTC' } }: Person): string => timezone;

/** The groups that the distribution chooses from. Who may make large deals may make small ones, too. */
const TEAMS = [
  { key: 'sales', name: 'Sales', has: () => true },
  { key: 'middle-deals', name: 'Deals above 100,000', has: ({ grade }: Person) => grade !== 'junior' },
  { key: 'large-deals', name: 'Deals above a million', has: ({ skills }: Person) => skills.includes('large deals') },
] as const;

export function recordsOf({ shop, people }: Shop): NamedRecord[] {
  const hours = people.map(({ as, name, calendar }) => calendarRecord(`hours-${as}`, name, calendar));
  const company = calendarRecord('company', 'The shop', shop.calendar);
  const teams = TEAMS.map(({ key, name, has }) => ({
    as: key,
    entity: 'team',
    data: { key, name, members: people.filter(has).map(({ as }) => `@${as}`) },
  }));
  return [company, ...hours, ...people.map(userRecord), ...teams, ...clients(people)];
}

const calendarRecord = (key: string, name: string, hours: JsonObject): NamedRecord => ({
  as: key,
  entity: 'calendar',
  data: { key, name, hours },
});

function userRecord(person: Person): NamedRecord {
  const { as, name, grade, skills, leave } = person;
  const midnight = (date: Temporal.PlainDate): string => new Date(date.toZonedDateTime(zoneOf(person)).epochMilliseconds).toISOString();
  const away = leave && {
    away_from: midnight(Temporal.PlainDate.from(leave.from)),
    away_until: midnight(Temporal.PlainDate.from(leave.until).add({ days: 1 })),
  };
  const data = { key: as, name, grade, skills, time_zone: zoneOf(person), calendar: `@hours-${as}`, ...away };
  return { as, entity: 'user', data };
}

/** Each with the manager who knows it. */
const clients = (people: readonly Person[]): NamedRecord[] =>
  Array.from({ length: CLIENTS }, (_, i) => ({
    as: `client-${i + 1}`,
    entity: 'company',
    data: { name: clientName(i + 1), owner: `@${people[i % people.length]?.as}` },
  }));
