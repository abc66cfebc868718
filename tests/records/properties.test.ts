import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { checkRecord, EntityRegistry, recordJsonSchema } from '../../engine/records/index.ts';
import type { EntityDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { ID, OTHER_ID, TYPES, thing } from './helpers.ts';

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const anything = fc.jsonValue({ maxDepth: 4 }).map(asJson);
const text = fc.string({ unit: 'binary', maxLength: 40 });
const digits = fc.stringMatching(/^[0-9() +-]{5,16}$/);
const many = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[] | T> => fc.oneof(one, fc.array(one, { maxLength: 4 }));
const id = fc.constantFrom(ID, OTHER_ID, ID.toUpperCase(), ` ${ID} `);
const numeric = fc.oneof(fc.double(), fc.integer(), fc.double().map(String), fc.stringMatching(/^-?[0-9]{1,12}(\.[0-9]{1,5})?$/));
const day = fc.date({ min: new Date('0001-01-03'), max: new Date('9999-12-29'), noInvalidDate: true }).map((date) => date.toISOString());
const offset = fc.constantFrom('Z', 'z', '+03:00', '-1130', '+00:00');
const address = fc.oneof(
  fc.emailAddress(),
  fc.tuple(text, text).map(([a, b]) => `${a}@${b}.рф`),
  fc.string({ unit: 'grapheme', maxLength: 10 }).map((a) => `${a}@İß.ǅ`),
);

/** Values that are right, or nearly so, for each field. */
const likely: Record<string, fc.Arbitrary<unknown>> = {
  line: fc.oneof(text, numeric),
  tags: many(text),
  story: text,
  count: numeric,
  ratio: numeric,
  price: fc.oneof(
    numeric,
    fc.tuple(numeric, fc.constantFrom('RUB', 'eur ', 'XXX', '')).map(([a, c]) => `${a} ${c}`),
  ),
  cost: fc.record({ amount: numeric, currency: fc.constantFrom('RUB', 'eur ', 'xxx') }, { requiredKeys: [] }),
  colour: fc.constantFrom('red', ' Blue', 'красный', 'green'),
  colours: many(fc.constantFrom('red', ' Blue', 'красный', '')),
  day: fc.oneof(
    day.map((at) => at.slice(0, 10)),
    fc.stringMatching(/^[0-3]?[0-9]\.[01]?[0-9]\.[0-9]{4}$/),
  ),
  at: fc.tuple(day, offset).map(([at, zone]) => at.slice(0, 23) + zone),
  agreed: fc.constantFrom('Да', 'no', 1, 0, true, 'x'),
  parent: id,
  children: many(id),
  about: fc.record({ entity: fc.constantFrom('deal', 'Deal', 'user'), id }),
  paper: fc.record(
    { id: text, url: fc.oneof(fc.webUrl(), text), name: text, size: numeric, type: fc.constantFrom('a/B', 'x') },
    { requiredKeys: ['name'] },
  ),
  phone: fc.oneof(digits, fc.stringMatching(/^[87+]9[0-9]{9,10}$/)),
  phones: many(fc.oneof(digits, fc.stringMatching(/^89[0-9]{9}$/), fc.stringMatching(/^\+[1-9][0-9]{9,12}$/))),
  email: address,
  emails: many(address),
  extra: anything,
  key: fc.oneof(text, anything),
  owner: fc.option(id),
  stage: fc.constantFrom('first', 'SECOND', 'third', null),
};
const inputs = fc
  .record(Object.fromEntries(Object.entries(likely).map(([name, value]) => [name, value])), { requiredKeys: [] })
  .map((input) => asJson(input) as JsonObject);

/** The field alone, so that what is wrong with one does not hide the others. */
function accepted(input: JsonObject): JsonObject {
  const right: JsonObject = {};
  for (const [name, value] of Object.entries(input)) {
    try {
      checkRecord(thing, { [name]: value }, 'update', {});
      right[name] = value;
    } catch (thrown) {
      if (!(thrown instanceof TaktError)) throw thrown;
    }
  }
  return right;
}

function wholeOf({ data, references: _, ...system }: ReturnType<typeof checkRecord>): JsonObject {
  return { ...data, ...system };
}

it.each(['create', 'update'] as const)(
  'what is accepted by a %s is accepted again, unchanged, also after a round trip through JSON',
  (mode) => {
    fc.assert(
      fc.property(inputs, fc.constantFrom('RU', 'US', 'DE'), (input, country) => {
        const once = checkRecord(thing, accepted(input), mode, {});
        const stored = asJson(wholeOf(once)) as JsonObject;
        expect(stored).toEqual(wholeOf(once));
        expect(checkRecord(thing, stored, mode, { country })).toEqual(once);
      }),
      { numRuns: 500 },
    );
  },
);

it('what is accepted together is what is accepted field by field', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const right = accepted(input);
      const together = checkRecord(thing, right, 'update', {}).data;
      const single = Object.entries(right).map(([name, value]) => checkRecord(thing, { [name]: value }, 'update', {}).data);
      expect(together).toEqual(Object.assign({}, ...single));
    }),
  );
});

it('what is stored fits the JSON Schema of the entity', () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv, ['date', 'date-time', 'uuid', 'uri']);
  const validators = { create: ajv.compile(recordJsonSchema(thing, 'create')), update: ajv.compile(recordJsonSchema(thing, 'update')) };
  fc.assert(
    fc.property(inputs, fc.constantFrom('create' as const, 'update' as const), (input, mode) => {
      const stored = wholeOf(checkRecord(thing, accepted(input), mode, {}));
      expect(validators[mode](stored), JSON.stringify([validators[mode].errors, stored])).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('no JSON makes the check throw anything but a coded error', () => {
  const names = fc.oneof(fc.constantFrom(...Object.keys(likely), '__proto__', 'constructor', 'id'), text);
  const value = fc.oneof(
    anything,
    fc.constantFrom(...Object.keys(TYPES)).chain((name) => likely[name] ?? anything),
  );
  const wild = fc.oneof(
    fc
      .array(fc.tuple(names, value), { maxLength: 8 })
      .map((entries) => JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v) ?? 1}`).join(',')}}`)),
    anything,
  );
  fc.assert(
    fc.property(wild, fc.constantFrom('create' as const, 'update' as const), (input, mode) => {
      try {
        checkRecord(thing, input as JsonObject, mode, {});
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(TaktError);
        expect(JSON.stringify(thrown instanceof TaktError ? thrown.toData() : '')).not.toContain('\\u0000');
      }
    }),
    { numRuns: 2000 },
  );
});

it('no JSON makes the registry throw anything but a coded error', () => {
  const field = fc.record(
    {
      type: fc.constantFrom('text', 'number', 'money', 'select', 'json', 'reference', 'formla', 'phone'),
      title: fc.oneof(fc.constant('T'), anything),
      default: anything,
      options: fc.oneof(anything, fc.constant([{ id: 'a', title: 'A' }])),
      entity: fc.constantFrom('thing', '*', 'none'),
    },
    { requiredKeys: ['type'] },
  );
  const definition = fc.record({
    name: fc.constantFrom('thing', 'Thing', 'constructor', 'other'),
    title: fc.constant('T'),
    fields: fc.oneof(anything, fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'owner'), field)),
    nameField: fc.oneof(fc.constantFrom('a', 'b'), anything),
  });
  fc.assert(
    fc.property(fc.array(definition, { maxLength: 6 }), (custom) => {
      try {
        new EntityRegistry([], asJson(custom) as unknown as EntityDefinition[]);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(TaktError);
      }
    }),
    { numRuns: 500 },
  );
});
