/** What is left of a person's day beside meetings. */
import { Temporal } from 'temporal-polyfill';
import {
  type DataRequest,
  findRecords,
  isoOf,
  leftUntilBreak,
  nextWorking,
  type ReadingContext,
  type RecordView,
  TaktError,
  type WorkingCalendar,
} from '../../engine/sdk.ts';
import { calendarOfUser } from '../support/calendar.ts';

const MINUTE = 60_000;
/** Of a day and person. */
const MOST_MEETINGS = 100;
/** A meeting whose end is not known. */
const USUAL_MEETING = 60 * MINUTE;

export interface FreeTime {
  /** IANA name of the clock on which the person works. */
  zone: string;
  /** 2026-03-02 */
  day: string;
  /** Whole minutes that are left today, beside meetings. */
  minutes: number;
  /** The longest stretch of them. */
  longest: number;
  meetings: number;
}

/** Milliseconds since the epoch; `to` does not belong to it. */
interface Span {
  from: number;
  to: number;
}

/** What a person who works by a calendar has left of the day in which `now` lies. Throws CALENDAR_INVALID, TIMEZONE_UNKNOWN. */
export function* freeTimeOf(ctx: ReadingContext, person: RecordView, now: number): Generator<DataRequest, FreeTime, void> {
  const calendar = yield* calendarOfUser(ctx, person);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(calendar.zone).toPlainDate();
  const day = { from: startOf(today, calendar.zone), to: startOf(today.add({ days: 1 }), calendar.zone) };
  const meetings = yield* meetingsOf(ctx, person, day);
  const free = isAway(person, now) ? [] : meetings.reduce(without, [...workingSpans(calendar, { from: now, to: day.to })]);
  const lengths = free.map(({ from, to }) => Math.floor((to - from) / MINUTE));
  return {
    zone: calendar.zone,
    day: today.toString(),
    minutes: lengths.reduce((sum, length) => sum + length, 0),
    longest: Math.max(0, ...lengths),
    meetings: meetings.length,
  };
}

const startOf = (day: Temporal.PlainDate, zone: string): number => day.toZonedDateTime(zone).epochMilliseconds;

function isAway({ away_from, away_until }: RecordView, now: number): boolean {
  if (typeof away_from !== 'string' || Date.parse(away_from) > now) return false;
  return typeof away_until !== 'string' || Date.parse(away_until) > now;
}

function* workingSpans(calendar: WorkingCalendar, { from, to }: Span): Generator<Span> {
  for (let at = from; at < to; ) {
    const begin = nextIn(calendar, at);
    if (begin >= to) return;
    const end = begin + leftUntilBreak(calendar, begin);
    yield { from: begin, to: Math.min(end, to) };
    at = end;
  }
}

/** Who works at no time at all has no day. */
function nextIn(calendar: WorkingCalendar, at: number): number {
  try {
    return nextWorking(calendar, at);
  } catch (thrown) {
    if (thrown instanceof TaktError && thrown.code === 'CALENDAR_WITHOUT_HOURS') return Number.POSITIVE_INFINITY;
    throw thrown;
  }
}

function* meetingsOf(ctx: ReadingContext, person: RecordView, day: Span): Generator<DataRequest, Span[], void> {
  // One that began the evening before, and goes on past midnight, is nobody's working day.
  const between = { field: 'starts_at', from: isoOf(day.from), until: isoOf(day.to) };
  const about = { entity: 'meeting', between, limit: MOST_MEETINGS };
  const found = [
    ...(yield* findRecords(ctx, { ...about, match: { participants: { entity: 'user', id: person.id } } })),
    ...(yield* findRecords(ctx, { ...about, match: { owner: person.id } })),
  ];
  const held = new Map(found.filter(({ status }) => status !== 'cancelled' && status !== 'missed').map((one) => [one.id, spanOf(one)]));
  return [...held.values()].flatMap((span) => span ?? []);
}

function spanOf({ starts_at, ends_at }: RecordView): Span | undefined {
  if (typeof starts_at !== 'string') return undefined;
  const from = Date.parse(starts_at);
  const to = typeof ends_at === 'string' ? Date.parse(ends_at) : from + USUAL_MEETING;
  return to > from ? { from, to } : undefined;
}

/** The spans without the time that another one takes. */
const without = (spans: Span[], taken: Span): Span[] =>
  spans.flatMap(({ from, to }) => {
    const left = [
      { from, to: Math.min(to, taken.from) },
      { from: Math.max(from, taken.to), to },
    ];
    return taken.to <= from || taken.from >= to ? [{ from, to }] : left.filter((span) => span.from < span.to);
  });
