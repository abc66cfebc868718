import type { ForecastDefinition } from '../../../../schemas/forecast.ts';
import { by } from '../order.ts';
import type { Tables } from '../tables.ts';

export const forecastDefinitions = (tables: Tables): ForecastDefinition[] =>
  tables.forecasts
    .all()
    .sort(by((row) => row.id))
    .map((row) => row.definition);

export function upsertForecast(tables: Tables, definition: ForecastDefinition, now: number): void {
  tables.forecasts.put({ id: definition.id, definition, updatedAt: now });
}

export function deleteForecast(tables: Tables, id: string): void {
  tables.forecasts.delete(id);
}
