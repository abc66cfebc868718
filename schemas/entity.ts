/**
 * What an entity is: a named set of fields. Entities are data, so that built-in ones and those that an admin adds take
 * one path, without a migration.
 */
import { type Static, type TObject, type TProperties, type TUnsafe, Type } from 'typebox';
import type { Json } from './json.ts';

/** Names of entities, fields, stages and options. Lower-case ASCII, so that they read the same in JSON, SQL and expressions. */
export const NAME_PATTERN = '^[a-z][a-z0-9_]{0,62}$';
/** Ids of options may also begin with a digit or contain a hyphen, as sources outside often give them. */
const OPTION_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$';

const Name = Type.String({ pattern: NAME_PATTERN });
const Title = Type.String({ minLength: 1, maxLength: 200 });

const common = {
  title: Title,
  description: Type.Optional(Type.String({ maxLength: 2000 })),
};
const stored = {
  ...common,
  /** A create without it, and an update that clears it, are refused. */
  required: Type.Optional(Type.Boolean()),
  /** May be given at creation and never changes afterwards. */
  readonly: Type.Optional(Type.Boolean()),
  /** Taken at creation where no value is given. */
  default: Type.Optional(Type.Unsafe<Json>({})),
};

const closed = <P extends TProperties>(properties: P): TObject<P> => Type.Object(properties, { additionalProperties: false });

const Option = closed({ id: Type.String({ pattern: OPTION_PATTERN }), title: Title });
const options = Type.Array(Option, { minItems: 1, maxItems: 1000 });

const TextField = closed({
  type: Type.Literal('text'),
  ...stored,
  /** A list of texts: tags, skills. */
  many: Type.Optional(Type.Boolean()),
});
const LongTextField = closed({ type: Type.Literal('long_text'), ...stored });
const NumberField = closed({
  type: Type.Literal('number'),
  ...stored,
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  integer: Type.Optional(Type.Boolean()),
});
const MoneyField = closed({
  type: Type.Literal('money'),
  ...stored,
  /** Currency (ISO 4217) of an amount that comes without one. */
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
});
const SelectField = closed({ type: Type.Literal('select'), ...stored, options });
const MultiSelectField = closed({ type: Type.Literal('multi_select'), ...stored, options });
const DateField = closed({ type: Type.Literal('date'), ...stored });
const DateTimeField = closed({ type: Type.Literal('date_time'), ...stored });
const YesNoField = closed({ type: Type.Literal('yes_no'), ...stored });
const ReferenceField = closed({
  type: Type.Literal('reference'),
  ...stored,
  /** Name of an entity; `*` for a record of any entity, stored as `{ entity, id }`. */
  entity: Type.Union([Name, Type.Literal('*')]),
  many: Type.Optional(Type.Boolean()),
});
const FileField = closed({ type: Type.Literal('file'), ...stored });
const PhoneField = closed({ type: Type.Literal('phone'), ...stored, many: Type.Optional(Type.Boolean()) });
const EmailField = closed({ type: Type.Literal('email'), ...stored, many: Type.Optional(Type.Boolean()) });
/** Whatever has a structure of its own: the items of an order, a checklist, the answers of a form. */
const JsonField = closed({
  type: Type.Literal('json'),
  ...stored,
  /** What it has to be, where that is known: `calendar`, working hours as in `schemas/calendar.ts`. */
  form: Type.Optional(Type.Literal('calendar')),
});
const FormulaField = closed({
  type: Type.Literal('formula'),
  ...common,
  /** JSONata over the record's own fields: `amount.amount * probability / 100`. */
  expression: Type.String({ minLength: 1, maxLength: 4000 }),
  result: Type.Union([
    Type.Literal('text'),
    Type.Literal('number'),
    Type.Literal('yes_no'),
    Type.Literal('date'),
    Type.Literal('date_time'),
  ]),
});
export type FormulaField = Static<typeof FormulaField>;

export type StoredFieldDefinition =
  | Static<typeof TextField>
  | Static<typeof LongTextField>
  | Static<typeof NumberField>
  | Static<typeof MoneyField>
  | Static<typeof SelectField>
  | Static<typeof MultiSelectField>
  | Static<typeof DateField>
  | Static<typeof DateTimeField>
  | Static<typeof YesNoField>
  | Static<typeof ReferenceField>
  | Static<typeof FileField>
  | Static<typeof PhoneField>
  | Static<typeof EmailField>
  | Static<typeof JsonField>;
