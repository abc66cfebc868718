import { TaktError } from '../../engine/errors/index.ts';
import { checkRecord, type Entity, EntityRegistry, type RecordMode } from '../../engine/records/index.ts';
import type { EntityDefinition, FieldDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

export const ID = '0190b6a0-0000-7000-8000-000000000001';
export const OTHER_ID = '0190b6a0-0000-7000-8000-000000000002';

/** An entity of its own for a test. */
export function entityOf(fields: Record<string, FieldDefinition>, rest: Partial<EntityDefinition> = {}): Entity {
  return new EntityRegistry([{ name: 'thing', title: 'Thing', fields, ...rest }]).require('thing');
}

export const TYPES: Record<string, FieldDefinition> = {
  line: { type: 'text', title: 'Line' },
  tags: { type: 'text', title: 'Tags', many: true },
  story: { type: 'long_text', title: 'Story' },
  count: { type: 'number', title: 'Count', integer: true, min: -10, max: 1_000_000 },
  ratio: { type: 'number', title: 'Ratio' },
  price: { type: 'money', title: 'Price', currency: 'RUB' },
  cost: { type: 'money', title: 'Cost' },
  colour: {
    type: 'select',
    title: 'Colour',
    options: [
      { id: 'red', title: 'Красный' },
      { id: 'blue', title: 'Blue' },
    ],
  },
  colours: {
    type: 'multi_select',
    title: 'Colours',
    options: [
      { id: 'red', title: 'Красный' },
      { id: 'blue', title: 'Blue' },
    ],
  },
  day: { type: 'date', title: 'Day' },
  at: { type: 'date_time', title: 'At' },
  agreed: { type: 'yes_no', title: 'Agreed' },
  parent: { type: 'reference', title: 'Parent', entity: 'thing' },
  children: { type: 'reference', title: 'Children', entity: 'thing', many: true },
  about: { type: 'reference', title: 'About', entity: '*' },
  paper: { type: 'file', title: 'Paper' },
  phone: { type: 'phone', title: 'Phone' },
  phones: { type: 'phone', title: 'Phones', many: true },
  email: { type: 'email', title: 'E-mail' },
  emails: { type: 'email', title: 'E-mails', many: true },
  extra: { type: 'json', title: 'Extra' },
};

export const thing = entityOf(TYPES, {
  stages: [
    { id: 'first', title: 'First' },
    { id: 'second', title: 'Second' },
  ],
});

/** What becomes of one value in an update. */
export function stored(field: string, value: Json, context: { country?: string } = {}): Json | undefined {
  return checkRecord(thing, { [field]: value }, 'update', context).data[field];
}

/** The error that the work throws; fails the test where it throws none or another. */
export function thrownBy(work: () => unknown): TaktError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof TaktError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown.');
}

/** Code and pointer of every problem with the input. */
export function problemsOf(entity: Entity, input: JsonObject, mode: RecordMode = 'update'): string[] {
  return thrownBy(() => checkRecord(entity, input, mode, {})).errors.map((error) => `${error.code} ${error.place.pointer ?? ''}`);
}
