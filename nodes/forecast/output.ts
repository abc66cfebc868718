/** Answers of forecasts as JSON. */
import { isoOf, type MonthsAnswer, type TaktError } from '../../engine/sdk.ts';

/** A type, not an interface: it is JSON. */
type Told = { code: string; message: string; hint: string };

/** An error as it is told in an output: what is the matter, and what to do about it. */
export const toldOf = ({ code, message, hint = '' }: { code: string; message: string; hint?: string }): Told => ({ code, message, hint });

export const whyOf = ({ code, message, hint }: TaktError): Told => ({ code, message, hint });

/** A forecast of months, as the nodes give it and the API answers it. */
export function monthsOutput({ at, timezone, confidence, currency, later, came, closedDeals, openDeals, ...answer }: MonthsAnswer) {
  const { months, past, quality, notes } = answer;
  return {
    at: isoOf(at),
    timezone,
    confidence,
    currency,
    months: months.map(({ total, teams, channels, ...month }) => ({
      ...month,
      total: { ...total },
      teams: teams.map((part) => ({ ...part })),
      channels: channels.map((part) => ({ ...part })),
    })),
    later,
    came,
    closedDeals,
    openDeals,
    past: past.map(({ why, ...month }) => ({ ...month, why: why === null ? null : toldOf(why) })),
    quality: quality && { ...quality },
    notes: notes.map(toldOf),
  };
}
