/** Records, the pure part: entities, the check of what goes in, formulas on what comes out. Knows no database. */
export { type CheckedRecord, checkRecord, checkRecordSize, type RecordMode } from './check.ts';
export { checkEntityDefinition } from './definition.ts';
export type { Entity } from './entity.ts';
export { computeFormulas, withFormulas } from './formulas.ts';
export { recordJsonSchema } from './json-schema.ts';
export { displayName } from './name.ts';
export { EntityRegistry } from './registry.ts';
export { foldText, searchForms, searchText, sortKey } from './text.ts';
