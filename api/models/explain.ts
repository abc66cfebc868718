/** Why a record has its chance: as data, and in words. */
import type { Engine } from '../../engine/index.ts';
import type { Explanation } from '../../engine/services/models.ts';
import { type ScoreReason, scoreReasons } from '../../nodes/score/reasons.ts';

export interface Explained extends Explanation {
  reasons: ScoreReason[];
}

/** @param most how many reasons. Throws as `ModelService.explain`. */
export async function explainRecord(
  engine: Engine,
  model: string,
  recordId: string,
  locale: 'en' | 'ru',
  most: number,
): Promise<Explained> {
  const explanation = await engine.models.explain(model, recordId);
  const { entities, record, prediction } = explanation;
  // No moment is told, so that the zone does not matter.
  const reasons = await engine.reading.ask({ timezone: 'UTC', locale }, (ctx) => scoreReasons(ctx, entities, record, prediction, most));
  return { ...explanation, reasons };
}
