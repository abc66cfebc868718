import type { ChangeRow } from '../../../unit/rows.ts';
import type { OwnerChange, OwnerChangeFilter } from '../../queries/assignments.ts';
import type { Tables } from '../tables.ts';

export function ownerChanges(
  tables: Tables,
  { entity, from, until }: OwnerChangeFilter,
  after: Pick<OwnerChange, 'at' | 'recordId' | 'version'> | undefined,
  limit: number,
): OwnerChange[] {
  const found = [...tables.recordsByEntity.of(entity)].flatMap((record) => {
    const changes = [...tables.changesByRecord.of(record.id)].filter((change) => change.changes.owner !== undefined);
    const earliest = Math.min(...changes.map(({ version }) => version));
    return changes
      .filter(({ op, at }) => op !== 'created' && at >= from && at < until)
      .map((change) => ownerChange(change, change.version === earliest, record));
  });
  return found
    .filter((change) => after === undefined || inOrder(change, after) > 0)
    .sort(inOrder)
    .slice(0, limit);
}

function ownerChange(
  { recordId, version, at, author, changes }: ChangeRow,
  first: boolean,
  { createdAt, stage }: Pick<OwnerChange, 'createdAt' | 'stage'>,
): OwnerChange {
  const to = changes.owner?.[1];
  return { recordId, version, at, author, to: typeof to === 'string' ? to : null, first, createdAt, stage };
}

type Place = Pick<OwnerChange, 'at' | 'recordId' | 'version'>;

function inOrder(a: Place, b: Place): number {
  if (a.recordId === b.recordId || a.at !== b.at) return a.at - b.at || a.version - b.version;
  return a.recordId < b.recordId ? -1 : 1;
}
