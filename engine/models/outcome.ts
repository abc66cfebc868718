/** How a record has ended, and when that was known. Pure. */
import type { Expression } from '../expression/index.ts';
import type { RecordView } from '../node/context.ts';
import type { Entity } from '../records/index.ts';
import { typeOf } from './values.ts';

const DAY_MS = 86_400_000;

export type Outcome = 'success' | 'failure' | 'open' | 'both';

/** @param scope the record's fields at the root, beside `record`. Throws what the conditions throw. */
export function outcomeIn(scope: unknown, well: Expression, badly: Expression, env: { now: number; random: () => number }): Outcome {
  const [good, bad] = [well.test(scope, env), badly.test(scope, env)];
  if (good && bad) return 'both';
  if (good) return 'success';
  return bad ? 'failure' : 'open';
}

/** The moment in a field, milliseconds; a date alone is its whole day in UTC. Undefined where the field is empty. */
export function momentIn(entity: Entity, field: string, view: RecordView): { from: number; until: number } | undefined {
  const value = view[field];
  const from = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(from)) return undefined;
  return { from, until: typeOf(entity, field) === 'date' ? from + DAY_MS : from };
}
