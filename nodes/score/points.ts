import { type Static, Type } from 'typebox';
import { Condition, type DataRequest, defineNode, type EventView, type NodeResult, TaktError, Value } from '../../engine/sdk.ts';
import { fieldName } from '../support/params.ts';
import { brief, list } from '../support/summary.ts';
import { CountedEvents, pastEvents, pointsOfEvents } from './events.ts';

const Rule = Type.Object(
  {
    when: Type.Optional(Condition({ description: 'When the points are given; always without it.' })),
    events: Type.Optional(CountedEvents),
    points: Type.Optional(
      Value(Type.Union([Type.Number(), Type.Null()]), { description: 'The points, also negative; 0 where an expression finds nothing.' }),
    ),
    most: Type.Optional(
      Type.Number({ minimum: 0, description: 'The rule gives so many points at most; one that takes points away takes so many at most.' }),
    ),
    // Not a template: a missing variable would fail it, and with it the step, also where the rule does not hold.
    reason: Type.Optional(
      Value(Type.Union([Type.String({ maxLength: 200 }), Type.Null()]), {
        description: 'Why, in words for people: a text, or an expression.',
      }),
    ),
  },
  { additionalProperties: false },
);

const Band = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the band.' }),
    from: Type.Number({ description: 'The least score that belongs to it.' }),
  },
  { additionalProperties: false },
);
type Band = Static<typeof Band>;

export const pointsNode = defineNode({
  type: 'score.points',
  version: 1,
  title: 'Score by points',
  description:
    'Adds the points of every rule that holds, keeps the sum between `min` and `max`, and writes it into the record. A rule with `events` gives its points for each event about the record, less for those that are longer ago. The output says which rules held and what each of them gave.',
  params: Type.Object(
    {
      rules: Type.Array(Rule, { minItems: 1, maxItems: 200, description: 'Every rule that holds counts.' }),
      base: Type.Optional(Type.Number({ default: 0, description: 'Where the count begins.' })),
      min: Type.Optional(Type.Number({ description: 'The least score.' })),
      max: Type.Optional(Type.Number({ description: 'The greatest score.' })),
      bands: Type.Optional(
        Type.Array(Band, { minItems: 1, maxItems: 20, description: 'Names for ranges of the score; the order does not matter.' }),
      ),
      field: Type.Optional(
        Type.Union([fieldName(), Type.Null()], { default: 'score', description: "The record's field that gets the score; null: none." }),
      ),
    },
    { additionalProperties: false },
  ),
  example: {
    rules: [
      { when: "record.source = 'referral'", points: 30, reason: 'Comes by referral' },
      { when: 'record.employees >= 50', points: 20, reason: "= 'A company of ' & record.employees" },
      { events: { types: ['message.opened'], half_life: 'P7D' }, points: 5, most: 20, reason: 'Opens mails' },
    ],
    max: 100,
    bands: [
      { name: 'warm', from: 40 },
      { name: 'hot', from: 80 },
    ],
  },
  summary: (params) => `${list(params.rules).length} rules → ${params.field === null ? 'no field' : brief(params.field, 'score')}`,
  ports: ['next'],
  output: Type.Object({
    score: Type.Number({ description: 'The score.' }),
    band: Type.Union([Type.String(), Type.Null()], { description: 'Name of its band; null below all of them.' }),
    reasons: Type.Array(
      Type.Object({
        reason: Type.String(),
        points: Type.Number(),
        times: Type.Optional(Type.Integer({ description: 'Of a rule with `events`: how many there were.' })),
      }),
      { description: 'The rules that held, with their points.' },
    ),
  }),
  *run(ctx, params): Generator<DataRequest, NodeResult, void> {
    const { rules, base = 0, min = -Infinity, max = Infinity, bands = [], field = 'score' } = params;
    const holding = rules.map((rule, index) => ({ ...rule, index })).filter(({ when }) => when?.() ?? true);
    const counted = holding.flatMap(({ events }) => events ?? []);
    let happened: readonly EventView[] = [];
    if (counted.length > 0) {
      if (!ctx.record) throw new TaktError('RUN_NO_RECORD', { hint: 'Start the run by a record: its events are counted.' });
      happened = yield* pastEvents(ctx, ctx.record.id, counted);
    }
    const reasons = holding.flatMap(({ index, events, points = 0, most = Infinity, reason }) => {
      const told = reason ?? `Rule ${index + 1}`;
      if (events === undefined) return [{ reason: told, points: kept(points ?? 0, most) }];
      const { times, sum } = pointsOfEvents(events, points ?? 0, happened, ctx.now);
      return times === 0 ? [] : [{ reason: told, points: kept(sum, most), times }];
    });
    const sum = reasons.reduce((total, { points }) => total + points, base);
    const score = Math.min(max, Math.max(min, Number(sum.toPrecision(12))));
    if (field !== null) {
      if (!ctx.record) throw new TaktError('RUN_NO_RECORD', { hint: 'Start the run by a record, or set "field" to null.' });
      ctx.update(ctx.record.id, { [field]: score });
    }
    return { kind: 'next', port: 'next', output: { score, band: bandOf(bands, score), reasons } };
  },
});

/** Not more than the most, and not less than that below nought. */
const kept = (points: number, most: number): number => Math.min(most, Math.max(-most, points));

/** The band with the greatest `from` that the score reaches. */
function bandOf(bands: readonly Band[], score: number): string | null {
  const reached = bands.filter((band) => score >= band.from).sort((a, b) => b.from - a.from);
  return reached[0]?.name ?? null;
}
