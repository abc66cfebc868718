/** The script of a simulation: who comes, and how people behave. */
import { type Static, type TProperties, Type } from 'typebox';
import { actionProperties, CustomEntities, Fields, NamedRecord, OutsideRule, RecordName } from './action.ts';
import { CalendarSchema } from './calendar.ts';
import { Chance, Delay, Spread, Values } from './drawn.ts';
import { NAME_PATTERN } from './entity.ts';
import { ForecastDefinition } from './forecast.ts';
import { learningProperties } from './past.ts';
import { SegmentDefinition } from './segment.ts';
import { DurationText } from './workflow.ts';

const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false });

const Hours = Type.Unsafe<Static<typeof CalendarSchema>>({
  ...CalendarSchema,
  description: 'Working hours: time passes in them only. {} is Monday to Friday, 09:00 to 18:00.',
});

const Arrivals = closed({
  as: Type.Optional(RecordName),
  entity: Type.String({ pattern: NAME_PATTERN }),
  count: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  from: Type.Optional(DurationText),
  over: DurationText,
  hours: Type.Optional(Hours),
  data: Values,
});
export type Arrivals = Static<typeof Arrivals>;

/** What somebody does then, with a chance and after a while. */
export interface Reaction {
  event?: string;
  topic?: string;
  update?: Static<typeof Fields>;
  create?: string;
  complete?: true;
  data?: Static<typeof Fields>;
  p?: number | string;
  after?: string | [string, string];
  spread?: 'even' | 'log';
  hours?: Static<typeof CalendarSchema>;
  next?: Reaction[];
}
export const REACTION_VERBS = ['event', 'update', 'create', 'complete'] as const;

const Reactions = Type.Unsafe<Reaction[]>({ type: 'array', minItems: 1, maxItems: 100, items: { $ref: '#/$defs/reaction' } });
const reaction = closed({
  event: actionProperties.event,
  topic: Type.Optional(Type.String({ maxLength: 200, description: "That of the event; the message's channel without it." })),
  update: Type.Optional(Values),
  create: actionProperties.create,
  complete: Type.Optional(Type.Literal(true, { description: 'The owner marks the task as done; "data" may say more.' })),
  data: Type.Optional(Values),
  p: Type.Optional(Chance),
  after: Type.Optional(Delay),
  spread: Type.Optional(Spread),
  hours: Type.Optional(Hours),
  next: Type.Optional(Reactions),
});

const Behaviour = closed({
  note: Type.Optional(Type.String({ maxLength: 500 })),
  on: closed({
    message: Type.Optional(Fields),
    task: Type.Optional(Fields),
    created: Type.Optional(Fields),
  }),
  when: Type.Optional(Type.String({ minLength: 1, maxLength: 4_000, description: 'A condition on record, message, task and n.' })),
  do: Reactions,
});

export const SimulationScript = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    note: Type.Optional(Type.String({ maxLength: 5_000 })),
    start: Type.Optional(Type.String({ format: 'date-time', description: 'The first moment; --start may set another.' })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    entities: Type.Optional(CustomEntities),
    segments: Type.Optional(Type.Array(SegmentDefinition, { maxItems: 100 })),
    ...learningProperties,
    forecasts: Type.Optional(Type.Array(ForecastDefinition, { maxItems: 20 })),
    records: Type.Optional(Type.Array(NamedRecord, { maxItems: 100_000 })),
    arrivals: Type.Optional(Type.Array(Arrivals, { maxItems: 100 })),
    behaviour: Type.Optional(Type.Array(Behaviour, { maxItems: 200 })),
    outside: Type.Optional(Type.Array(OutsideRule, { maxItems: 100 })),
  },
  { $id: 'simulation', additionalProperties: false, title: 'Takt simulation', $defs: { reaction } },
);
export type SimulationScript = Static<typeof SimulationScript>;
export type Behaviour = Static<typeof Behaviour>;

/** A line of a file of events. */
export const TimedLine = closed({
  at: Type.String({
    pattern: '^(P.+|[0-9]{4}-[0-9]{2}-[0-9]{2}T.+)$',
    description: 'A moment, 2026-03-02T09:00:00Z, or a duration from the start, P1DT2H.',
  }),
  ...actionProperties,
});
export type TimedLine = Static<typeof TimedLine>;
