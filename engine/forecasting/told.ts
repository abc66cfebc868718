/** Answers of forecasts as a transaction keeps them: a refusal is told to who asked, and fails nobody else. */
import { asTaktError, TaktError } from '../errors/index.ts';
import type { StoreTx } from '../store/port.ts';
import type { ForecastWorld } from './gather.ts';
import { forecastMonths, type MonthsAnswer, type MonthsQuery } from './months.ts';
import { type ReceivedAnswer, type ReceivedQuery, receivedLeads } from './received.ts';

export type Told<T> = { readonly answer: T } | { readonly refused: TaktError };

/** Reads for forecasts. It sees what is saved. */
export interface ForecastReader {
  months(tx: StoreTx, query: MonthsQuery): Promise<Told<MonthsAnswer>>;
  received(tx: StoreTx, query: ReceivedQuery): Promise<Told<ReceivedAnswer>>;
}

export const readerOf = (world: ForecastWorld): ForecastReader => ({
  months: (tx, query) => told(forecastMonths(tx, world, query)),
  received: (tx, query) => told(receivedLeads(tx, world, query)),
});

/** Where nothing is defined. */
export const NO_FORECASTS: ForecastReader = {
  months: async (_tx, query) => noForecast(query.forecast),
  received: async (_tx, query) => noForecast(query.forecast),
};

/** Throws what was refused. */
export function answerOf<T>(told: Told<T>): T {
  if ('refused' in told) throw told.refused;
  return told.answer;
}

async function told<T>(work: Promise<T>): Promise<Told<T>> {
  try {
    return { answer: await work };
  } catch (thrown) {
    const error = asTaktError(thrown);
    // A database that goes away, or a defect, is no answer.
    if (!(thrown instanceof TaktError)) throw thrown;
    return { refused: error };
  }
}

export const noForecast = (id: string): { refused: TaktError } => ({
  refused: new TaktError('FORECAST_UNKNOWN', { message: `There is no forecast "${id}" here.` }),
});
