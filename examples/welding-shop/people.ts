/** Who works in the shop: the data of people.json. */
import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CalendarSchema } from '../../schemas/calendar.ts';

const closed = { additionalProperties: false };

const Person = Type.Object(
  {
    /** What the files call the person: @vera. */
    as: Type.String(),
    name: Type.String(),
    grade: Type.Enum(['junior', 'middle', 'senior']),
    skills: Type.Array(Type.String()),
    calendar: CalendarSchema,
    leave: Type.Optional(Type.Object({ from: Type.String(), until: Type.String() }, closed)),
  },
  closed,
);
export type Person = Static<typeof Person>;

const Shop = Type.Object({ shop: Type.Object({ calendar: CalendarSchema }, closed), people: Type.Array(Person) }, closed);
export type Shop = Static<typeof Shop>;

/** Throws where the file is not what the schema says. */
export const readShop = (): Shop => Value.Parse(Shop, JSON.parse(readFileSync(new URL('people.json', import.meta.url), 'utf8')));
