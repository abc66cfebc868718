/** The recommendations of a record, as they are kept: what rests, what is replaced, what a person is shown today. */
import { Temporal } from 'temporal-polyfill';
import { type DataRequest, findRecords, isoOf, type ReadingContext, type RecordView, type StepContext } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** Of a record, of all time; of a person, open ones. */
export const MOST_KEPT = 1_000;
/** Never more than so many are told to a person on one day. */
export const MOST_A_DAY = 10;
/** What was declined is not proposed again for so long. */
const DECLINED_REST = 30 * 86_400_000;

/** All recommendations about a record, the oldest first. */
export const recommendationsOf = (
  ctx: Pick<ReadingContext, 'found'>,
  { id, entity }: RecordView,
): Generator<DataRequest, readonly RecordView[], void> =>
  findRecords(ctx, { entity: 'recommendation', match: { record: { entity, id } }, limit: MOST_KEPT });

/** Until when nothing is to be proposed for the record, as a person has said; undefined where nobody has. */
export function suppressedUntil(kept: readonly RecordView[], now: number): string | undefined {
  const ends = kept.flatMap(({ stage, suppressed_until }) =>
    stage === 'declined' && typeof suppressed_until === 'string' && Date.parse(suppressed_until) > now ? [suppressed_until] : [],
  );
  return ends.sort().at(-1);
}

/** Has a person declined this action for the record a short time ago? Who said that it was the wrong time is asked again. */
export const wasDeclined = (kept: readonly RecordView[], action: string, now: number): boolean =>
  kept.some(
    (one) =>
      one.stage === 'declined' &&
      one.action === action &&
      one.decline_reason !== 'wrong_time' &&
      typeof one.settled_at === 'string' &&
      Date.parse(one.settled_at) > now - DECLINED_REST,
  );

/** The day on a clock: 2026-03-02. */
export const dayOn = (now: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString();

/** Recommendations that the person was told on the day, whatever has become of them. */
export const toldOn = (
  ctx: Pick<ReadingContext, 'found'>,
  person: string,
  day: string,
): Generator<DataRequest, readonly RecordView[], void> =>
  findRecords(ctx, { entity: 'recommendation', match: { owner: person, told_on: day }, limit: MOST_KEPT });

/**
 * Keeps a recommendation: one of the same action that is open is brought up to date, others that are open for the record are replaced.
 * @returns its id
 */
export function keep(ctx: StepContext, kept: readonly RecordView[], data: JsonObject & { action: string; stage: string }): string {
  let same: RecordView | undefined;
  for (const one of kept) {
    if (one.stage !== 'open' && one.stage !== 'held_out') continue;
    if (!same && one.action === data.action && one.stage === data.stage && one.owner === data.owner && !isExpired(one, ctx.now)) same = one;
    else if (one.stage === 'open') ctx.update(one.id, { stage: isExpired(one, ctx.now) ? 'expired' : 'replaced', place: null });
  }
  if (!same) return ctx.create({ entity: 'recommendation', data });
  // When it was told stays: it is the same one.
  const { told_at: _at, told_on: _on, stage: _stage, ...news } = data;
  ctx.update(same.id, typeof same.told_at === 'string' ? news : { ...news, ...toldPart(data) });
  return same.id;
}

const toldPart = ({ told_at, told_on }: JsonObject): JsonObject =>
  told_at === undefined || told_on === undefined ? {} : { told_at, told_on };

export const isExpired = ({ expires_at }: RecordView, now: number): boolean =>
  typeof expires_at === 'string' && Date.parse(expires_at) <= now;

export const isSnoozed = ({ snoozed_until }: RecordView, now: number): boolean =>
  typeof snoozed_until === 'string' && Date.parse(snoozed_until) > now;

/** What is written when a recommendation is told for the first time. */
export const told = (now: number, zone: string): JsonObject => ({ told_at: isoOf(now), told_on: dayOn(now, zone) });
