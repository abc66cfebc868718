import type { ForecastDefinition } from '../../../schemas/forecast.ts';
import type { Executor } from '../database.ts';
import { asc, eq } from '../drizzle.ts';
import { forecasts } from '../schema.ts';

/** By id. */
export async function forecastDefinitions(tx: Executor): Promise<ForecastDefinition[]> {
  const list = await tx.select({ definition: forecasts.definition }).from(forecasts).orderBy(asc(forecasts.id));
  return list.map((row) => row.definition);
}

export async function upsertForecast(tx: Executor, definition: ForecastDefinition, now: number): Promise<void> {
  await tx
    .insert(forecasts)
    .values({ id: definition.id, definition, updatedAt: now })
    .onConflictDoUpdate({ target: forecasts.id, set: { definition, updatedAt: now } });
}

export async function deleteForecast(tx: Executor, id: string): Promise<void> {
  await tx.delete(forecasts).where(eq(forecasts.id, id));
}
