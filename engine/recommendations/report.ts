/** The measures of recommendations over a time, from the records that keep them. */
import { TaktError } from '../errors/index.ts';
import type { StoreTx } from '../store/port.ts';
import type { RecordRow } from '../unit/rows.ts';
import {
  type Measured,
  measureRecommendations,
  type RecommendationAim,
  type RecommendationFigures,
  type Standing,
  standings,
} from './measures.ts';

export const RECOMMENDATION_GROUPS = ['action', 'person', 'generation', 'day'] as const;
export type RecommendationGroup = (typeof RECOMMENDATION_GROUPS)[number];

export interface RecommendationQuery {
  /** Milliseconds since the epoch, of when they were made; `until` does not belong to the time. */
  from: number;
  until: number;
  by: RecommendationGroup;
}

export type RecommendationReport = {
  total: RecommendationFigures & { standing: Record<RecommendationAim, Standing> };
  /** The greatest first; days in order, in UTC. */
  groups: (RecommendationFigures & { key: string | null; standing: Record<RecommendationAim, Standing> })[];
};

const DAY = 86_400_000;
const MOST_DAYS = 366;
const MOST_READ = 50_000;
const PAGE = 1_000;

/** Recommendations of a time, read in pages by `records_page`, from the first id of the time on. Throws TaktError MEASURES_SPAN, MEASURES_MANY. */
export async function* recommendationsMade(
  store: Pick<StoreTx, 'recordPage'>,
  { from, until }: Pick<RecommendationQuery, 'from' | 'until'>,
): AsyncGenerator<RecordRow, void, void> {
  if (!(from < until && until - from <= MOST_DAYS * DAY)) throw new TaktError('MEASURES_SPAN');
  let read = 0;
  for (let after = { id: firstIdAt(from), sortName: '' }; ; ) {
    const page = await store.recordPage({ entity: 'recommendation', deleted: false, sort: 'created', after }, PAGE);
    read += page.length;
    if (read > MOST_READ) throw new TaktError('MEASURES_MANY');
    for (const row of page) if (row.createdAt < until) yield row;
    const last = page.at(-1);
    if (!last || page.length < PAGE || last.createdAt >= until) return;
    after = last;
  }
}

/** Throws TaktError MEASURES_SPAN, MEASURES_MANY. */
export async function reportRecommendations(
  store: Pick<StoreTx, 'recordPage'>,
  { from, until, by }: RecommendationQuery,
): Promise<RecommendationReport> {
  const found: (Measured & { at: number })[] = [];
  for await (const row of recommendationsMade(store, { from, until })) found.push(measured(row));
  const groups = Map.groupBy(found, (one) => keyOf(one, by));
  const told = (key: string | null): number => groups.get(key)?.length ?? 0;
  const order = (a: string | null, b: string | null): number =>
    by === 'day' ? ((a ?? '') < (b ?? '') ? -1 : 1) : told(b) - told(a) || ((a ?? '') < (b ?? '') ? -1 : 1);
  return {
    total: judged(found),
    groups: [...groups.keys()].sort(order).map((key) => ({ key, ...judged(groups.get(key) ?? []) })),
  };
}

function judged(list: readonly Measured[]): RecommendationReport['total'] {
  const figures = measureRecommendations(list);
  const urgent = list.filter((one) => one.urgent && one.toldAt !== null && !one.heldOut).length;
  return { ...figures, standing: standings(figures, urgent) };
}

function keyOf({ action, person, generation, at }: Measured & { at: number }, by: RecommendationGroup): string | null {
  switch (by) {
    case 'action':
      return action;
    case 'person':
      return person;
    case 'generation':
      return generation;
    case 'day':
      return new Date(at).toISOString().slice(0, 10);
  }
}

function measured({ data, owner, stage, createdAt }: RecordRow): Measured & { at: number } {
  const { record, action, generation, told_at, accepted_at, delivery, outcome, earned, currency } = data;
  const about = typeof record === 'object' && record !== null && !Array.isArray(record) ? record.id : null;
  return {
    at: createdAt,
    record: String(about),
    action: String(action),
    person: owner,
    generation: String(generation ?? 'rules'),
    heldOut: stage === 'held_out',
    toldAt: momentOf(told_at),
    acceptedAt: momentOf(accepted_at),
    adopted: stage === 'accepted' || stage === 'done',
    declined: stage === 'declined',
    urgent: delivery === 'push',
    success: outcome === undefined || outcome === null ? null : outcome === 'success',
    earned: typeof earned === 'number' ? earned : 0,
    currency: typeof currency === 'string' ? currency : null,
  };
}

const momentOf = (value: unknown): number | null => (typeof value === 'string' ? Date.parse(value) : null);

/** Ids are UUIDs of version 7, which begin with the millisecond: none of the time comes before this one. RFC 9562, section 5.7. */
function firstIdAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
