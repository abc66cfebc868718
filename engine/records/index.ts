/** Records, the pure part: entities, the check of what goes in, formulas on what comes out. Knows no database. */
export { type CheckContext, type CheckedRecord, checkRecord, checkRecordSize, type RecordMode, type RecordReference } from './check.ts';
export type { Entity } from './entity.ts';
export { computeFormulas, type FormulaEnv, withFormulas } from './formulas.ts';
export { recordJsonSchema } from './json-schema.ts';
export { displayName } from './name.ts';
export { EntityRegistry } from './registry.ts';
export { foldText, searchForms, searchText, sortKey } from './text.ts';
