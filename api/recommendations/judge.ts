/** Whether another way to choose would bring more, judged before it goes live. */
import type { Judgement } from '../../engine/deciding/index.ts';
import type { Engine } from '../../engine/index.ts';
import { type JudgedPolicy, judgeRecommendations, type Reward } from '../../engine/recommendations/judge.ts';
import { recommendationsMade } from '../../engine/recommendations/report.ts';
import { momentOf } from '../../engine/time/moment.ts';
import type { RecordRow } from '../../engine/unit/rows.ts';

/** Outcomes take their time. */
const HALF_YEAR = 182 * 86_400_000;

export interface JudgeRequest {
  policy: JudgedPolicy;
  reward: Reward;
  /** A moment, or a day in UTC; half a year before `until` without it. */
  from?: string | undefined;
  /** Does not belong to the time; now without it. */
  until?: string | undefined;
}

/** Throws TaktError MEASURES_SPAN, MEASURES_MANY, NODE_TIME, LOGS_INVALID, POLICY_UNSUPPORTED. */
export async function judgeByRecommendations(engine: Engine, { policy, reward, ...span }: JudgeRequest): Promise<Judgement> {
  const until = span.until === undefined ? engine.ports.clock.now() : momentOf(span.until, 'UTC');
  const from = span.from === undefined ? until - HALF_YEAR : momentOf(span.from, 'UTC');
  const rows: RecordRow[] = [];
  for await (const row of recommendationsMade(engine.ports.database.store, { from, until })) rows.push(row);
  return judgeRecommendations(rows, policy, reward);
}