export type FieldDefinition = StoredFieldDefinition | FormulaField;
type FieldType = FieldDefinition['type'];
/** The definition of a field of that type. */
export type FieldOf<T extends FieldType> = Extract<FieldDefinition, { type: T }>;

const FIELDS = [
  TextField,
  LongTextField,
  NumberField,
  MoneyField,
  SelectField,
  MultiSelectField,
  DateField,
  DateTimeField,
  YesNoField,
  ReferenceField,
  FileField,
  PhoneField,
  EmailField,
  JsonField,
  FormulaField,
];
export const FIELD_TYPES: readonly FieldType[] = FIELDS.map((field) => field.properties.type.const);

/** `oneOf` with a discriminator rather than a plain union: a wrong field then yields its own problems, not those of all types. */
export const FieldDefinition: TUnsafe<FieldDefinition> = Type.Unsafe<FieldDefinition>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: FIELDS,
});

const Stage = closed({
  id: Name,
  title: Title,
  /** Does the record still move (`open`, also when left out), or has it ended well (`won`) or badly (`lost`)? */
  kind: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('won'), Type.Literal('lost')])),
});

const Fields = Type.Optional(Type.Array(Name, { minItems: 1, maxItems: 10, uniqueItems: true }));

/** What tells that two records of an entity are one; without it nobody looks for duplicates. */
const DuplicateRules = closed({
  of: Type.Union([Type.Literal('person'), Type.Literal('company')]),
  /** Fields of the types `email` and `phone`: what is equal in them makes it sure, where the names do not contradict. */
  email: Fields,
  phone: Fields,
  /** Fields of the type `text`. Those of a person are one name together, those of a company are a name each. */
  name: Fields,
  /** Further fields that speak for a likeness where they are equal, and against it where they differ. */
  also: Fields,
  /** Consents, and what people have refused: field → the stricter value, which wins when records are merged. */
  stricter: Type.Optional(
    Type.Unsafe<Record<string, boolean>>({
      type: 'object',
      propertyNames: { pattern: NAME_PATTERN },
      additionalProperties: { type: 'boolean' },
      maxProperties: 20,
    }),
  ),
});
export type DuplicateRules = Static<typeof DuplicateRules>;

/** What is allowed with records of one priority. */
export const Policy = closed({
  /**
   * Who may write to the client. `people_only`: a person; an automatic message is refused. `offered`: an automatic message waits until a person
   * accepts it. `automatic`: workflows, too.
   */
  contact: Type.Union([Type.Literal('people_only'), Type.Literal('offered'), Type.Literal('automatic')]),
  /** Is the record given to a person? */
  person: Type.Boolean(),
});
export type Policy = Static<typeof Policy>;

/** The priorities of an entity, and what is allowed with the records of each; without it everything is. */
const Priorities = closed({
  /** The field that holds the priority: a whole number. */
  field: Name,
  /** References to others who are written to about it: their addresses are the client's, too. */
  clients: Type.Optional(Type.Array(Name, { maxItems: 10, uniqueItems: true })),
  policies: Type.Unsafe<Record<string, Policy>>({
    type: 'object',
    propertyNames: { pattern: '^(0|[1-9][0-9]{0,2})$' },
    additionalProperties: Policy,
    maxProperties: 20,
  }),
});
export type Priorities = Static<typeof Priorities>;

export const EntityDefinition = closed({
  name: Name,
  title: Title,
  plural: Type.Optional(Title),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  fields: Type.Unsafe<Record<string, FieldDefinition>>({
    type: 'object',
    propertyNames: { pattern: NAME_PATTERN },
    additionalProperties: FieldDefinition,
    maxProperties: 500,
  }),
  /** Fields that give the display name where the field `name` is empty; several are joined by a space. */
  nameField: Type.Optional(Type.Union([Name, Type.Array(Name, { minItems: 1, maxItems: 5 })])),
  /** The pipeline, in order. Records of the entity then have the field `stage`; new ones begin at the first. */
  stages: Type.Optional(Type.Array(Stage, { minItems: 1, maxItems: 100 })),
  duplicates: Type.Optional(DuplicateRules),
  priorities: Type.Optional(Priorities),
  custom: Type.Optional(Type.Boolean()),
});
export type EntityDefinition = Static<typeof EntityDefinition>;
