/** Why a model gives a record its chance, in words for people. */
import {
  type DataRequest,
  type EntityRegistry,
  loadRecord,
  type Prediction,
  type ReadingContext,
  type RecordView,
} from '../../engine/sdk.ts';
import type { FieldDefinition } from '../../schemas/entity.ts';
import type { Json } from '../../schemas/json.ts';

export interface ScoreReason {
  /** A sentence without its stop: `Source: referral – raises the chance`. */
  text: string;
  field: string;
  direction: 'up' | 'down';
  /** What it adds to the log-odds against the average record. */
  weight: number;
}

/** Less than this changes a chance of one half by a quarter of a per cent: no reason for anything. */
const LEAST_WEIGHT = 0.01;
/** From here on the odds are more than doubled, or halved. */
const STRONG = 0.7;

const WORDS = {
  en: {
    up: 'raises the chance',
    down: 'lowers the chance',
    stronglyUp: 'raises the chance strongly',
    stronglyDown: 'lowers the chance strongly',
    unknown: 'not known',
    yes: 'yes',
    no: 'no',
  },
  ru: {
    up: 'повышает шанс',
    down: 'снижает шанс',
    stronglyUp: 'сильно повышает шанс',
    stronglyDown: 'сильно снижает шанс',
    unknown: 'неизвестно',
    yes: 'да',
    no: 'нет',
  },
} as const;
type Words = (typeof WORDS)[keyof typeof WORDS];
type Reads = Pick<ReadingContext, 'read' | 'settings'>;

/** The strongest reasons, each once. Titles of fields and options are those of the entity; the names of referred records are loaded. */
export function* scoreReasons(
  ctx: Reads,
  entities: EntityRegistry,
  record: RecordView,
  { contributions }: Prediction,
  most: number,
): Generator<DataRequest, ScoreReason[], void> {
  const { locale } = ctx.settings;
  const entity = entities.get(record.entity);
  const reasons = new Map<string, ScoreReason>();
  for (const { column, logOdds } of contributions) {
    if (reasons.size >= most) break;
    if (!isReason(logOdds)) continue;
    const definition = entity?.field(column);
    const shown = yield* shownValue(ctx, definition, record[column], WORDS[locale]);
    const subject = `${definition?.title ?? column}: ${shown}`;
    const known = [...reasons.values()].some((reason) => reason.field === column);
    if (known || reasons.has(subject)) continue;
    const text = `${subject} – ${effect(logOdds, WORDS[locale])}`;
    reasons.set(subject, { text, field: column, direction: logOdds > 0 ? 'up' : 'down', weight: Number(logOdds.toFixed(4)) });
  }
  return [...reasons.values()];
}

/** `raises the chance strongly`: what log-odds against the average do. */
export const effectInWords = (logOdds: number, locale: keyof typeof WORDS): string => effect(logOdds, WORDS[locale]);

/** What stands for a value that is not known. */
export const unknownInWords = (locale: keyof typeof WORDS): string => WORDS[locale].unknown;

/** Less says nothing. */
export const isReason = (logOdds: number): boolean => Math.abs(logOdds) >= LEAST_WEIGHT;

function effect(logOdds: number, words: Words): string {
  if (logOdds > 0) return logOdds >= STRONG ? words.stronglyUp : words.up;
  return -logOdds >= STRONG ? words.stronglyDown : words.down;
}

function* shownValue(
  ctx: Reads,
  definition: FieldDefinition | undefined,
  value: Json | undefined,
  words: Words,
): Generator<DataRequest, string, void> {
  if (value === undefined || value === null || value === '') return words.unknown;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return value.toLocaleString(ctx.settings.locale);
  if (Array.isArray(value)) {
    const parts: string[] = [];
    for (const one of value) parts.push(yield* shownValue(ctx, definition, one, words));
    return parts.join(', ');
  }
  if (typeof value === 'object') return shownObject(value, ctx.settings.locale);
  if (definition?.type === 'select' || definition?.type === 'multi_select') {
    return definition.options.find((option) => option.id === value)?.title ?? value;
  }
  if (definition?.type !== 'reference') return value;
  const referred = yield* loadRecord(ctx, value);
  return typeof referred?.name === 'string' ? referred.name : words.unknown;
}

function shownObject(value: Readonly<Record<string, Json>>, locale: string): string {
  const { amount, currency } = value;
  if (typeof amount === 'number') return `${amount.toLocaleString(locale)} ${typeof currency === 'string' ? currency : ''}`.trim();
  return JSON.stringify(value);
}
