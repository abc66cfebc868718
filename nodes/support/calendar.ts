/** In whose working hours a node counts time. */
import {
  type DataRequest,
  findRecords,
  loadRecord,
  type ReadingContext,
  type RecordView,
  readCalendar,
  TaktError,
  Type,
  Value,
  type WorkingCalendar,
} from '../../engine/sdk.ts';
import type { Calendar } from '../../schemas/calendar.ts';
import { isId } from './record.ts';

const Which = Type.String({ minLength: 1, maxLength: 200 });
const WHICH =
  "Counts working time only: `owner` (in the hours of the record's owner), `company` (the calendar with the key `company`), `office` (Monday to Friday, 09:00 to 18:00), the key or id of a calendar, or the id or key of a user.";

export const CalendarParam = Value(Which, { description: WHICH });
/** For triggers, whose parameters stand in the file as they are. */
export const CalendarName = Type.Unsafe<string>({
  ...Which,
  description: `${WHICH} It counts as it is when the time begins; a calendar that changes afterwards moves nothing.`,
});
export const ZoneName = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'With `calendar`: on which clock its hours are meant, an IANA name; its own without it.',
});
export const ZoneParam = Value(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()]), {
  description: "With `calendar`: on which clock its hours are meant, such as `= record.time_zone` for the client's; its own without it.",
});

/** A chain of calendars that is longer goes in a circle. */
const MOST_BASES = 10;
const COMPANY = 'company';
const OFFICE_NAME = 'office';

/** A calendar with what it stands on. */
interface Hours {
  hours: Calendar;
  /** The calendar and those that it is based on, the nearest first; none in office hours. */
  chain: readonly RecordView[];
}

/** Whose working hours are meant, and what they are made of. */
export interface FoundHours extends Hours {
  /** By which rule they count. */
  by: 'calendar' | 'person' | 'team' | 'company' | 'office';
  /** The person whose they are. */
  user?: RecordView;
  /** The team whose calendar the person works by. */
  team?: RecordView;
  /** The clock that goes before the calendar's own: the one asked for, else the person's. */
  zone: string | undefined;
}

/** Monday to Friday, 09:00 to 18:00. */
const OFFICE: Hours & Pick<FoundHours, 'by'> = { hours: {}, chain: [], by: 'office' };

/**
 * The working hours that are meant. A person's are on the clock of the person's own zone; who has no calendar works as the team does, then as
 * the company, then in office hours.
 * @param which as in `CalendarParam`; @param zone overrules every zone
 * @throws TaktError CALENDAR_UNKNOWN, CALENDAR_CIRCLE, CALENDAR_INVALID, TIMEZONE_UNKNOWN
 */
export function* calendarOf(ctx: ReadingContext, which: string, zone?: string | null): Generator<DataRequest, WorkingCalendar, void> {
  return compiledHours(yield* hoursFor(ctx, which, zone), ctx.settings.timezone);
}

/** When a person works. @param team whose calendar counts where the person has none; without it that of the first team with one */
export function* calendarOfUser(
  ctx: ReadingContext,
  user: RecordView,
  zone?: string | null,
  team?: RecordView,
): Generator<DataRequest, WorkingCalendar, void> {
  return compiledHours(yield* hoursOfUser(ctx, user, zone, team), ctx.settings.timezone);
}

/** As `calendarOf`, with where the hours come from. */
export function* hoursFor(ctx: ReadingContext, which: string, zone?: string | null): Generator<DataRequest, FoundHours, void> {
  const own = zone ?? undefined;
  if (which === 'owner') {
    const owner = typeof ctx.record?.owner === 'string' ? yield* loadRecord(ctx, ctx.record.owner) : undefined;
    return owner ? yield* hoursOfUser(ctx, owner, zone) : { ...(yield* companyHours(ctx)), zone: own };
  }
  const byId = isId(which) ? yield* loadRecord(ctx, which) : undefined;
  if (byId?.entity === 'user' && !byId.deleted) return yield* hoursOfUser(ctx, byId, zone);
  const calendar = byId?.entity === 'calendar' && !byId.deleted ? byId : yield* byKey(ctx, 'calendar', which);
  if (calendar) return { ...(yield* hoursOf(ctx, calendar)), by: which === COMPANY ? 'company' : 'calendar', zone: own };
  // A calendar of the admin that is called so goes before it.
  if (which === COMPANY || which === OFFICE_NAME) return { ...OFFICE, zone: own };
  const user = yield* byKey(ctx, 'user', which);
  if (user) return yield* hoursOfUser(ctx, user, zone);
  throw new TaktError('CALENDAR_UNKNOWN', {
    message: `There is no calendar ${JSON.stringify(which.slice(0, 60))}.`,
    pointer: '/params/calendar',
  });
}

