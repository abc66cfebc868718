import type { LoadMeasure } from '../../../node/definition.ts';
import { isCounted, weightOf } from '../../../unit/loads.ts';
import type { ChangeRow, EventRow } from '../../../unit/rows.ts';
import { recordsThatFit } from '../matching.ts';
import { by, oldestFirst } from '../order.ts';
import type { Tables } from '../tables.ts';

export const eventsSince = (
  tables: Tables,
  questions: readonly { recordId: string; types: readonly string[]; since: number }[],
): EventRow[][] =>
  questions.map(({ recordId, types, since }) =>
    [...tables.eventsByRecord.of(recordId)]
      .filter((event) => event.at >= since && types.includes(event.type))
      .sort(oldestFirst)
      .slice(0, 100),
  );

export const eventCounts = (tables: Tables, questions: readonly { recordId: string; type: string; since: number }[]): number[] =>
  questions.map(
    ({ recordId, type, since }) =>
      [...tables.eventsByRecord.of(recordId)].filter((event) => event.type === type && event.at >= since).length,
  );

export const sentCounts = (tables: Tables, questions: readonly { recordId: string; channel: string; since: number }[]): number[] =>
  questions.map(
    ({ recordId, channel, since }) =>
      [...tables.effectsByRecord.of(recordId)].filter(
        ({ payload, status, createdAt }) =>
          payload.channel === channel && (status === 'pending' || status === 'sent') && createdAt >= since,
      ).length,
  );

export function changesSinceRun(tables: Tables, recordId: string, runId: string): ChangeRow[] {
  const changes = [...tables.changesByRecord.of(recordId)].sort(by((row) => row.version));
  const first = changes.findIndex(({ author }) => author.kind === 'run' && author.id === runId);
  return first < 0 ? [] : changes.slice(first, first + 200);
}

export const ownerLoads = (tables: Tables, load: LoadMeasure, owners: readonly string[]): number[] =>
  owners.map((owner) => {
    const rows = recordsThatFit(tables, { entity: load.entity, hot: { owner }, contains: {} });
    return rows.reduce((sum, row) => sum + (isCounted(row, load) ? weightOf(row, load.sum) : 0), 0);
  });
