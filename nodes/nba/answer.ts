/** What people say to a recommendation. Pure. */
import { isoOf, type RecordView, TaktError } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { dayOn, told } from './kept.ts';

export const ANSWERS = ['accept', 'done', 'snooze', 'decline', 'undo'] as const;
export const DECLINE_REASONS = ['not_useful', 'wrong_time', 'on_holiday', 'already_done', 'other'] as const;

export interface Answer {
  answer: (typeof ANSWERS)[number];
  /** Of a decline. */
  reason?: (typeof DECLINE_REASONS)[number];
  /** Milliseconds: of a snooze, until when; of a decline, until when nothing is to be proposed for the record. */
  until?: number;
  note?: string;
}

/** So long an answer can be taken back. */
const UNDO_WINDOW = 86_400_000;
const FURTHEST = 366 * 86_400_000;

/**
 * What an answer changes of a recommendation.
 * @param zone the clock on which the person works: a day's list counts what was settled on it
 * @throws TaktError RECOMMENDATION_ANSWERED where it has an answer already, or is over; RECOMMENDATION_ANSWER where the answer lacks something
 */
export function answered(recommendation: RecordView, { answer, reason, until, note }: Answer, now: number, zone: string): JsonObject {
  const stage = String(recommendation.stage);
  // Who answers has seen it, in the queue or on the record: it counts as told.
  const seen = recommendation.told_at === undefined ? told(now, zone) : {};
  const said: JsonObject = { ...seen, ...(note === undefined ? {} : { note }) };
  if (answer === 'undo') return undone(recommendation, stage, now);
  if (stage !== 'open' && !(stage === 'accepted' && answer !== 'accept')) throw late(recommendation, stage);
  const settled: JsonObject = { settled_at: isoOf(now), settled_on: dayOn(now, zone), place: null, snoozed_until: null };
  switch (answer) {
    case 'accept':
      return { ...said, stage: 'accepted', accepted_at: isoOf(now), snoozed_until: null };
    case 'done':
      return { ...said, ...settled, stage: 'done', ...(recommendation.accepted_at === undefined ? { accepted_at: isoOf(now) } : {}) };
    case 'snooze':
      return { ...said, stage: 'open', snoozed_until: isoOf(moment(until, now, 'Until when it is put off')), place: null };
    case 'decline': {
      if (reason === undefined) throw lacking('Why it is declined');
      const rests = reason === 'on_holiday' || until !== undefined ? moment(until, now, 'Until when nothing is to be proposed') : undefined;
      return {
        ...said,
        ...settled,
        stage: 'declined',
        decline_reason: reason,
        ...(rests === undefined ? {} : { suppressed_until: isoOf(rests) }),
      };
    }
  }
}

/** An answer that was given a short time ago, and of which nothing has come yet, is taken back. */
function undone({ settled_at, accepted_at, snoozed_until, outcome }: RecordView, stage: string, now: number): JsonObject {
  const since = [settled_at, accepted_at].find((one) => typeof one === 'string');
  const recent = since !== undefined && Date.parse(String(since)) > now - UNDO_WINDOW;
  const isAnswered = stage === 'accepted' || stage === 'done' || stage === 'declined';
  if (outcome !== undefined || !(isAnswered ? recent : stage === 'open' && snoozed_until !== undefined)) {
    throw new TaktError('RECOMMENDATION_ANSWERED', {
      message: isAnswered
        ? 'The answer was given more than a day ago, or its outcome is known.'
        : 'There is no answer that could be taken back.',
      hint: 'Change the record itself, where that is meant.',
    });
  }
  return {
    stage: 'open',
    accepted_at: null,
    settled_at: null,
    settled_on: null,
    decline_reason: null,
    suppressed_until: null,
    snoozed_until: null,
    note: null,
  };
}

function moment(until: number | undefined, now: number, what: string): number {
  if (until === undefined) throw lacking(what);
  if (until > now && until <= now + FURTHEST) return until;
  throw new TaktError('RECOMMENDATION_ANSWER', {
    message: `${what} is ${isoOf(until)}; a moment of the next year is expected.`,
    pointer: '/until',
  });
}

const lacking = (what: string): TaktError => new TaktError('RECOMMENDATION_ANSWER', { message: `${what} is not said.` });

function late({ settled_at, accepted_at }: RecordView, stage: string): TaktError {
  const when = [settled_at, accepted_at].find((one) => typeof one === 'string');
  return new TaktError('RECOMMENDATION_ANSWERED', {
    message: `The recommendation is ${stage.replaceAll('_', ' ')}${when === undefined ? '' : ` since ${String(when)}`}.`,
  });
}
