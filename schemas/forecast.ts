/** A forecast of the workspace: of which records it is made, and what of them counts. */
import { type Static, Type } from 'typebox';
import { NAME_PATTERN } from './entity.ts';

const Rule = (description: string) => Type.String({ minLength: 1, maxLength: 4_000, description });
const FieldName = (description: string) => Type.String({ pattern: NAME_PATTERN, description });

export const ForecastDefinition = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    entity: Type.String({ pattern: NAME_PATTERN }),
    won: Rule("A JSONata condition of the record: it has ended well. `stage = 'won'`"),
    lost: Rule('It has ended badly. Where neither holds, the record is open.'),
    profit: Rule(
      'What it brings where it is won, a number or money: `budget.amount * related.product.margin / 100`. Its currency is that of the money that it is made of.',
    ),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'Of profits that are made of no money.' })),
    related: Type.Optional(
      Type.Array(FieldName('A field that refers to one other record, or `owner`.'), {
        minItems: 1,
        maxItems: 5,
        uniqueItems: true,
        description: 'Records beside it that the expressions may read, as they are now: `related.product.margin`.',
      }),
    ),
    opened: Type.Optional(FieldName('The field with the moment at which it began; without it, when it was created.')),
    closed: Type.Optional(FieldName('The field with the moment at which it ended; without it, the history tells.')),
    probability: Type.Optional(
      Rule('Of being won in the end, a number from 0 to 1: `probability / 100`. Without it and `model`, the share of those won so far.'),
    ),
    model: Type.Optional(
      Type.String({
        pattern: '^[a-z][a-z0-9-]{0,62}$',
        description: 'The learned model that tells the probability, in place of `probability`.',
      }),
    ),
    team: Type.Optional(Rule('Which team it belongs to, a text; without it, the team of its owner.')),
    channel: Type.Optional(Rule('By which channel it came, a text: `source`.')),
    season: Type.Optional(
      Type.Enum(['none', 'quarter', 'year'], { description: 'What repeats itself: nothing (the default), the quarter, or the year.' }),
    ),
    confidence: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        description: 'How often what comes is to lie in the interval; 0.8 without it.',
      }),
    ),
    timezone: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'IANA name: in which months are meant; UTC without it.' }),
    ),
  },
  { $id: 'forecast', additionalProperties: false, title: 'Takt forecast' },
);
export type ForecastDefinition = Static<typeof ForecastDefinition>;
