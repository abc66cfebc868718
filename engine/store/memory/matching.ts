import { isBetween } from '../../unit/find.ts';
import type { RecordRow } from '../../unit/rows.ts';
import type { StoredFind } from '../queries/records.ts';
import { contains } from './json.ts';
import { joint, type Tables } from './tables.ts';

type Match = Pick<StoredFind, 'entity' | 'hot' | 'contains' | 'between'>;

/** The living records of an entity with the wanted values, in no order. */
export const recordsThatFit = (tables: Tables, find: Match): RecordRow[] => candidates(tables, find).filter((row) => fits(row, find));

/** Records among which those that fit must be: the smallest set that an index gives. */
function candidates(tables: Tables, { entity, hot, contains }: Match): RecordRow[] {
  if (hot.key !== undefined) {
    const row = tables.recordsByKey.get(joint(entity, hot.key));
    return row ? [row] : [];
  }
  const all = tables.recordsByEntity.of(entity);
  const { recordsByField } = tables;
  const sets = [
    ...Object.entries(contains).flatMap(([field, value]) => recordsByField.with(entity, { in: 'data', field }, value, all)),
    ...(['owner', 'stage', 'name'] as const).flatMap((field) => {
      const value = hot[field];
      return value === undefined ? [] : recordsByField.with(entity, { in: 'row', field }, value, all);
    }),
  ];
  return [...sets.reduce((smallest, set) => (set.size < smallest.size ? set : smallest), all)];
}

function fits(row: RecordRow, find: Match): boolean {
  const { key, owner, stage, name } = find.hot;
  return (
    row.deletedAt === null &&
    (key === undefined || row.key === key) &&
    (owner === undefined || row.owner === owner) &&
    (stage === undefined || row.stage === stage) &&
    (name === undefined || row.name === name) &&
    contains(row.data, find.contains) &&
    isBetween(row, find.between)
  );
}
