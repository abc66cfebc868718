/** How well leads were distributed: measures of a list of assignments. Pure; all moments are milliseconds since the epoch. */
import { type Dates, type Day, type Span, spanAt, within } from './hours.ts';

const MINUTE = 60_000;
/** Before lunch or the end of the day nobody is to get a lead any more. */
const LAST = 10 * MINUTE;

/** A lead and whom it was given to first; null where that has not happened. Of whoever has no hours only minute and answer count. */
export interface Assignment {
  lead: string;
  person: string | null;
  arrivedAt: number;
  assignedAt: number | null;
  /** Of the first call or answer. */
  firstTouchAt: number | null;
  /** Until when somebody was to call or answer. */
  dueAt: number;
}

/** When a person works: each stretch of `work` ends with a break, lunch or the end of the day. */
export interface WorkingHours {
  person: string;
  days: readonly Day[];
  /** Calls and breaks: working hours in which the person cannot take anything. */
  away: readonly Span[];
}

/** Shares are of 1. */
interface Measures {
  /** The largest coefficient of variation of a day of the period: of the leads given that day to each who worked then. */
  cv_day_max: number;
  /** The coefficient of variation over the period: of the leads that each was given in it for a day of work. */
  cv_month: number;
  /** Of all that were given to somebody: in the last 10 minutes of a stretch of that person's work. */
  last10_share: number;
  /** Of those that came while somebody could be given one: at most a minute later they were given to somebody. */
  within_minute_share: number;
  /** Of all leads: called or answered in time. One that nobody has answered is not. */
  sla_share: number;
  /** Of all that were given to somebody: outside of that person's work, or while they were on a call or had a break. */
  away_share: number;
}

/** What one person has got. */
export interface PersonRow {
  person: string;
  /** Days of work in the period, and the leads given in it for each of them; 0 where there are none. */
  days: number;
  perDay: number;
  leads: number;
  /** Given in the last 10 minutes, outside of work, on a call or break; answered in time. */
  last10: number;
  outside: number;
  busy: number;
  inTime: number;
}

/** What was given on one day, in the order of the people; null for who did not work then. */
export interface DayRow {
  date: string;
  leads: readonly (number | null)[];
  cv: number;
  /** Given to people who did not work that day. */
  idle: number;
}

export interface Report {
  measures: Measures;
  people: PersonRow[];
  days: DayRow[];
}

/**
 * @param hours of everybody who may be given a lead, all over the same dates; the day of an assignment is that of the person's zone
 * @param period whose days are compared: the leads of its last night may be given on the day behind it, which would be a poor day
 */
export function measure(assignments: readonly Assignment[], hours: readonly WorkingHours[], period: Dates): Report {
  const given = hours.map((plan): Given => {
    const days = plan.days.filter(({ date }) => within(period, date));
    return { plan, days, leads: assignments.filter(({ person }) => person === plan.person).flatMap(assigned) };
  });
  const people = given.map(personRow);
  const days = dayRows(given);
  const promised = assignments.filter(({ arrivedAt }) => hours.some((plan) => couldTake(plan, arrivedAt)));
  const all = sum(people.map(({ leads }) => leads));
  return {
    measures: {
      cv_day_max: Math.max(0, ...days.map(({ cv }) => cv)),
      cv_month: variation(people.filter((row) => row.days > 0).map(({ perDay }) => perDay)),
      last10_share: share(sum(people.map(({ last10 }) => last10)), all, 0),
      within_minute_share: share(promised.filter(withinMinute).length, promised.length, 1),
      sla_share: share(assignments.filter(inTime).length, assignments.length, 1),
      away_share: share(sum(people.map(({ outside, busy }) => outside + busy)), all, 0),
    },
    people,
    days,
  };
}

type Assigned = Assignment & { assignedAt: number };

/** What a person was given, and their days in the period. */
interface Given {
  plan: WorkingHours;
  days: readonly Day[];
  leads: readonly Assigned[];
}

const assigned = (one: Assignment): Assigned[] => (one.assignedAt === null ? [] : [{ ...one, assignedAt: one.assignedAt }]);

const withinMinute = ({ arrivedAt, assignedAt }: Assignment): boolean => assignedAt !== null && assignedAt - arrivedAt <= MINUTE;

const inTime = ({ firstTouchAt, dueAt }: Assignment): boolean => firstTouchAt !== null && firstTouchAt <= dueAt;

/** The stretch of work that a moment lies in. */
const stretchAt = ({ days }: WorkingHours, at: number): Span | undefined => spanAt(spanAt(days, at)?.work ?? [], at);

const isLast = (stretch: Span, at: number): boolean => at >= stretch.until - LAST;

/** By the hours alone: who is on a call just then is meant to be back within the minute, or somebody else to be free. */
function couldTake(plan: WorkingHours, at: number): boolean {
  const stretch = stretchAt(plan, at);
  return stretch !== undefined && !isLast(stretch, at);
}

function personRow({ plan, days, leads }: Given): PersonRow {
  const worked = days.filter(({ work }) => work.length > 0).length;
  const compared = leads.filter(({ assignedAt }) => spanAt(days, assignedAt) !== undefined).length;
  const row: PersonRow = {
    person: plan.person,
    days: worked,
    perDay: worked === 0 ? 0 : compared / worked,
    leads: leads.length,
    last10: 0,
    outside: 0,
    busy: 0,
    inTime: 0,
  };
  for (const one of leads) {
    const stretch = stretchAt(plan, one.assignedAt);
    if (!stretch) row.outside++;
    else if (spanAt(plan.away, one.assignedAt)) row.busy++;
    if (stretch && isLast(stretch, one.assignedAt)) row.last10++;
    if (inTime(one)) row.inTime++;
  }
  return row;
}

function dayRows(given: readonly Given[]): DayRow[] {
  const dates = given[0]?.days.map(({ date }) => date) ?? [];
  return dates.map((date) => {
    const all = given.map(({ days, leads }) => {
      const day = days.find((one) => one.date === date);
      const count = day ? leads.filter(({ assignedAt }) => spanAt([day], assignedAt)).length : 0;
      return { count, worked: (day?.work.length ?? 0) > 0 };
    });
    return {
      date,
      leads: all.map(({ count, worked }) => (worked ? count : null)),
      cv: variation(all.filter(({ worked }) => worked).map(({ count }) => count)),
      idle: sum(all.map(({ count, worked }) => (worked ? 0 : count))),
    };
  });
}

/** The coefficient of variation: the standard deviation of all of them, not of a sample, beside their mean; 0 where there is nothing. */
export function variation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  if (!(mean > 0)) return 0;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length) / mean;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const share = (part: number, whole: number, ofNothing: number): number => (whole === 0 ? ofNothing : part / whole);
