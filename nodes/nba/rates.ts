/** What recommendations have learned: how often actions and people succeeded in a segment, beside what was promised. */
import { type DataRequest, findRecords, isoOf, type Kept, type RecordView, type StepContext } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';

/** Segments of an action, or people of a segment, that are looked at. */
const MOST_RATES = 1_000;
const DAY = 86_400_000;
/** A key has at most 200 characters. */
const MOST_SEGMENT = 100;

/** Of records without a segment. */
export const segmentName = (segment: string | null | undefined): string => (segment ?? '').trim().slice(0, MOST_SEGMENT);

/** Outcomes of an action by segment. */
export function* actionRates(ctx: StepContext, action: string): Generator<DataRequest, Kept[], void> {
  const found = yield* findRecords(ctx, { entity: 'success_rate', match: { subject: action }, limit: MOST_RATES });
  return found.filter((rate) => rate.of === 'action').map((rate) => kept(rate, textOf(rate.segment)));
}

/** Outcomes of people in a segment, by their ids. */
export function* peopleRates(ctx: StepContext, segment: string): Generator<DataRequest, Kept[], void> {
  const found = yield* findRecords(ctx, { entity: 'success_rate', match: { of: 'person', segment }, limit: MOST_RATES });
  return found.map((rate) => kept(rate, textOf(rate.subject)));
}

const kept = (rate: RecordView, group: string): Kept => ({
  group,
  tries: numberOf(rate.tries),
  successes: numberOf(rate.successes),
  expected: numberOf(rate.expected),
});

export interface Outcome {
  of: 'action' | 'person';
  subject: string;
  segment: string;
  success: boolean;
  /** The probability that was promised. */
  promised: number;
}

/** Counts outcomes; what was counted before is worth half after so many days. */
export function* noteOutcomes(ctx: StepContext, outcomes: readonly Outcome[], halfLifeDays: number): Generator<DataRequest, void, void> {
  // One rate may have several of them, and a step does not find what it has just written.
  const byKey = Map.groupBy(outcomes, ({ of, subject, segment }) => `${of}:${subject}:${segment}`);
  for (const [key, several] of byKey) {
    const [first] = several;
    const [rate] = yield* findRecords(ctx, { entity: 'success_rate', match: { key }, limit: 1 });
    if (!first) continue;
    const days = rate && typeof rate.as_of === 'string' ? Math.max(0, (ctx.now - Date.parse(rate.as_of)) / DAY) : 0;
    const fade = 0.5 ** (days / halfLifeDays);
    const before = rate ? kept(rate, '') : { tries: 0, successes: 0, expected: 0 };
    const counted: JsonObject = {
      tries: before.tries * fade + several.length,
      successes: before.successes * fade + several.filter(({ success }) => success).length,
      expected: before.expected * fade + several.reduce((sum, { promised }) => sum + promised, 0),
      as_of: isoOf(ctx.now),
    };
    const { of, subject, segment } = first;
    if (rate) ctx.update(rate.id, counted);
    else ctx.create({ entity: 'success_rate', data: { key, of, subject, ...(segment === '' ? {} : { segment }), ...counted } });
  }
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
