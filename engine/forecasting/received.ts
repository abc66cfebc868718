/** What people have received and channels have brought in a time: the records with what they are worth. */
import type { ErrorData } from '../errors/index.ts';
import { type Deal, type ReceivedLead, shareWon } from '../forecast/index.ts';
import type { StoreTx } from '../store/port.ts';
import { type MonthSpan, monthAt } from './calendar.ts';
import { chancesAt } from './chances.ts';
import { isProblem } from './course.ts';
import { eachCourse, type ForecastWorld, type TeamEntity } from './gather.ts';
import { Notes } from './notes.ts';

export interface ReceivedQuery {
  /** Its id. */
  forecast: string;
  /** The months, counted from the present one: 0 is that, until now; −1 the one before. At most 24 back. */
  first: number;
  last: number;
  /** What counts: when its owner got it, or when it began. */
  by: 'owner' | 'begin';
  /** Where the definition names no zone. */
  timezone: string;
  teams: TeamEntity;
}

interface Received extends ReceivedLead {
  /** Id of the owner; empty: nobody has it. */
  person: string;
  /** Empty: none. */
  team: string;
  channel: string;
}

export interface ReceivedAnswer {
  forecast: string;
  name: string;
  /** In which the months are meant. */
  timezone: string;
  /** The first and the last month; milliseconds, `until` does not belong to it and may lie in the future. */
  first: MonthSpan;
  last: MonthSpan;
  leads: Received[];
  /** What was not counted, and why. */
  notes: ErrorData[];
}

/**
 * Of an open record the probability is that of now, of a closed one that which was told first; where nothing was told, the share of those won so far.
 * @throws TaktError FORECAST_UNKNOWN, FORECAST_MANY, FORECAST_CURRENCIES (of one record)
 */
export async function receivedLeads(store: StoreTx, world: ForecastWorld, query: ReceivedQuery): Promise<ReceivedAnswer> {
  const compiled = world.forecasts.require(query.forecast);
  const { definition } = compiled;
  const timezone = definition.timezone ?? query.timezone;
  const [firstMonth, lastMonth] = [monthAt(world.now, timezone, query.first), monthAt(world.now, timezone, query.last)];
  const notes = new Notes();
  const { now, models, entities } = world;
  const { model } = definition;
  const [chance] = model === undefined ? [] : await chancesAt(store, { id: model, moments: [now], now, models, entities, notes });
  const found: (Omit<Received, 'probability'> & Pick<Deal, 'probability'>)[] = [];
  const closed: Pick<Deal, 'won'>[] = [];
  await eachCourse(store, world, { forecast: compiled, teams: query.teams, notes }, (course) => {
    if (course.closedAt !== null) closed.push(course);
    const { received } = course;
    const receivedAt = query.by === 'begin' ? course.openedAt : received?.at;
    if (receivedAt === undefined || receivedAt < firstMonth.from || receivedAt >= lastMonth.until) return;
    const deal = course.at(now, chance);
    if (deal === null) return;
    if (isProblem(deal)) return notes.add(deal.problem, course.id);
    const { id, profit, currency, probability, team, channel } = deal;
    if (probability === undefined) notes.add('FORECAST_PROBABILITY_UNKNOWN', id);
    found.push({
      id,
      receivedAt,
      profit,
      currency,
      team,
      channel,
      person: received?.owner ?? '',
      ...(probability === undefined ? {} : { probability }),
    });
  });
  const share = shareWon(closed);
  const cold = `left out for want of a probability: too few have closed (${closed.length}) for a share of those won`;
  return {
    forecast: definition.id,
    name: definition.name,
    timezone,
    first: firstMonth,
    last: lastMonth,
    leads: found.flatMap(({ probability = share, ...one }) => (probability === undefined ? [] : [{ ...one, probability }])),
    notes: notes.errors(definition.entity, share === undefined ? { FORECAST_PROBABILITY_UNKNOWN: cold } : {}).map((note) => note.toData()),
  };
}
