/** What chance and expressions fill in: values, chances and delays of people and records that are made up. */
import { type Static, Type } from 'typebox';
import type { Fields } from './action.ts';
import { DurationText } from './workflow.ts';

export const Chance = Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.String({ pattern: '^=', maxLength: 4_000 })], {
  description: 'A number from 0 to 1, or an expression that gives one: "= record.score > 50 ? 0.4 : 0.1".',
});

export const Values = Type.Unsafe<Static<typeof Fields>>({
  type: 'object',
  description: 'Field → value; a text that begins with = is an expression, in which $random() is a number of chance.',
});

export const Delay = Type.Union([DurationText, Type.Tuple([DurationText, DurationText])], {
  description: 'How long it takes: a duration, or the shortest and the longest.',
});

export const Spread = Type.Enum(['even', 'log'], {
  description: 'Are all delays between the two equally likely, or short ones more likely (evenly on a logarithmic scale)? even without it.',
});
