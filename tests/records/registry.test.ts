import { describe, expect, it } from 'vitest';
import { checkEntityDefinition, EntityRegistry } from '../../engine/records/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import type { EntityDefinition } from '../../schemas/entity.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { thrownBy } from './helpers.ts';

const lead: EntityDefinition = { name: 'lead', title: 'Lead', fields: { name: { type: 'text', title: 'Name' } } };
const problems = (builtIn: readonly unknown[], custom: readonly unknown[] = []): string[] => {
  const error = thrownBy(() => new EntityRegistry(builtIn as EntityDefinition[], custom as EntityDefinition[]));
  expect(error.code).toBe('ENTITY_INVALID');
  return error.errors.map(({ code, place }) => `${code} ${place.pointer}`);
};

describe('the built-in entities', () => {
  const registry = new EntityRegistry(builtInEntities);

  it('are all there and fit together', () => {
    expect(registry.list().map(({ name }) => name)).toEqual(
      'lead contact company deal task ticket order invoice contract product user team message call meeting form_submission report archive calendar action recommendation success_rate'.split(
        ' ',
      ),
    );
  });

  it.each(builtInEntities.map((definition) => [definition.name, definition]))('%s has the right form', (_, definition) => {
    expect(checkEntityDefinition(definition)).toBe(definition);
  });

  it('know their own fields and those of the system', () => {
    const deal = registry.require('deal');
    expect(deal.field('amount')?.type).toBe('money');
    expect(deal.field('owner')).toMatchObject({ type: 'reference', entity: 'user' });
    expect(deal.field('stage')).toMatchObject({ type: 'select' });
    expect(registry.require('contact').field('stage')).toBeUndefined();
    for (const name of ['constructor', '__proto__', 'toString']) expect(deal.field(name)).toBeUndefined();
    expect(deal.fieldNames).not.toContain('owner');
  });

  it('an unknown one is told with what was probably meant', () => {
    expect(thrownBy(() => registry.require('leed'))).toMatchObject({ code: 'ENTITY_UNKNOWN', hint: 'Did you mean "lead"?' });
    for (const name of ['constructor', '__proto__', '', 'x\u0000'.repeat(1000)]) {
      expect(registry.get(name)).toBeUndefined();
      expect(thrownBy(() => registry.require(name)).code).toBe('ENTITY_UNKNOWN');
    }
  });
});

describe('custom entities', () => {
  it('stand beside the built-in ones', () => {
    const visit = {
      name: 'visit',
      title: 'Visit',
      custom: true,
      fields: { lead: { type: 'reference', title: 'Lead', entity: 'lead' } },
    } as const;
    expect(new EntityRegistry([lead], [visit]).list().map(({ name }) => name)).toEqual(['lead', 'visit']);
  });

  it('extend a built-in one by fields and stages', () => {
    const extension: EntityDefinition = {
      name: 'lead',
      title: 'Enquiry',
      stages: [{ id: 'fresh', title: 'Fresh' }],
      fields: { gas: { type: 'yes_no', title: 'Gas station' } },
    };
    const merged = new EntityRegistry([lead], [extension]).require('lead');
    expect(merged.fieldNames).toEqual(['name', 'gas']);
    expect(merged.definition).toMatchObject({ title: 'Enquiry', stages: [{ id: 'fresh' }] });
    expect(lead.fields).not.toHaveProperty('gas');
  });

  it('cannot redefine a built-in field, nor an entity twice', () => {
    expect(problems([lead], [lead])).toEqual(['ENTITY_CONFLICT /custom/0/fields/name']);
    const other = { ...lead, fields: {} };
    expect(problems([lead], [other, other])).toEqual(['ENTITY_CONFLICT /custom/1/name']);
    expect(problems([lead, lead])).toEqual(['ENTITY_CONFLICT /builtIn/1/name']);
  });
});

