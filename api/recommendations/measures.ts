/** What recommending brings, as the API and the command line tell it: with names, and the aims beside. */
import type { Engine } from '../../engine/index.ts';
import { RECOMMENDATION_AIMS } from '../../engine/recommendations/measures.ts';
import { type RecommendationGroup, type RecommendationReport, reportRecommendations } from '../../engine/recommendations/report.ts';
import { momentOf } from '../../engine/time/moment.ts';

const MONTH = 30 * 86_400_000;

export interface RecommendationMeasuresOptions {
  /** A moment, or a day in UTC; thirty days before `until` without it. */
  from?: string | undefined;
  /** Does not belong to the time; now without it. */
  until?: string | undefined;
  by?: RecommendationGroup | undefined;
}

export interface RecommendationMeasures {
  /** ISO instants. */
  from: string;
  until: string;
  by: RecommendationGroup;
  aims: typeof RECOMMENDATION_AIMS;
  total: RecommendationReport['total'];
  /** `title`: the name of a person, else the key. */
  groups: (RecommendationReport['groups'][number] & { title: string | null })[];
}

/** Throws TaktError MEASURES_SPAN, MEASURES_MANY, NODE_TIME. */
export async function recommendationMeasures(
  engine: Engine,
  { by = 'action', ...span }: RecommendationMeasuresOptions,
): Promise<RecommendationMeasures> {
  const until = span.until === undefined ? engine.ports.clock.now() : momentOf(span.until, 'UTC');
  const from = span.from === undefined ? until - MONTH : momentOf(span.from, 'UTC');
  const { total, groups } = await reportRecommendations(engine.ports.database.store, { from, until, by });
  const ids = by === 'person' ? groups.flatMap(({ key }) => key ?? []) : [];
  const names = new Map((await engine.records.getMany(ids)).map(({ id, name }) => [id, String(name)]));
  return {
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    by,
    aims: RECOMMENDATION_AIMS,
    total,
    groups: groups.map((group) => ({ ...group, title: (group.key === null ? undefined : names.get(group.key)) ?? group.key })),
  };
}