function* hoursOfUser(
  ctx: ReadingContext,
  user: RecordView,
  zone?: string | null,
  team?: RecordView,
): Generator<DataRequest, FoundHours, void> {
  const own = typeof zone === 'string' ? zone : typeof user.time_zone === 'string' ? user.time_zone : undefined;
  const personal = typeof user.calendar === 'string' ? yield* loadRecord(ctx, user.calendar) : undefined;
  if (personal) return { ...(yield* hoursOf(ctx, personal)), by: 'person', user, zone: own };
  const shared = yield* calendarOfTeam(ctx, user, team);
  if (shared) return { ...(yield* hoursOf(ctx, shared.calendar)), by: 'team', user, team: shared.team, zone: own };
  return { ...(yield* companyHours(ctx)), user, zone: own };
}

function* calendarOfTeam(
  ctx: ReadingContext,
  user: RecordView,
  team?: RecordView,
): Generator<DataRequest, { team: RecordView; calendar: RecordView } | undefined, void> {
  const teams = team ? [team] : yield* findRecords(ctx, { entity: 'team', match: { members: user.id }, limit: 10 });
  const first = teams.find(({ calendar }) => typeof calendar === 'string');
  const calendar = typeof first?.calendar === 'string' ? yield* loadRecord(ctx, first.calendar) : undefined;
  return first && calendar && { team: first, calendar };
}

function* byKey(ctx: ReadingContext, entity: string, key: string): Generator<DataRequest, RecordView | undefined, void> {
  return (yield* findRecords(ctx, { entity, match: { key }, limit: 1 }))[0];
}

function* companyHours(ctx: ReadingContext): Generator<DataRequest, Hours & Pick<FoundHours, 'by'>, void> {
  const company = yield* byKey(ctx, 'calendar', COMPANY);
  return company ? { ...(yield* hoursOf(ctx, company)), by: 'company' } : OFFICE;
}

/** A calendar's hours, with the holidays and special days of those that it is based on; what is said nearer counts. */
function* hoursOf(ctx: ReadingContext, calendar: RecordView): Generator<DataRequest, Hours, void> {
  const chain = [calendar];
  for (let next = calendar.based_on; typeof next === 'string'; next = chain.at(-1)?.based_on) {
    if (chain.some(({ id }) => id === next) || chain.length === MOST_BASES) {
      throw new TaktError('CALENDAR_CIRCLE', { message: `The calendar ${JSON.stringify(calendar.name)} is based on itself.` });
    }
    const base = yield* loadRecord(ctx, next);
    if (!base || base.deleted) break;
    chain.push(base);
  }
  return { hours: chain.map(writtenHours).reduceRight(over), chain };
}

/** A batch of steps sees one view of a calendar. */
const texts = new WeakMap<RecordView, string>();

function textOf(calendar: RecordView): string {
  const known = texts.get(calendar);
  if (known !== undefined) return known;
  const text = JSON.stringify(calendar.hours ?? {});
  texts.set(calendar, text);
  return text;
}

/** What a calendar itself says; it was checked when the record was written. */
export const writtenHours = (calendar: RecordView): Calendar => calendarIn(calendar.hours);

const calendarIn = (hours: unknown): Calendar => (typeof hours === 'object' && hours !== null ? hours : {});

/** @param base on which `hours` stands */
function over(base: Calendar, hours: Calendar): Calendar {
  const special = { ...base.special_days, ...hours.special_days };
  const holidays = [
    ...new Set([...(base.holidays ?? []).filter((date) => hours.special_days?.[date] === undefined), ...(hours.holidays ?? [])]),
  ];
  for (const date of hours.holidays ?? []) if (hours.special_days?.[date] === undefined) delete special[date];
  return { ...base, ...hours, holidays, special_days: special };
}

/** Making one takes 20 µs and more, with many holidays a hundred; an assignment may ask for those of 200 people. */
const MOST_KEPT = 1_000;
const kept = new Map<string, WorkingCalendar>();

/** @param otherwise the zone where neither the person nor the calendar names one. Throws CALENDAR_INVALID, TIMEZONE_UNKNOWN. */
export function compiledHours({ hours, chain, zone }: FoundHours, otherwise: string): WorkingCalendar {
  const timezone = zone ?? hours.timezone ?? otherwise;
  // By the content, not by the records: simulated worlds have records of the same ids.
  const key = `${chain.map(textOf).join(' ')} ${timezone}`;
  const known = kept.get(key);
  if (known) return known;
  const calendar = readCalendar({ ...hours, timezone }, timezone);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, calendar);
  return calendar;
}
