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
import { calendarOf, calendarOfUser } from '../support/calendar.ts';
import type { Capacity, Eligibility } from './eligibility-params.ts';
import { hasSkill, misfit } from './fitting.ts';
import { entryOf, noteFull } from './ledger.ts';
import { loadsOf, nameOf } from './loads.ts';
import { PERIODS } from './periods.ts';
import { isAble, type People, type Person } from './pool.ts';
import type { Reason } from './words.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Notes in each person why they cannot take it; whoever cannot already is not asked again. What holds longest is asked first, and of that
 * what costs least. The ledger must be locked where capacity or caps count.
 */
export function* sift(ctx: StepContext, among: People, rules: Eligibility): Generator<DataRequest, void, void> {
  const { people } = among;
  const except = new Set(rules.except);
  if (except.size > 0) refuse(people, ({ id }) => (except.has(id) ? { code: 'excepted' } : undefined));
  refuse(
    people,
    remembered(JSON.stringify([rules.skills, rules.match]), (user) => lacking(user, rules)),
  );
  if (rules.working === true || typeof rules.daytime?.zone === 'string') yield* siftByHours(ctx, people, rules, among.team);
  // Who has gone home is not there either: the hours also say when they are back.
  if (rules.presence) refuse(people, absence(ctx.now, rules.presence));
  if (rules.caps) refuse(people, (user) => capped(ctx, user, rules));
  for (const capacity of capacitiesOf(rules)) yield* siftByCapacity(ctx, among, capacity);
}

/** The limits that count for the record. */
export const capacitiesOf = ({ capacity = [] }: Eligibility): readonly Capacity[] =>
  (Array.isArray(capacity) ? capacity : [capacity]).filter(({ when }) => when !== false && when !== null);

function refuse(people: readonly Person[], why: (user: RecordView) => Reason | undefined): void {
  for (const person of people) if (person.user && isAble(person)) person.reason = why(person.user) ?? person.reason;
}

/** What rules said of a person as they were read: the steps of a batch ask the same of the same people, and so do most records. */
const said = new WeakMap<RecordView, Map<string, Reason | undefined>>();
/** Rules that name a field of the record may ask something else each time. */
const MOST_SAID = 50;

/** The same judgement, made once for each reading of a person. @param rules names what is asked */
function remembered(rules: string, judge: (user: RecordView) => Reason | undefined): (user: RecordView) => Reason | undefined {
  return (user) => {
    let known = said.get(user);
    if (!known || known.size > MOST_SAID) {
      known = new Map();
      said.set(user, known);
    }
    if (known.has(rules)) return known.get(rules);
    const reason = judge(user);
    known.set(rules, reason);
    return reason;
  };
}

function lacking(user: RecordView, { skills = [], match = {} }: Eligibility): Reason | undefined {
  const skill = skills.find((name) => !hasSkill(user, name));
  if (skill !== undefined) return { code: 'skill', name: skill };
  const field = misfit(user, match);
  return field === undefined ? undefined : { code: 'field', name: field };
}

/** Milliseconds since a moment that is written in a record; infinity where there is none. */
const since = (now: number, moment: unknown): number => (typeof moment === 'string' ? now - Date.parse(moment) : Number.POSITIVE_INFINITY);

function absence(now: number, { of, fresh, idle }: NonNullable<Eligibility['presence']>): (user: RecordView) => Reason | undefined {
  const [states, freshMs, idleMs] = [new Set<string>(of), lengthOf(fresh), lengthOf(idle)];
  return (user) => {
    const said = typeof user.presence === 'string' ? user.presence : null;
    if (said === null || !states.has(said)) return { code: 'presence', presence: said };
    const silent = freshMs === undefined ? 0 : since(now, user.presence_at);
    if (freshMs !== undefined && silent > freshMs) {
      return Number.isFinite(silent)
        ? { code: 'presence_old', minutes: Math.floor(silent / MINUTE) }
        : { code: 'presence', presence: null };
    }
    const idleFor = user.idle_since === undefined ? 0 : since(now, user.idle_since);
    return idleMs !== undefined && idleFor > idleMs ? { code: 'idle', minutes: Math.floor(idleFor / MINUTE) } : undefined;
  };
}

