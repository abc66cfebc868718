/** Who of a pool can take a record now, and why the others cannot. */
import {
  type DataRequest,
  isoOf,
  leftUntilBreak,
  nextWorking,
  parseDuration,
  type RecordView,
  type StepContext,
  type WorkingCalendar,
} from '../../engine/sdk.ts';
import type { Json } from '../../schemas/json.ts';
import { calendarOfUser } from '../support/calendar.ts';
import { entryOf, noteFull } from './ledger.ts';
import { loadsOf } from './loads.ts';
import type { Eligibility } from './params.ts';
import { isAble, type Person } from './pool.ts';
import type { Reason } from './words.ts';

const MINUTE = 60_000;
const PERIODS = ['hour', 'day', 'week'] as const;

/**
 * Notes in each person why they cannot take it; whoever cannot already is not asked again. What holds longest is asked first, and of that what
 * costs least. The ledger must be locked where capacity or caps count.
 */
export function* sift(
  ctx: StepContext,
  people: readonly Person[],
  rules: Eligibility,
  team: RecordView | undefined,
): Generator<DataRequest, void, void> {
  refuse(people, (user) => lacking(user, rules));
  // Who has gone home is not there either: the hours also say when they are back.
  if (rules.working === true) yield* siftByHours(ctx, people, rules, team);
  const fresh = rules.presence?.fresh === undefined ? Number.POSITIVE_INFINITY : parseDuration(rules.presence.fresh);
  refuse(people, (user) => absent(ctx, user, rules.presence?.of, fresh));
  if (rules.caps) refuse(people, (user) => capped(ctx, user, rules));
  if (rules.capacity) yield* siftByCapacity(ctx, people, rules.capacity, team);
}

function refuse(people: readonly Person[], why: (user: RecordView) => Reason | undefined): void {
  for (const person of people) if (person.user && isAble(person)) person.reason = why(person.user) ?? person.reason;
}

function lacking(user: RecordView, { skills = [], match = {} }: Eligibility): Reason | undefined {
  const skill = skills.find((name) => !holds(user.skills, name));
  if (skill !== undefined) return { code: 'skill', name: skill };
  const field = Object.entries(match).find(([name, value]) => value !== null && !holds(user[name], value));
  return field && { code: 'field', name: field[0] };
}

/** Texts are the same in any case: skills and regions are written by people. */
const same = (first: Json, second: Json): boolean =>
  typeof first === 'string' && typeof second === 'string' ? first.toLowerCase() === second.toLowerCase() : first === second;

const holds = (value: Json | undefined, wanted: Json): boolean =>
  Array.isArray(value) ? value.some((one) => same(one, wanted)) : value !== undefined && same(value, wanted);

/** @param states in which somebody has to be; @param fresh milliseconds after which a word about it is old */
function absent(ctx: StepContext, user: RecordView, states: readonly string[] | undefined, fresh: number): Reason | undefined {
  if (!states) return undefined;
  const said = typeof user.presence === 'string' ? user.presence : null;
  if (said === null || !states.includes(said)) return { code: 'presence', presence: said };
  const heard = typeof user.presence_at === 'string' ? Date.parse(user.presence_at) : Number.NEGATIVE_INFINITY;
  const silent = ctx.now - heard;
  if (silent <= fresh || fresh === Number.POSITIVE_INFINITY) return undefined;
  return Number.isFinite(silent) ? { code: 'presence_old', minutes: Math.floor(silent / MINUTE) } : { code: 'presence', presence: null };
}

function* siftByHours(
  ctx: StepContext,
  people: readonly Person[],
  { before_break }: Eligibility,
  team: RecordView | undefined,
): Generator<DataRequest, void, void> {
  const margin = before_break === undefined ? 0 : parseDuration(before_break);
  // Many have the same calendar and zone.
  const known = new Map<string, { calendar: WorkingCalendar; left: number }>();
  for (const person of people) {
    if (!person.user || !isAble(person)) continue;
    // Without a team, which calendar counts depends on the person's own teams.
    const key = `${team ? '' : person.id} ${String(person.user.calendar)} ${String(person.user.time_zone)}`;
    let hours = known.get(key);
    if (!hours) {
      const calendar = yield* calendarOfUser(ctx, person.user, undefined, team);
      hours = { calendar, left: leftUntilBreak(calendar, ctx.now) };
      known.set(key, hours);
    }
    const { calendar, left } = hours;
    if (left > margin) continue;
    const until = isoOf(nextWorking(calendar, ctx.now + left));
    person.reason = left === 0 ? { code: 'off_hours', until } : { code: 'break_soon', minutes: Math.ceil(left / MINUTE), until };
  }
}

function capped(ctx: StepContext, user: RecordView, { caps = {} }: Eligibility): Reason | undefined {
  const { given } = entryOf(ctx, user.id);
  for (const per of PERIODS) {
    const max = caps[per];
    if (max !== undefined && given[per] >= max) return { code: 'cap', per, max };
  }
  return undefined;
}

function* siftByCapacity(
  ctx: StepContext,
  people: readonly Person[],
  { load, max, back }: NonNullable<Eligibility['capacity']>,
  team: RecordView | undefined,
): Generator<DataRequest, void, void> {
  // Asked of all of the pool, so that every record of a batch asks for the same.
  const users = people.flatMap(({ user }) => user ?? []);
  const loads = yield* loadsOf(ctx, load, users, team);
  for (const person of people) {
    const most = mostOf(person.user, max);
    if (!person.user || most === undefined || !isAble(person)) continue;
    const has = loads.get(person.id) ?? 0;
    const full = has >= most || (back !== undefined && entryOf(ctx, person.id).full && has >= back);
    if (back !== undefined) noteFull(ctx, person.id, full);
    if (full) person.reason = { code: 'full', load: has, max: most, back: has >= most ? null : (back ?? null) };
  }
}

/** A person's own capacity goes before that of the rule. */
const mostOf = (user: RecordView | undefined, max: number | undefined): number | undefined =>
  typeof user?.capacity === 'number' ? user.capacity : max;