describe('a wrong definition', () => {
  const withFields = (fields: JsonObject, rest: JsonObject = {}): JsonObject => ({ name: 'lead', title: 'Lead', fields, ...rest });

  it.each<[string, unknown, string[]]>([
    ['no object', 5, ['ENTITY_INVALID /custom/0']],
    ['no name', { title: 'x', fields: {} }, ['ENTITY_INVALID /custom/0']],
    ['a name with capitals', { ...lead, name: 'Lead' }, ['ENTITY_INVALID /custom/0/name']],
    ['an unknown type', withFields({ a: { type: 'txt', title: 'A' } }), ['ENTITY_INVALID /custom/0/fields/a']],
    ['a property that does not belong', withFields({ a: { type: 'text', title: 'A', max: 3 } }), ['ENTITY_INVALID /custom/0/fields/a/max']],
    ['a name of the system', withFields({ owner: { type: 'text', title: 'A' } }), ['FIELD_NAME_RESERVED /custom/0/fields/owner']],
    [
      'a name of every object',
      withFields({ constructor: { type: 'text', title: 'A' } }),
      ['FIELD_NAME_RESERVED /custom/0/fields/constructor'],
    ],
    [
      'a reference to nothing',
      withFields({ a: { type: 'reference', title: 'A', entity: 'ld' } }),
      ['ENTITY_UNKNOWN /custom/0/fields/a/entity'],
    ],
    ['bounds crossed', withFields({ a: { type: 'number', title: 'A', min: 2, max: 1 } }), ['ENTITY_INVALID /custom/0/fields/a']],
    ['no currency', withFields({ a: { type: 'money', title: 'A', currency: 'ABC' } }), ['ENTITY_INVALID /custom/0/fields/a/currency']],
    [
      'a default that does not fit',
      withFields({ a: { type: 'date', title: 'A', default: 'x' } }),
      ['FIELD_INVALID /custom/0/fields/a/default'],
    ],
    ['an empty default', withFields({ a: { type: 'text', title: 'A', default: '' } }), ['ENTITY_INVALID /custom/0/fields/a/default']],
    ['a name field that is not there', withFields({}, { nameField: ['nme'] }), ['ENTITY_INVALID /custom/0/nameField']],
    [
      'duplicates told by what is not there, or of another type',
      withFields({ a: { type: 'text', title: 'A' } }, { duplicates: { of: 'person', email: ['a'], name: ['b'], stricter: { a: true } } }),
      ['email', 'name', 'stricter'].map((part) => `ENTITY_INVALID /custom/0/duplicates/${part}`),
    ],
    [
      'priorities in a field of another type, and clients that are no records',
      withFields({ a: { type: 'number', title: 'A' } }, { priorities: { field: 'a', clients: ['a', 'b'], policies: {} } }),
      ['field', 'clients/0', 'clients/1'].map((part) => `ENTITY_INVALID /custom/0/priorities/${part}`),
    ],
    [
      'a policy of no priority, and one that allows what there is not',
      withFields(
        { a: { type: 'number', title: 'A', integer: true } },
        {
          priorities: { field: 'a', policies: { first: { contact: 'automatic', person: true }, '2': { contact: 'robots', person: true } } },
        },
      ),
      ['', '/first', '/2/contact'].map((part) => `ENTITY_INVALID /custom/0/priorities/policies${part}`),
    ],
    [
      'duplicates of neither people nor companies',
      withFields({}, { duplicates: { of: 'cat' } }),
      ['ENTITY_INVALID /custom/0/duplicates/of'],
    ],
    [
      'an option twice',
      withFields({
        a: {
          type: 'select',
          title: 'A',
          options: [
            { id: 'x', title: 'X' },
            { id: 'x', title: 'Y' },
          ],
        },
      }),
      ['ENTITY_INVALID /custom/0/fields/a/options/1/id'],
    ],
    [
      'a stage twice',
      withFields(
        {},
        {
          stages: [
            { id: 'x', title: 'X' },
            { id: 'x', title: 'Y' },
          ],
        },
      ),
      ['ENTITY_INVALID /custom/0/stages/1/id'],
    ],
  ])('%s is told with its place', (_, definition, expected) => {
    expect(problems([], [definition])).toEqual(expected);
  });

  it('a field called __proto__ is refused', () => {
    const definition = JSON.parse('{"name":"lead","title":"Lead","fields":{"__proto__":{"type":"text","title":"A"}}}');
    expect(problems([], [definition]).length).toBeGreaterThan(0);
  });

  it('all problems of all definitions are told at once', () => {
    expect(problems([], [{ ...lead, name: 'X' }, withFields({ a: { type: 'reference', title: 'A', entity: 'zzz' } })])).toEqual([
      'ENTITY_INVALID /custom/0/name',
      'ENTITY_UNKNOWN /custom/1/fields/a/entity',
    ]);
  });

  it('alone is checked by its form', () => {
    expect(checkEntityDefinition(lead)).toBe(lead);
    const error = thrownBy(() => checkEntityDefinition({ ...lead, name: '1', extra: true }));
    expect(error).toMatchObject({ code: 'ENTITY_INVALID' });
    expect(error.errors.map(({ place }) => place.pointer)).toEqual(['/extra', '/name']);
  });
});
