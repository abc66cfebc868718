/** The month as the files that Takt reads, and as what the measures want to know of it. Equal seeds make equal months. */
import type { NamedRecord } from '../../../schemas/action.ts';
import type { SimulationScript, TimedLine } from '../../../schemas/simulation.ts';
import { Chance } from '../chance.ts';
import { afterWork, type Dates, type Day, daysOf } from '../hours.ts';
import type { WorkingHours } from '../measures.ts';
import type { Shop } from '../people.ts';
import { arrivals } from './arrivals.ts';
import { type Lead, leads } from './leads.ts';
import { absences, type PresenceChange, presenceChanges } from './presence.ts';
import { recordsOf } from './records.ts';
import { scriptOf } from './script.ts';

const MINUTE = 60_000;
/** June 2026 begins on a Monday; Friday the 12th is a holiday. */
const FIRST = '2026-06-01';
const DAYS = 30;
/** Days behind the month in which its last leads are still called. */
const AFTER = 3;

/** Groups of leads by the budget of the deal, roubles, and the working time of the shop in which somebody has to answer. */
const GROUPS = [
  { group: 'small', upTo: 100_000, answerIn: 240 * MINUTE },
  { group: 'middle', upTo: 1_000_000, answerIn: 120 * MINUTE },
  { group: 'large', upTo: Number.POSITIVE_INFINITY, answerIn: 30 * MINUTE },
] as const;

/** A lead as it comes in, milliseconds since the epoch. */
interface Arrival extends Lead {
  group: (typeof GROUPS)[number]['group'];
  arrivedAt: number;
  /** Until when somebody is to call or answer. */
  dueAt: number;
}

/** When somebody works; the files call them `person`. */
interface Timetable extends WorkingHours {
  name: string;
}

export interface Month {
  start: string;
  /** How long it is simulated: some days longer than the month. */
  until: string;
  /** The month itself. */
  period: Dates;
  leads: readonly Arrival[];
  timetables: readonly Timetable[];
  /** The contents of the files, line by line. */
  events: readonly TimedLine[];
  records: readonly NamedRecord[];
  /** Also among the events. */
  presence: readonly PresenceChange[];
  script: SimulationScript;
}

/** @param count leads in all; by the same shapes, whatever their number */
export function makeMonth(shop: Shop, seed: number, count = 4_000): Month {
  const {
    people,
    shop: { calendar },
  } = shop;
  const { timezone = 'UTC', holidays = [] } = calendar;
  const shopDays = daysOf(calendar, FIRST, DAYS + AFTER);
  const moments = arrivals(new Chance(seed, 'arrivals'), count, { first: FIRST, days: DAYS, timezone, holidays });
  const coming = leads(seed, count).map((lead, i) => arrival(lead, moments[i] ?? 0, shopDays));
  const plans = people.map(({ as: person, name, calendar: hours, leave }) => {
    const days = daysOf(hours, FIRST, DAYS + AFTER, leave);
    const away = absences(seed, person, days);
    return { timetable: { person, name, days, away }, changes: presenceChanges(person, days, away) };
  });
  const presence = plans.flatMap(({ changes }) => changes).sort((a, b) => a.at - b.at);
  const start = iso(shopDays[0]?.from ?? 0);
  const dates = shopDays.map(({ date }) => date);
  return {
    start,
    until: `P${DAYS + AFTER}D`,
    period: { from: FIRST, until: dates[DAYS - 1] ?? FIRST },
    leads: coming,
    timetables: plans.map(({ timetable }) => timetable),
    events: inOrder(presence, coming),
    records: recordsOf(shop),
    presence,
    script: scriptOf(start, seed, people, dates),
  };
}

function arrival(lead: Lead, arrivedAt: number, shopDays: readonly Day[]): Arrival {
  const { group, answerIn } = GROUPS.find(({ upTo }) => lead.budget <= upTo) ?? GROUPS[2];
  return { ...lead, group, arrivedAt, dueAt: afterWork(shopDays, arrivedAt, answerIn) };
}

/** A word about where somebody is comes before a lead of the same second: who has picked up the phone is on the phone. */
function inOrder(presence: readonly PresenceChange[], coming: readonly Arrival[]): TimedLine[] {
  const changes = presence.map(({ at, person, presence }) => {
    const data = { presence, presence_at: iso(at) };
    return { at, line: { at: iso(at), update: `@${person}`, data } };
  });
  const arrivals = coming.map(({ as, arrivedAt, dueAt, data }) => {
    const lead = { ...data, answer_by: iso(dueAt) };
    return { at: arrivedAt, line: { at: iso(arrivedAt), create: 'lead', as, data: lead } };
  });
  return [...changes, ...arrivals].sort((a, b) => a.at - b.at).map(({ line }) => line);
}

const iso = (ms: number): string => new Date(ms).toISOString();
