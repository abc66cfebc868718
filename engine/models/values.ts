/** What a model sees of a record. */
import type { Json } from '../../schemas/json.ts';
import type { LearnedField } from '../../schemas/model.ts';
import type { Entity } from '../records/index.ts';

const DAY_MS = 86_400_000;

/** A text, a number, or null where it is not known. */
export type Seen = string | number | null;

/**
 * The value of a field as a model takes it: of money its amount, of dates the days since 1970, of yes/no 1 and 0, lists as one level.
 * What does not fit the kind is not known.
 */
export function seen(entity: Entity, { name, kind }: LearnedField, value: Json | undefined): Seen {
  if (value === undefined || value === null) return null;
  return kind === 'number' ? numberOf(entity, name, value) : levelOf(value);
}

function numberOf(entity: Entity, name: string, value: Json): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (isMoney(value)) return value.amount;
  if (typeof value !== 'string' || !MOMENTS.has(typeOf(entity, name) ?? '')) return null;
  const at = Date.parse(value);
  return Number.isFinite(at) ? at / DAY_MS : null;
}

function levelOf(value: Json): string | null {
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return text === '' ? null : text.slice(0, LONGEST_LEVEL);
}

/** As long as a level of `learning/frame.ts`. */
const LONGEST_LEVEL = 100;

/** Types that hold a moment. */
export const MOMENTS: ReadonlySet<string> = new Set(['date', 'date_time']);

/** Of a formula, the type of its result. */
export function typeOf(entity: Entity, name: string): string | undefined {
  const definition = entity.field(name);
  return definition?.type === 'formula' ? definition.result : definition?.type;
}

/** The currency of an amount of money, undefined of anything else. */
export const currencyOf = (value: Json | undefined): string | undefined => (isMoney(value) ? value.currency : undefined);

function isMoney(value: Json | undefined): value is { amount: number; currency: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value.amount === 'number' &&
    typeof value.currency === 'string'
  );
}
