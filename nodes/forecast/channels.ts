import { type DataRequest, defineNode, type NodeResult, receivedIn, Type } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';
import { channelsOutput } from './received.ts';
import { CHANNELS, ForecastId } from './schemas.ts';
import { teamEntity } from './teams.ts';

export const channelsNode = defineNode({
  type: 'forecast.channels',
  version: 1,
  title: 'Potential of channels',
  description:
    'What each marketing channel has brought, by month: leads, the profit had all been won, and Σ profit × probability. A lead counts in the month in which it began. It sees saved data: what the same run wrote right before may not count yet.',
  params: Type.Object(
    {
      forecast: ForecastId,
      months: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 24, default: 3, description: 'How many whole months before the present one.' }),
      ),
      present: Type.Optional(Type.Boolean({ default: false, description: 'The present month until now, too.' })),
    },
    { additionalProperties: false },
  ),
  example: { forecast: 'leads', months: 6 },
  summary: ({ forecast, months }) => `${brief(forecast)}, ${brief(months ?? 3)} months`,
  ports: ['next'],
  output: Type.Object(CHANNELS),
  *run(ctx, { forecast, months = 3, present = false }): Generator<DataRequest, NodeResult, void> {
    const { timezone } = ctx.settings;
    const last = present ? 0 : -1;
    const answer = yield* receivedIn(ctx, { forecast, first: -months, last, by: 'begin', timezone, teams: teamEntity });
    return { kind: 'next', port: 'next', output: channelsOutput(answer) };
  },
});
