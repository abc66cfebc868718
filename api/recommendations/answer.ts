/** Answers of people to recommendations. */
import { type Engine, TaktError } from '../../engine/index.ts';
import type { RecordView } from '../../engine/node/context.ts';
import type { Author } from '../../engine/store/schema.ts';
import { type Answer, answered, calendarOfUser } from '../../nodes/index.ts';

/**
 * Writes the answer. Of two that come at once the first one counts, and the second is told so.
 * Throws TaktError RECORD_NOT_FOUND, RECOMMENDATION_ANSWERED, RECOMMENDATION_ANSWER.
 */
export async function answerRecommendation(engine: Engine, id: string, answer: Answer, author: Author): Promise<RecordView> {
  for (let again = true; ; again = false) {
    const one = await engine.records.get(id);
    if (one.entity !== 'recommendation' || one.deleted) {
      throw new TaktError('RECORD_NOT_FOUND', { message: `There is no recommendation ${id}.` });
    }
    const data = answered(one, answer, engine.ports.clock.now(), await zoneOf(engine, one));
    try {
      const written = await engine.intake.submitOne({ kind: 'update', id, data, version: Number(one.version) }, author);
      if (written.kind !== 'record') throw new TaktError('INTERNAL');
      return written.record;
    } catch (thrown) {
      // Somebody, or the day's planning, has written in between: looked at once more.
      if (!again || !(thrown instanceof TaktError) || thrown.code !== 'RECORD_VERSION_STALE') throw thrown;
    }
  }
}

/** The clock on which the person works, by which days are counted. */
async function zoneOf(engine: Engine, { owner }: RecordView): Promise<string> {
  const [person] = typeof owner === 'string' ? await engine.records.getMany([owner]) : [];
  if (!person) return 'UTC';
  const { zone } = await engine.reading.ask({ timezone: 'UTC', locale: 'en' }, (ctx) => calendarOfUser(ctx, person));
  return zone;
}
