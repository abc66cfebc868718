/** In whose working hours a node counts time. */
import {
  type DataRequest,
  findRecords,
  loadRecord,
  type RecordView,
  readCalendar,
  type StepContext,
  TaktError,
  Type,
  Value,
  type WorkingCalendar,
} from '../../engine/sdk.ts';
import type { Calendar } from '../../schemas/calendar.ts';
import { isId } from './record.ts';

export const CalendarParam = Value(Type.String({ minLength: 1, maxLength: 200 }), {
  description:
    "Counts working time only: `owner` (in the hours of the record's owner), `company` (the calendar with the key `company`), `office` (Monday to Friday, 09:00 to 18:00), the key or id of a calendar, or the id of a user.",
});
export const ZoneParam = Value(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()]), {
  description: "With `calendar`: on which clock its hours are meant, such as `= record.time_zone` for the client's; its own without it.",
});

/** A chain of calendars that is longer goes in a circle. */
const MOST_BASES = 10;
const COMPANY = 'company';
const OFFICE_NAME = 'office';
/** Of a calendar with what it stands on. */
interface Hours {
  hours: Calendar;
  /** Of its content, not of its record: simulated worlds have records of the same ids. */
  name: string;
}

/** Monday to Friday, 09:00 to 18:00. */
const OFFICE: Hours = { hours: {}, name: OFFICE_NAME };

/**
 * The working hours that are meant. A person's are on the clock of the person's own zone; who has no calendar works as the team does, then as
 * the company, then in office hours.
 * @param which as in `CalendarParam`; @param zone overrules every zone
 * @throws TaktError CALENDAR_UNKNOWN, CALENDAR_CIRCLE, CALENDAR_INVALID, TIMEZONE_UNKNOWN
 */
export function* calendarOf(ctx: StepContext, which: string, zone?: string | null): Generator<DataRequest, WorkingCalendar, void> {
  if (which === 'owner') {
    const owner = typeof ctx.record?.owner === 'string' ? yield* loadRecord(ctx, ctx.record.owner) : undefined;
    return owner ? yield* calendarOfUser(ctx, owner, zone) : compiled(ctx, yield* companyHours(ctx), zone);
  }
  const record = yield* calendarOrUser(ctx, which);
  if (record?.entity === 'user') return yield* calendarOfUser(ctx, record, zone);
  if (record) return compiled(ctx, yield* hoursOf(ctx, record), zone);
  // A calendar of the admin that is called so goes before it.
  if (which === COMPANY || which === OFFICE_NAME) return compiled(ctx, OFFICE, zone);
  throw new TaktError('CALENDAR_UNKNOWN', {
    message: `There is no calendar ${JSON.stringify(which.slice(0, 60))}.`,
    pointer: '/params/calendar',
  });
}

/** When a person works. @param team whose calendar counts where the person has none; without it that of the first team with one */
export function* calendarOfUser(
  ctx: StepContext,
  user: RecordView,
  zone?: string | null,
  team?: RecordView,
): Generator<DataRequest, WorkingCalendar, void> {
  const own = typeof zone === 'string' ? zone : typeof user.time_zone === 'string' ? user.time_zone : undefined;
  const personal = typeof user.calendar === 'string' ? yield* loadRecord(ctx, user.calendar) : undefined;
  const shared = personal ?? (yield* calendarOfTeam(ctx, user, team));
  return compiled(ctx, shared ? yield* hoursOf(ctx, shared) : yield* companyHours(ctx), own);
}

function* calendarOfTeam(ctx: StepContext, user: RecordView, team?: RecordView): Generator<DataRequest, RecordView | undefined, void> {
  const teams = team ? [team] : yield* findRecords(ctx, { entity: 'team', match: { members: user.id }, limit: 10 });
  const calendar = teams.map((one) => one.calendar).find((id) => typeof id === 'string');
  return typeof calendar === 'string' ? yield* loadRecord(ctx, calendar) : undefined;
}

function* calendarOrUser(ctx: StepContext, which: string): Generator<DataRequest, RecordView | undefined, void> {
  const byId = isId(which) ? yield* loadRecord(ctx, which) : undefined;
  if (byId && !byId.deleted && (byId.entity === 'user' || byId.entity === 'calendar')) return byId;
  return (yield* findRecords(ctx, { entity: 'calendar', match: { key: which }, limit: 1 }))[0];
}

function* companyHours(ctx: StepContext): Generator<DataRequest, Hours, void> {
  const [company] = yield* findRecords(ctx, { entity: 'calendar', match: { key: COMPANY }, limit: 1 });
  return company ? yield* hoursOf(ctx, company) : OFFICE;
}

/** A calendar's hours, with the holidays and special days of those that it is based on; what is said nearer counts. */
function* hoursOf(ctx: StepContext, calendar: RecordView): Generator<DataRequest, Hours, void> {
  const chain = [calendar];
  for (let next = calendar.based_on; typeof next === 'string'; next = chain.at(-1)?.based_on) {
    if (chain.some(({ id }) => id === next) || chain.length === MOST_BASES) {
      throw new TaktError('CALENDAR_CIRCLE', { message: `The calendar ${JSON.stringify(calendar.name)} is based on itself.` });
    }
    const base = yield* loadRecord(ctx, next);
    if (!base || base.deleted) break;
    chain.push(base);
  }
  const name = chain.map(textOf).join(' ');
  return { hours: chain.map(({ hours }) => written(hours)).reduceRight(over), name };
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

/** Checked when the record was written. */
const written = (hours: unknown): Calendar => (typeof hours === 'object' && hours !== null ? hours : {});

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

function compiled(ctx: StepContext, { hours, name }: Hours, zone: string | null | undefined): WorkingCalendar {
  const timezone = typeof zone === 'string' ? zone : (hours.timezone ?? ctx.settings.timezone);
  const key = `${name} ${timezone}`;
  const known = kept.get(key);
  if (known) return known;
  const calendar = readCalendar({ ...hours, timezone }, timezone);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, calendar);
  return calendar;
}
