/** Deals as a forecast knows them, and what is wrong with those that it cannot count. */
import { type ErrorCode, TaktError } from '../errors/index.ts';

/** Moments are milliseconds since the epoch. */
export interface Deal {
  readonly id: string;
  readonly openedAt: number;
  /** Null as long as it is open. */
  readonly closedAt: number | null;
  readonly won: boolean | null;
  /** What it brings where it is won; of a deal that was won: what it has brought. */
  readonly profit: number;
  readonly currency: string;
  /**
   * Of being won in the end, as it was told before the outcome. Without it, the share of those won so far. Closed deals have theirs, too, so that
   * what was promised is compared with what came.
   */
  readonly probability?: number;
  readonly team: string;
  readonly channel: string;
}

/** With fewer closed deals nothing is told. */
export const LEAST_CLOSED = 20;

/** Of closed deals the share that was won, drawn to a half by two deals more; undefined where too few have closed to say so. */
export function shareWon(closed: readonly Pick<Deal, 'won'>[]): number | undefined {
  if (closed.length < LEAST_CLOSED) return undefined;
  return (closed.filter(({ won }) => won === true).length + 1) / (closed.length + 2);
}

/** As many problems are told at a time. */
const MOST_TOLD = 20;

/**
 * @param now the moment of the forecast: nothing may be known that came after it
 * @throws TaktError FORECAST_DEALS with the problems of single deals (FORECAST_PROFIT, FORECAST_PROBABILITY, FORECAST_OUTCOME,
 * FORECAST_FUTURE); FORECAST_CURRENCIES
 */
export function checkDeals(deals: readonly Deal[], now: number): void {
  const problems: TaktError[] = [];
  for (const [place, deal] of deals.entries()) {
    const problem = problemOf(deal, now);
    if (problem === undefined) continue;
    const [code, field, message] = problem;
    problems.push(new TaktError(code, { message: `Deal "${deal.id}": ${message}`, field, pointer: `/${place}/${field}` }));
    if (problems.length === MOST_TOLD) break;
  }
  const [first] = problems;
  if (first !== undefined) throw new TaktError('FORECAST_DEALS', { message: first.message, errors: problems });
  checkCurrencies(deals);
}

function problemOf(deal: Deal, now: number): [ErrorCode, keyof Deal, string] | undefined {
  const { openedAt, closedAt, won, profit, probability } = deal;
  if (!(profit >= 0 && Number.isFinite(profit))) return ['FORECAST_PROFIT', 'profit', `its profit is ${profit}.`];
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    return ['FORECAST_PROBABILITY', 'probability', `its probability is ${probability}.`];
  }
  if ((closedAt === null) !== (won === null)) {
    return closedAt === null
      ? ['FORECAST_OUTCOME', 'closedAt', 'it has an outcome, but no moment at which it closed.']
      : ['FORECAST_OUTCOME', 'won', 'it is closed, but neither won nor lost.'];
  }
  if (!(openedAt <= now)) return ['FORECAST_FUTURE', 'openedAt', `it begins after ${written(now)}.`];
  if (closedAt === null) return undefined;
  if (!(closedAt <= now)) return ['FORECAST_FUTURE', 'closedAt', `it closed after ${written(now)}, so its outcome was not known then.`];
  return closedAt < openedAt ? ['FORECAST_OUTCOME', 'closedAt', 'it closed before it began.'] : undefined;
}

/** @throws TaktError FORECAST_CURRENCIES */
export function checkCurrencies(amounts: readonly { readonly currency: string }[]): void {
  const currencies = [...new Set(amounts.map(({ currency }) => currency))];
  if (currencies.length < 2) return;
  throw new TaktError('FORECAST_CURRENCIES', { message: `The sums are in ${currencies.slice(0, 5).join(', ')}.`, field: 'currency' });
}

const written = (ms: number): string => new Date(ms).toISOString();
