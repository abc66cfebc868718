import { expect } from 'vitest';
import { TaktError } from '../../engine/sdk.ts';
import type { StepOutcome } from '../../engine/testing.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

/** The TaktError that the work throws; anything else fails the test. */
export function refusal(work: () => unknown): TaktError {
  try {
    work();
  } catch (error) {
    if (error instanceof TaktError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

export async function rejection(work: Promise<unknown>): Promise<TaktError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TaktError) return error;
  throw new Error('No TaktError was thrown.', { cause: error });
}

/** Port and output of a step that goes on. */
export function left({ result }: StepOutcome): { port: string; output: JsonObject } {
  if (result.kind !== 'next') throw new Error(`The step does not go on: ${result.kind}.`);
  return { port: result.port, output: asObject(result.output) };
}

export function asObject(value: Json | undefined): JsonObject {
  expect(value).toBeTypeOf('object');
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
