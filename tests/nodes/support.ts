import { expect } from 'vitest';
import type { StepOutcome } from '../../engine/testing.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

/** Port and output of a step that goes on. */
export function left({ result }: StepOutcome): { port: string; output: JsonObject } {
  if (result.kind !== 'next') throw new Error(`The step does not go on: ${result.kind}.`);
  return { port: result.port, output: asObject(result.output) };
}

export function asObject(value: Json | undefined): JsonObject {
  expect(value).toBeTypeOf('object');
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
