/** Conversion as the shop learns it: by what is known of a lead when it comes. */
import { frameOf, score, train } from '../../../engine/learning/index.ts';
import type { Learner } from './forecasts.ts';
import type { YearLead } from './leads.ts';

const COLUMNS = [
  { name: 'site', kind: 'level' },
  { name: 'channel', kind: 'level' },
  { name: 'category', kind: 'level' },
  { name: 'brand', kind: 'level' },
  { name: 'kind', kind: 'level' },
  { name: 'industry', kind: 'level' },
  { name: 'turnover', kind: 'number' },
  { name: 'pastShare', kind: 'number' },
  { name: 'month', kind: 'level' },
] as const;
const SEED = 1;

/** Learns from all leads whose outcome is known. The month of the year is a level like the others. */
export const learnedConversion: Learner = (closed, asked) => {
  const frame = (leads: readonly YearLead[]) => frameOf(leads, COLUMNS, valueIn);
  const model = train(
    frame(closed),
    Uint8Array.from(closed, ({ won }) => Number(won)),
    { times: Float64Array.from(closed, ({ arrivedAt }) => arrivedAt), kind: 'regression', seed: SEED },
  );
  return score(model, frame(asked));
};

function valueIn(lead: YearLead, column: string): unknown {
  if (column === 'month') return `m${new Date(lead.arrivedAt).getUTCMonth() + 1}`;
  return new Map<string, unknown>(Object.entries(lead)).get(column);
}
