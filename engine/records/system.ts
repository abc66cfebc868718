import type { EntityDefinition, FieldDefinition } from '../../schemas/entity.ts';

/** Longest external key, in characters. */
export const MAX_KEY = 200;

const OWNER: FieldDefinition = { type: 'reference', title: 'Owner', entity: 'user' };
const KEY: FieldDefinition = { type: 'text', title: 'External key', description: 'What an outside system calls this record.' };
const ALWAYS: ReadonlyMap<string, FieldDefinition> = new Map<string, FieldDefinition>([
  ['key', KEY],
  ['owner', OWNER],
  ['id', { type: 'text', title: 'Id', readonly: true }],
  ['entity', { type: 'text', title: 'Entity', readonly: true }],
  ['version', { type: 'number', title: 'Version', integer: true, readonly: true }],
  ['created_at', { type: 'date_time', title: 'Created', readonly: true }],
  ['updated_at', { type: 'date_time', title: 'Changed', readonly: true }],
  ['deleted', { type: 'yes_no', title: 'Deleted', readonly: true }],
  ['name', { type: 'text', title: 'Name', description: 'What people call the record.', readonly: true }],
]);
/** These an entity may define itself; the system's takes the place where it does not. */
const FREE: ReadonlySet<string> = new Set(['name']);

/** System fields that an input may set. */
export const SETTABLE: ReadonlySet<string> = new Set(['key', 'owner', 'stage']);

/**
 * Names that no entity may give to a field of its own: those of the system, and `constructor`, which would be
 * taken for a property of every object.
 */
export const RESERVED: ReadonlySet<string> = new Set([
  ...[...ALWAYS.keys()].filter((name) => !FREE.has(name)),
  'stage',
  'deleted_at',
  'search',
  'sort_name',
  'constructor',
]);

/** The field that every record has beside those of its entity; `stage` only where the entity has stages. */
export function systemField(definition: EntityDefinition, name: string): FieldDefinition | undefined {
  if (name !== 'stage') return ALWAYS.get(name);
  if (definition.stages === undefined) return undefined;
  return { type: 'select', title: 'Stage', options: definition.stages.map(({ id, title }) => ({ id, title })) };
}
