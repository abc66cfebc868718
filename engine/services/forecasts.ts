/** Forecasts as people handle them. */
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import { asTaktError, type ErrorData } from '../errors/index.ts';
import { checkForecast } from '../forecasting/check.ts';
import type { ForecastWorld } from '../forecasting/gather.ts';
import { forecastMonths, type MonthsAnswer, type MonthsQuery } from '../forecasting/months.ts';
import { type ReceivedAnswer, type ReceivedQuery, receivedLeads } from '../forecasting/received.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';

export class ForecastService {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** By id. */
  list(): Promise<ForecastDefinition[]> {
    return this.#ports.database.store.forecastDefinitions();
  }

  /** Throws FORECAST_UNKNOWN. */
  async get(id: string): Promise<ForecastDefinition> {
    return (await this.#world()).forecasts.require(id).definition;
  }

  /** Every problem of a definition; none means that it can be kept. */
  async validate(value: unknown): Promise<ErrorData[]> {
    const { entities } = await this.#world();
    try {
      checkForecast(value, entities);
      return [];
    } catch (thrown) {
      return asTaktError(thrown).errors.map((problem) => problem.toData());
    }
  }

  /** Defines a forecast, or replaces the one with its id. Throws FORECAST_INVALID with every problem. */
  async define(value: unknown): Promise<ForecastDefinition> {
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const definition = checkForecast(value, (await this.#ports.catalog.current(tx)).entities);
      await tx.upsertForecast(definition, this.#ports.clock.now());
      await tx.bumpCatalog();
      return definition;
    });
  }

  /** Throws FORECAST_UNKNOWN. */
  async remove(id: string): Promise<void> {
    await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      (await this.#ports.catalog.current(tx)).forecasts.require(id);
      await tx.deleteForecast(id);
      await tx.bumpCatalog();
    });
  }

  /** What months will bring, and how earlier forecasts came true. Throws as `forecastMonths`. */
  async months(query: MonthsQuery): Promise<MonthsAnswer> {
    return forecastMonths(this.#ports.database.store, await this.#world(), query);
  }

  /** What people have received and channels have brought in a time. Throws as `receivedLeads`. */
  async received(query: ReceivedQuery): Promise<ReceivedAnswer> {
    return receivedLeads(this.#ports.database.store, await this.#world(), query);
  }

  async #world(): Promise<ForecastWorld> {
    const state = await this.#ports.catalog.current(this.#ports.database.store);
    return { ...state, now: this.#ports.clock.now(), random: () => this.#ports.random.next() };
  }
}
