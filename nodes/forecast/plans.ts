import { type DataRequest, defineNode, type NodeResult, receivedIn, Type } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';
import { passedOf } from './passed.ts';
import { peopleIn, plansOutput } from './received.ts';
import { ForecastId, PLANS } from './schemas.ts';
import { teamEntity } from './teams.ts';

export const plansNode = defineNode({
  type: 'forecast.plans',
  version: 1,
  title: 'Personal plans',
  description:
    'The plan of each manager for a month, from the leads that they have really received in it: Σ profit × probability, scaled to the whole month by the share of their own working time that has passed. A lead counts for who has it now, in the month in which they got it. It sees saved data: what the same run wrote right before may not count yet.',
  params: Type.Object(
    {
      forecast: ForecastId,
      month: Type.Optional(
        Type.Enum(['present', 'last'], { default: 'present', description: 'The present month until now, or the one before.' }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { forecast: 'leads' },
  summary: ({ forecast, month }) => `${brief(forecast)}, ${brief(month ?? 'present')} month`,
  ports: ['next'],
  output: Type.Object(PLANS),
  *run(ctx, { forecast, month: which = 'present' }): Generator<DataRequest, NodeResult, void> {
    const offset = which === 'last' ? -1 : 0;
    const { timezone } = ctx.settings;
    const answer = yield* receivedIn(ctx, { forecast, first: offset, last: offset, by: 'owner', timezone, teams: teamEntity });
    const output = plansOutput(answer, yield* passedOf(ctx, peopleIn(answer), answer.first, ctx.now));
    return { kind: 'next', port: 'next', output };
  },
});
