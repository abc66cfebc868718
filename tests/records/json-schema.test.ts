import { describe, expect, it } from 'vitest';
import { EntityRegistry, recordJsonSchema } from '../../engine/records/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import { entityOf } from './helpers.ts';

const entity = entityOf(
  {
    name: { type: 'text', title: 'Name', required: true, description: 'What it is called' },
    level: { type: 'number', title: 'Level', required: true, default: 1, min: 0 },
    origin: { type: 'text', title: 'Origin', readonly: true },
    kind: { type: 'select', title: 'Kind', options: [{ id: 'a', title: 'A' }] },
    parent: { type: 'reference', title: 'Parent', entity: 'thing' },
  },
  { stages: [{ id: 'open', title: 'Open' }] },
);

describe('the JSON Schema of a record', () => {
  it('for a create demands what has no default', () => {
    const schema = recordJsonSchema(entity, 'create');
    expect(schema).toMatchObject({ type: 'object', title: 'Thing', additionalProperties: false, required: ['name'] });
    expect(schema.properties).toMatchObject({
      name: { type: 'string', title: 'Name', description: 'What it is called', maxLength: 1000 },
      level: { type: 'number', minimum: 0, default: 1 },
      kind: { type: ['string', 'null'], 'x-type': 'select' },
      parent: { format: 'uuid', 'x-entity': 'thing' },
      key: { maxLength: 200 },
      stage: { oneOf: [{ const: 'open', title: 'Open' }, { const: null }] },
    });
  });

  it('for an update demands nothing and leaves out what cannot change', () => {
    const schema = recordJsonSchema(entity, 'update');
    expect(schema.required).toBeUndefined();
    expect(schema.properties).not.toHaveProperty('origin');
  });

  it('exists for every built-in entity', () => {
    for (const known of new EntityRegistry(builtInEntities).list()) {
      const stored = known.fieldNames.filter((name) => known.field(name)?.type !== 'formula');
      expect(Object.keys(recordJsonSchema(known, 'create').properties ?? {})).toEqual(expect.arrayContaining(stored));
    }
  });
});
