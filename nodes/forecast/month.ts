import { type DataRequest, defineNode, forecastFor, type NodeResult, TaktError, Type } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { brief } from '../support/summary.ts';
import { monthsOutput, whyOf } from './output.ts';
import { ForecastId, MONTHS, MonthAheadView, Note, PastMonthView } from './schemas.ts';
import { teamEntity } from './teams.ts';

const { total, teams, channels, month } = MonthAheadView.properties;
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

export const monthNode = defineNode({
  type: 'forecast.month',
  version: 1,
  title: 'Forecast of the month',
  description:
    'What the present month and those after it are to bring, as a whole and by team and channel, with an interval; and beside it how the forecasts of the months before came true. By a forecast that an admin has defined. Where too few deals have closed to tell a sum it leaves by `cold` and says why. It sees saved data: what the same run wrote right before may not count yet.',
  params: Type.Object(
    {
      forecast: ForecastId,
      months: Type.Optional(Type.Integer({ minimum: 1, maximum: 24, default: 1, description: 'How many, the present one included.' })),
      past: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 12, default: 1, description: 'How many months before are compared with what came.' }),
      ),
      as_of: Type.Optional(
        Type.Enum(['month', 'now'], {
          default: 'month',
          description:
            'By what was known at the first moment of the present month – so forecasts of months can be compared –, or now: then of the present month only what is still to come is told.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { forecast: 'income', months: 3 },
  summary: ({ forecast, months }) => `${brief(forecast)}, ${brief(months ?? 1)} months`,
  ports: ['next', 'cold'],
  output: Type.Object({
    month: orNull(month),
    expected: orNull(total.properties.expected),
    low: orNull(total.properties.low),
    high: orNull(total.properties.high),
    teams: orNull(teams),
    channels: orNull(channels),
    last: Type.Union([PastMonthView, Type.Null()], { description: 'How the forecast of the month before came true.' }),
    why: Type.Union([Note, Type.Null()], { description: 'On `cold` why nothing can be told; null on `next`.' }),
    ...Object.fromEntries(Object.entries(MONTHS).map(([name, schema]) => [name, orNull(schema)])),
  }),
  *run(ctx, { forecast, months = 1, past = 1, as_of: asOf = 'month' }): Generator<DataRequest, NodeResult, void> {
    try {
      const { timezone } = ctx.settings;
      const answer = yield* forecastFor(ctx, { forecast, months, past, asOf, timezone, teams: teamEntity });
      const output = monthsOutput(answer);
      const [first] = output.months;
      const whole = first === undefined ? {} : { month: first.month, ...first.total, teams: first.teams, channels: first.channels };
      return { kind: 'next', port: 'next', output: { ...output, ...whole, last: output.past[0] ?? null, why: null } };
    } catch (thrown) {
      if (!(thrown instanceof TaktError) || thrown.code !== 'FORECAST_COLD') throw thrown;
      return { kind: 'next', port: 'cold', output: { ...NOTHING, why: { ...whyOf(thrown) } } };
    }
  },
});

const NOTHING: JsonObject = Object.fromEntries(
  ['month', 'expected', 'low', 'high', 'teams', 'channels', 'last', ...Object.keys(MONTHS)].map((name) => [name, null]),
);
