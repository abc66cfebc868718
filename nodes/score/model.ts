import {
  type DataRequest,
  defineNode,
  type ErrorCode,
  type NodeResult,
  type Prediction,
  TaktError,
  Type,
  Value,
} from '../../engine/sdk.ts';
import { fieldName } from '../support/params.ts';
import { brief } from '../support/summary.ts';
import { type ScoreReason, scoreReasons } from './reasons.ts';

/** Where nothing is said of profit: four chances in five, three, two, one. */
const CHANCES = [0.8, 0.6, 0.4, 0.2];

/** For want of these the way is that of points; anything else is a fault, and the step's. */
const COLD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'MODEL_UNKNOWN',
  'MODEL_COLD',
  'MODEL_ENTITY',
  'MODEL_FIELDS_GONE',
  'MODEL_CURRENCIES',
  'MODEL_BROKEN',
]);

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

const Why = Type.Object({
  code: Type.String({ description: 'Code of the error.' }),
  message: Type.String({ description: 'What is the matter.' }),
  hint: Type.String({ description: 'What to do about it.' }),
});

export const modelNode = defineNode({
  type: 'score.model',
  version: 1,
  title: 'Score by a model',
  description:
    'Asks the live version of a learned model for the chance of the record, makes a priority of it, and says why. Where no version can speak – none is live, or it looks at fields that are gone – it leaves by `cold` and says why: score by points there.',
  params: Type.Object(
    {
      model: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Id of the model.' }),
      field: Type.Optional(
        Type.Union([fieldName(), Type.Null()], {
          default: null,
          description: "The record's field that gets the probability in per cent; null: none.",
        }),
      ),
      profit: Type.Optional(
        Value(Type.Union([Type.Number(), Type.Null()]), {
          description: 'What a success brings: budget × margin. With it the output has the expected profit.',
        }),
      ),
      bounds: Type.Optional(
        Type.Array(Type.Number(), {
          minItems: 4,
          maxItems: 4,
          description:
            'The least that the priorities 1 to 4 ask for, in any order; what is below all is 5. Of the expected profit where `profit` is given, else of the probability. Without them the priority goes by the probability: 0.8, 0.6, 0.4 and 0.2.',
        }),
      ),
      reasons: Type.Optional(Type.Integer({ minimum: 0, maximum: 20, default: 3, description: 'How many reasons to give at most.' })),
    },
    { additionalProperties: false },
  ),
  example: {
    model: 'deal-won',
    field: 'probability',
    profit: '= record.budget.amount * record.margin / 100',
    bounds: [500_000, 200_000, 50_000, 10_000],
  },
  summary: (params) => `${brief(params.model)}${params.field === undefined || params.field === null ? '' : ` → ${brief(params.field)}`}`,
  ports: ['next', 'cold'],
  output: Type.Object({
    probability: Nullable(Type.Number({ description: 'Of success, 0 to 1; null on `cold`.' })),
    expected_profit: Nullable(Type.Number({ description: 'Probability × profit; null without a profit.' })),
    priority: Nullable(
      Type.Integer({ description: '1, the first, to 5; null on `cold`, and where the profit is asked for and not known.' }),
    ),
    reasons: Type.Array(
      Type.Object({
        text: Type.String({ description: "In words, in the workflow's language." }),
        field: Type.String({ description: 'The field.' }),
        direction: Type.Union([Type.Literal('up'), Type.Literal('down')]),
        weight: Type.Number({ description: 'What it adds to the log-odds of the average record.' }),
      }),
      { description: 'What moves the record away from the average, the strongest first.' },
    ),
    version: Nullable(Type.Integer({ description: 'The version that says so; null on `cold`.' })),
    why: Type.Union([Why, Type.Null()], {
      description:
        'On `cold` why no version speaks; on `next` what is wrong with the profit: not known (PROFIT_UNKNOWN), negative (PROFIT_NEGATIVE).',
    }),
  }),
  *run(ctx, params): Generator<DataRequest, NodeResult, void> {
    const { model, field = null, profit, bounds, reasons: most = 3 } = params;
    const { record } = ctx;
    if (!record) throw new TaktError('RUN_NO_RECORD', { hint: 'Start the run by a record.' });
    let prediction: Prediction;
    try {
      prediction = ctx.predict(model, record);
    } catch (thrown) {
      if (!(thrown instanceof TaktError) || !COLD.has(thrown.code)) throw thrown;
      return { kind: 'next', port: 'cold', output: { ...NOTHING, why: told(thrown) } };
    }
    const { probability, version } = prediction;
    const reasons: ScoreReason[] = yield* scoreReasons(ctx, ctx.entities, record, prediction, most);
    if (field !== null) ctx.update(record.id, { [field]: Number((100 * probability).toFixed(2)) });
    const expected = typeof profit === 'number' ? probability * profit : null;
    const measured = profit === undefined || bounds === undefined ? probability : expected;
    return {
      kind: 'next',
      port: 'next',
      output: {
        probability,
        expected_profit: expected,
        priority: measured === null ? null : priorityOf(measured, bounds ?? CHANCES),
        reasons: reasons.map((reason) => ({ ...reason })),
        version,
        why: wrongProfit(profit),
      },
    };
  },
});

const NOTHING = { probability: null, expected_profit: null, priority: null, reasons: [], version: null };

/** 1 for what reaches the highest bound, 5 for what reaches none. */
const priorityOf = (value: number, bounds: readonly number[]): number => 1 + bounds.filter((bound) => value < bound).length;

function wrongProfit(profit: number | null | undefined): ReturnType<typeof told> | null {
  if (profit === null) return told(new TaktError('PROFIT_UNKNOWN'));
  return profit !== undefined && profit < 0 ? told(new TaktError('PROFIT_NEGATIVE', { message: `The profit is ${profit}.` })) : null;
}

const told = ({ code, message, hint }: TaktError): { code: string; message: string; hint: string } => ({ code, message, hint });