const lengthOf = (duration: string | undefined): number | undefined => (duration === undefined ? undefined : parseDuration(duration));

function* siftByHours(
  ctx: StepContext,
  people: readonly Person[],
  { working, before_break, daytime }: Eligibility,
  team: RecordView | undefined,
): Generator<DataRequest, void, void> {
  const margin = lengthOf(before_break) ?? 0;
  const client = typeof daytime?.zone === 'string' ? yield* clientDay(ctx, daytime.calendar, daytime.zone) : undefined;
  const until = ctx.now + (lengthOf(daytime?.within) ?? DAY);
  const judge = (calendar: WorkingCalendar): Reason | undefined => {
    if (working === true) {
      const left = leftUntilBreak(calendar, ctx.now);
      if (left <= margin) {
        const until = isoOf(nextWorking(calendar, ctx.now + left));
        return left === 0 ? { code: 'off_hours', until } : { code: 'break_soon', minutes: Math.ceil(left / MINUTE), until };
      }
    }
    return client && firstCommon(calendar, client, ctx.now, until) === undefined ? { code: 'night' } : undefined;
  };
  // Many have the same calendar and zone.
  const known = new Map<string, Reason | undefined>();
  for (const person of people) {
    if (!person.user || !isAble(person)) continue;
    // Without a team, which calendar counts depends on the person's own teams.
    const key = team ? hoursKey(person.user) : `${person.id} ${hoursKey(person.user)}`;
    if (!known.has(key)) known.set(key, judge(yield* calendarOfUser(ctx, person.user, undefined, team)));
    person.reason = known.get(key) ?? person.reason;
  }
}

/** Names the calendar and the zone of a person; made once for each reading of them. */
function hoursKey(user: RecordView): string {
  let key = hoursKeys.get(user);
  if (key === undefined) {
    key = `${String(user.calendar)} ${String(user.time_zone)}`;
    hoursKeys.set(user, key);
  }
  return key;
}
const hoursKeys = new WeakMap<RecordView, string>();

/** When it is day for the client: office hours on their clock, or those of a calendar. */
const clientDay = (ctx: StepContext, calendar: string | undefined, zone: string): Generator<DataRequest, WorkingCalendar, void> =>
  calendarOf(ctx, calendar ?? 'office', zone);

/** The first moment from `at` on that lies in both, milliseconds; undefined where there is none before `until`. */
function firstCommon(one: WorkingCalendar, other: WorkingCalendar, at: number, until: number): number | undefined {
  for (let moment = at; ; ) {
    const next = nextWorking(other, nextWorking(one, moment));
    if (next >= until) return undefined;
    if (leftUntilBreak(one, next) > 0) return next;
    moment = next;
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

function* siftByCapacity(ctx: StepContext, pool: People, { load, max, back }: Capacity): Generator<DataRequest, void, void> {
  // Asked of all of the pool, so that every record of a batch asks for the same.
  const loadOf = yield* loadsOf(ctx, load, pool);
  const measure = nameOf(load);
  for (const person of pool.people) {
    const most = load === 'open' ? mostOf(person.user, max) : max;
    if (!person.user || most === undefined || !isAble(person)) continue;
    const has = loadOf(person.id);
    const full = has >= most || (back !== undefined && has >= back && entryOf(ctx, person.id).full.includes(measure));
    if (back !== undefined) noteFull(ctx, person.id, measure, full);
    if (full) person.reason = { code: 'full', load: has, max: most, back: has >= most ? null : (back ?? null) };
  }
}

/** A person's own capacity goes before that of the rule. */
const mostOf = (user: RecordView | undefined, max: number | undefined): number | undefined =>
  typeof user?.capacity === 'number' ? user.capacity : max;
