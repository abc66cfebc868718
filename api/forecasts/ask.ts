/** What forecasts say, for who asks outside of any workflow: the API and the command line. */
import type { Engine } from '../../engine/index.ts';
import { channelsOutput, monthsOutput, passedOf, peopleIn, plansOutput, teamEntity } from '../../nodes/index.ts';

/** Where the definition names no zone. */
const NO_ZONE = 'UTC';

export interface MonthsAsked {
  /** 1 to 24, the present one included; 3 without it. */
  months?: number | undefined;
  /** 0 to 12 months before whose forecasts are compared with what came; 3 without it. */
  past?: number | undefined;
  /** By what is known now (without it), or was known at the first moment of the month. */
  asOf?: 'now' | 'month' | undefined;
}

/** Throws FORECAST_UNKNOWN, FORECAST_COLD, FORECAST_CURRENCIES, FORECAST_MANY. */
export async function monthsOf(engine: Engine, forecast: string, { months = 3, past = 3, asOf = 'now' }: MonthsAsked) {
  return monthsOutput(await engine.forecasts.months({ forecast, months, past, asOf, timezone: NO_ZONE, teams: teamEntity }));
}

/** @param person id of a user: their plan alone. Throws FORECAST_UNKNOWN, FORECAST_CURRENCIES, FORECAST_MANY. */
export async function plansFor(engine: Engine, forecast: string, month: 'present' | 'last', person?: string) {
  const offset = month === 'last' ? -1 : 0;
  const answer = await engine.forecasts.received({
    forecast,
    first: offset,
    last: offset,
    by: 'owner',
    timezone: NO_ZONE,
    teams: teamEntity,
  });
  const asked = person === undefined ? answer : { ...answer, leads: answer.leads.filter((lead) => lead.person === person) };
  const { timezone, first } = asked;
  const now = engine.ports.clock.now();
  const shares = await engine.reading.ask({ timezone, locale: 'en' }, (ctx) => passedOf(ctx, peopleIn(asked), first, now));
  return plansOutput(asked, shares);
}

export interface ChannelsAsked {
  /** 1 to 24 whole months before the present one; 3 without it. */
  months?: number | undefined;
  /** The present month until now, too. */
  present?: boolean | undefined;
}

/** Throws FORECAST_UNKNOWN, FORECAST_CURRENCIES, FORECAST_MANY. */
export async function channelsFor(engine: Engine, forecast: string, { months = 3, present = false }: ChannelsAsked) {
  const last = present ? 0 : -1;
  return channelsOutput(
    await engine.forecasts.received({ forecast, first: -months, last, by: 'begin', timezone: NO_ZONE, teams: teamEntity }),
  );
}
