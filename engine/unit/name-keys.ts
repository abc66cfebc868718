/** Which keys of names come and go as records are written: few are, as few changes are of a name. */
import type { DuplicateRules } from '../../schemas/entity.ts';
import { nameKeysOf, namesOf } from '../duplicates/index.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { NameKeyRow, RecordRow } from './rows.ts';

export interface NameKeyChanges {
  added: NameKeyRow[];
  removed: NameKeyRow[];
}

/** @param written with what each was made from, where it was there before */
export function nameKeyChanges(written: readonly { row: RecordRow; base?: RecordRow }[], entities: EntityRegistry): NameKeyChanges {
  const changes: NameKeyChanges = { added: [], removed: [] };
  for (const { row, base } of written) {
    const rules = entities.get(row.entity)?.definition.duplicates;
    if (!rules?.name || (base && isAlike(base, row, rules.name))) continue;
    const [before, after] = [base ? keysOf(base, rules) : [], keysOf(row, rules)];
    const as = (key: string): NameKeyRow => ({ entity: row.entity, key, recordId: row.id });
    changes.removed.push(...before.filter((key) => !after.includes(key)).map(as));
    changes.added.push(...after.filter((key) => !before.includes(key)).map(as));
  }
  return changes;
}

/** The keys of a living record's names. */
export const nameKeyRows = (row: RecordRow, rules: DuplicateRules): NameKeyRow[] =>
  keysOf(row, rules).map((key) => ({ entity: row.entity, key, recordId: row.id }));

const keysOf = (row: RecordRow, rules: DuplicateRules): string[] =>
  row.deletedAt === null ? nameKeysOf({ of: rules.of, names: namesOf(rules, row.data) }) : [];

/** A change that says nothing of a field leaves its value in place. */
const isAlike = (base: RecordRow, row: RecordRow, fields: readonly string[]): boolean =>
  base.deletedAt === row.deletedAt && fields.every((field) => base.data[field] === row.data[field]);
