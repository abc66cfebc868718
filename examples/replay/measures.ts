/** What is compared: how long tickets wait for a name, and how evenly they are spread. Pure. */

import { ascending, dayOf, mean, quantile, variation } from './numbers.ts';
import type { Group, Person } from './people.ts';

const MINUTE = 60_000;
/** On a day with fewer tickets for each of a group's people nobody could spread them evenly. */
const EACH = 2;
/** Who was there on fewer days says nothing about the whole time. */
const DAYS = 10;
/** Nor does a group with fewer tickets. */
const VISITS = 50;

/** Whose name was put on a ticket of a group first, and when; null where nobody's was. */
export interface Given {
  ticket: string;
  group: string;
  arrivedAt: number;
  given: { person: string; at: number } | null;
}

export interface Measures {
  /** Of each ticket, in whatever group: minutes from being opened until the first name. Until it was entered nobody could give it to anybody. */
  opened_median_minutes: number;
  opened_p95_minutes: number;
  /** Of those on which a name was put: minutes until then. */
  wait_median_minutes: number;
  wait_p95_minutes: number;
  /** On which a name was put within a minute. The log knows whole minutes. */
  within_minute_share: number;
  /** On which none was. */
  without_name: number;
  /** Coefficients of variation of what the people of a group who were at work got of it on a day: median and mean of the days of groups. */
  cv_group_day_median: number;
  cv_group_day_mean: number;
  /** The same over the whole time, of tickets of the group for each day at work: median of the groups. */
  cv_group_median: number;
  /** Of all people: tickets of all groups for each day at work. */
  cv_people: number;
}

/**
 * @param list the same visits, in the same order, for whatever is compared
 * @param opened when each of the tickets was opened
 */
export function measure(
  list: readonly Given[],
  opened: ReadonlyMap<string, number>,
  people: readonly Person[],
  groups: readonly Group[],
): Measures {
  const first = firstNames(list);
  const open = ascending([...first].map(([ticket, at]) => (at - (opened.get(ticket) ?? at)) / MINUTE));
  const waits = ascending(list.flatMap(({ arrivedAt, given }) => (given ? [(given.at - arrivedAt) / MINUTE] : [])));
  const days = ascending(variationOfDays(list, people, groups));
  return {
    opened_median_minutes: quantile(open, 0.5),
    opened_p95_minutes: quantile(open, 0.95),
    wait_median_minutes: quantile(waits, 0.5),
    wait_p95_minutes: quantile(waits, 0.95),
    within_minute_share: list.length === 0 ? 1 : waits.filter((wait) => wait <= 1).length / list.length,
    without_name: list.length - waits.length,
    cv_group_day_median: quantile(days, 0.5),
    cv_group_day_mean: days.length === 0 ? 0 : mean(days),
    cv_group_median: quantile(ascending(variationOfGroups(list, people, groups)), 0.5),
    cv_people: variation(perDay(list, people)),
  };
}

function firstNames(list: readonly Given[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { ticket, given } of list) if (given) first.set(ticket, Math.min(given.at, first.get(ticket) ?? given.at));
  return first;
}

/** Of each group on each day on which at least two of its people were at work and enough came for them. */
export function variationOfDays(list: readonly Given[], people: readonly Person[], groups: readonly Group[]): number[] {
  const worked = new Map(people.map(({ name, days }) => [name, new Set(days)]));
  const came = countBy(list, ({ group, arrivedAt }) => `${group} ${dayOf(arrivedAt)}`);
  const got = countBy(list, ({ group, given }) => (given ? `${group} ${dayOf(given.at)} ${given.person}` : undefined));
  return groups.flatMap(({ name, members }) => {
    const days = [...new Set(members.flatMap((member) => [...(worked.get(member) ?? [])]))];
    return days.flatMap((day) => {
      const there = members.filter((member) => worked.get(member)?.has(day));
      const enough = there.length > 1 && (came.get(`${name} ${day}`) ?? 0) >= EACH * there.length;
      return enough ? [variation(there.map((member) => got.get(`${name} ${day} ${member}`) ?? 0))] : [];
    });
  });
}

function variationOfGroups(list: readonly Given[], people: readonly Person[], groups: readonly Group[]): number[] {
  const steady = new Map(people.filter(({ days }) => days.length >= DAYS).map((person) => [person.name, person]));
  const byGroup = Map.groupBy(list, ({ group }) => group);
  return groups.flatMap(({ name, members }) => {
    const there = members.flatMap((member) => steady.get(member) ?? []);
    const own = byGroup.get(name) ?? [];
    return there.length > 1 && own.length >= VISITS ? [variation(perDay(own, there))] : [];
  });
}

/** What each of those who were there for long enough was given, for each of their days. */
function perDay(list: readonly Given[], people: readonly Person[]): number[] {
  const got = countBy(list, ({ given }) => given?.person);
  return people.filter(({ days }) => days.length >= DAYS).map(({ name, days }) => (got.get(name) ?? 0) / days.length);
}

function countBy<T>(list: readonly T[], keyOf: (one: T) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of list) {
    const key = keyOf(one);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
