/** What `nba.recommend` is told. */
import { type Static, Type } from 'typebox';
import { Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { RecordId } from '../support/params.ts';
import { Action, Money } from './actions.ts';
import { MOST_A_DAY } from './kept.ts';

/** Outcomes that a probability counts for where the workflow does not say. */
export const TRUST = 30;

export const Params = Type.Object(
  {
    worth: Value(Type.Union([Money, Type.Null()]), {
      description: 'What success is worth: a budget, `= record.budget`, or a lifetime value.',
    }),
    margin: Type.Optional(
      Value(Type.Union([Type.Number(), Type.Null()]), {
        description: 'The share of `worth` that is profit, from 0 to 1: the margin of the brand; all of it without this.',
      }),
    ),
    minute_cost: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 0,
        description: 'What a minute of work costs, in the currency of `worth`; 0 where time is not counted.',
      }),
    ),
    nothing: Value(Type.Union([Type.Number(), Type.Null()]), {
      description: 'That the record succeeds if nothing is done, from 0 to 1.',
    }),
    actions: Type.Optional(
      Type.Array(Action, {
        minItems: 1,
        maxItems: 50,
        description: 'The candidates; without them all actions of the catalogue that are for such records and for the person.',
      }),
    ),
    person: Type.Optional(
      Value(Type.Union([RecordId, Type.Null()]), { description: "Id of who is to do it; the record's owner without it." }),
    ),
    segment: Type.Optional(
      Value(Type.Union([Type.String({ maxLength: 1_000 }), Type.Null()]), {
        description: 'What is alike in such records, such as `= record.industry`: outcomes are learned from by it.',
      }),
    ),
    trust: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        default: TRUST,
        description: 'How many outcomes a probability counts for, until outcomes outweigh it.',
      }),
    ),
    explore: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0,
        description: 'In this share of decisions an action is drawn by the probability that it is the best one.',
      }),
    ),
    hold_out: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 0.5,
        default: 0,
        description: 'This share of records is recommended nothing, always the same ones, to see what recommending brings.',
      }),
    ),
    deliver: Type.Optional(
      Type.Enum(['queue', 'push', 'autopilot'], {
        default: 'queue',
        description: `\`queue\`: it comes into the day's list of the person. \`push\`: the workflow tells it at once; after ${MOST_A_DAY} of a day it waits in the queue. \`autopilot\`: the workflow does it itself, see \`nba.autopilot\`.`,
      }),
    ),
    valid: Type.Optional(Type.Unsafe<string>({ ...DurationText, default: 'P7D', description: 'How long it may be done.' })),
    made_by: Type.Optional(
      Type.Enum(['rules', 'points', 'model', 'words'], {
        default: 'rules',
        description: 'What the probabilities come from, for the measures.',
      }),
    ),
    keep: Type.Optional(
      Type.Boolean({ default: true, description: 'Whether it is kept as a recommendation; without that nobody can answer it.' }),
    ),
  },
  { additionalProperties: false },
);
export type Params = Static<typeof Params>;
