/** How many people are given in a working hour: what makes somebody who begins late comparable with somebody who goes early. */
import { type DataRequest, momentOf, type StepContext, workingTimeBetween } from '../../engine/sdk.ts';
import { calendarOfUser } from '../support/calendar.ts';
import { entryOf } from './ledger.ts';
import { periodsOf } from './periods.ts';
import type { People } from './pool.ts';

const HOUR = 3_600_000;

/**
 * What each was given today for each hour of their own work that has begun today, by id. Who keeps up with the others in this has as much as
 * they have when the day is over, without being given all at once in the morning, and who goes home first is not behind.
 */
export function* pacesOf(ctx: StepContext, { people, team }: People): Generator<DataRequest, (user: string) => number, void> {
  const midnight = momentOf(periodsOf(ctx).day, ctx.settings.timezone);
  const begun = new Map<string, number>();
  for (const { user } of people) {
    if (!user) continue;
    const calendar = yield* calendarOfUser(ctx, user, undefined, team);
    begun.set(user.id, Math.floor(workingTimeBetween(calendar, midnight, ctx.now) / HOUR) + 1);
  }
  return (user) => entryOf(ctx, user).given.day / (begun.get(user) ?? 1);
}
