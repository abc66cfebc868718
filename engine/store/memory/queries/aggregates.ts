import type { AggregateResult, ResolvedAggregate } from '../../../node/aggregate.ts';
import type { StoredFind } from '../../queries/records.ts';
import { aggregateRows } from '../aggregate-rows.ts';
import { recordsThatFit } from '../matching.ts';
import type { Tables } from '../tables.ts';

export const aggregateRecords = (
  tables: Tables,
  aggregate: ResolvedAggregate,
  match: Pick<StoredFind, 'hot' | 'contains'>,
): AggregateResult => aggregateRows(recordsThatFit(tables, { ...match, entity: aggregate.entity }), aggregate);
