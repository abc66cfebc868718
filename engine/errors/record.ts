import type { ErrorEntry } from './types.ts';

export const recordErrors = {
  DUPLICATES_UNDEFINED: {
    status: 400,
    title: 'Nothing tells that two records of this entity are one',
    hint: 'Give the entity "duplicates": the fields with e-mails, phones and names.',
  },
  ENTITY_IN_USE: { status: 409, title: 'There are records of this entity', hint: 'Delete its records for good first, or keep the entity.' },
  ENTITY_UNKNOWN: { status: 404, title: 'There is no entity with that name', hint: 'List the entities, or define this one first.' },
  ENTITY_INVALID: { status: 400, title: 'An entity is not defined correctly', hint: 'Correct the places named under "errors".' },
  ENTITY_CONFLICT: {
    status: 409,
    title: 'Two definitions of an entity contradict each other',
    hint: 'An extension may add fields; it may not define a built-in field anew. Give each entity and field one definition.',
  },
  PRIORITIES_UNDEFINED: {
    status: 400,
    title: 'The records of this entity have no priorities',
    hint: 'Give the entity "priorities": the field that holds them, and what is allowed with each.',
  },
  PRIORITY_INVALID: {
    status: 400,
    title: 'There is no such priority',
    hint: 'Give one that the field can hold, from 1 to 5 for leads and deals.',
  },
  FIELD_NAME_RESERVED: { status: 400, title: 'That name belongs to the system', hint: 'Give the field another name.' },
  MERGE_INVALID: { status: 400, title: 'These records cannot become one', hint: 'Name two living records of one entity.' },
  MERGE_TOO_MANY: {
    status: 409,
    title: 'Too many records refer to the one that is to go',
    hint: 'Merge the other way round, or point them at the record that stays first.',
  },
  MERGE_NOT_FOUND: { status: 404, title: 'There is no merge with that id', hint: 'The event record.merged has it.' },
  MERGE_UNDONE: { status: 409, title: 'The merge was taken back already', hint: 'Merge the records again, if they are one after all.' },
  MERGE_TOO_OLD: {
    status: 409,
    title: 'The merge is too old to be taken back',
    hint: 'Restore the deleted record and set its fields by hand.',
  },
  RECORD_INVALID: { status: 400, title: 'The record does not fit its entity', hint: 'Correct the fields named under "errors".' },
  RECORD_TOO_LARGE: { status: 413, title: 'The record is too large', hint: 'Keep a record under 256 KB; put long documents into files.' },
  FIELD_UNKNOWN: { status: 400, title: 'The entity has no such field', hint: 'Correct the name, or add the field to the entity.' },
  FIELD_INVALID: { status: 400, title: 'The value does not fit the field', hint: 'Correct the value.' },
  FIELD_REQUIRED: { status: 400, title: 'A required field is missing', hint: 'Give the field a value.' },
  FIELD_READONLY: { status: 400, title: 'The field cannot be set here', hint: 'Leave the field out.' },
  FORMULA_INVALID: { status: 400, title: 'A formula cannot be used', hint: 'Correct the expression.' },
  FORMULA_CYCLE: {
    status: 400,
    title: 'Formulas depend on each other in a circle',
    hint: 'Break the circle: let one of them use stored fields only.',
  },
  FORMULA_FAILED: {
    status: 422,
    title: 'A formula gave no usable value for this record',
    hint: 'Look at the fields that the formula reads.',
  },
} as const satisfies Record<string, ErrorEntry>;
