/** How many people are given in a working hour: what makes somebody who begins late comparable with somebody who goes early. */
import { type DataRequest, momentOf, type RecordView, type StepContext, workingTimeBetween } from '../../engine/sdk.ts';
import { calendarOfUser } from '../support/calendar.ts';
import { dayOf, entryOf } from './ledger.ts';

const HOUR = 3_600_000;

/**
 * What each was given today for each hour of their own work that has begun today, by id. Who keeps up with the others in this has as much as
 * they have when the day is over, without being given all at once in the morning, and who goes home first is not behind.
 * @param team whose calendar counts where somebody has none
 */
export function* pacesOf(
  ctx: StepContext,
  users: readonly RecordView[],
  team: RecordView | undefined,
): Generator<DataRequest, ReadonlyMap<string, number>, void> {
  const midnight = momentOf(dayOf(ctx), ctx.settings.timezone);
  const hours: { id: string; begun: number }[] = [];
  for (const user of users) {
    const calendar = yield* calendarOfUser(ctx, user, undefined, team);
    hours.push({ id: user.id, begun: Math.floor(workingTimeBetween(calendar, midnight, ctx.now) / HOUR) + 1 });
  }
  // Nothing is waited for any more, so that what others of the batch are given meanwhile is in the counts.
  return new Map(hours.map(({ id, begun }) => [id, entryOf(ctx, id).given.day / begun]));
}
