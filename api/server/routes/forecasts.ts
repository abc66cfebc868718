import { Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import { decodeCursor, pageOf } from '../../../engine/services/cursor.ts';
import { CHANNELS, MONTHS, PLANS } from '../../../nodes/index.ts';
import { ForecastDefinition } from '../../../schemas/forecast.ts';
import { channelsFor, monthsOf, plansFor } from '../../forecasts/ask.ts';
import { limitOf } from '../paging.ts';
import { AnyJson, AnyObject, Empty, ErrorItem, PageOf, paging, Uuid } from '../schemas.ts';
import type { Routes } from '../services.ts';

const params = Type.Object({ id: ForecastDefinition.properties.id });
const ForecastView = Type.Object(ForecastDefinition.properties);

/** Forecasts: what they are made of, and what they say. */
export const forecastRoutes: Routes =
  ({ engine }) =>
  async (app) => {
    const { forecasts } = engine;
    const tags = ['forecasts'];
    const read = { scope: 'workflows:read' } as const;
    const publish = { scope: 'workflows:publish' } as const;
    const records = { scope: 'records:read' } as const;

    app.get(
      '/forecasts',
      {
        config: read,
        schema: { tags, summary: 'List forecasts by id', querystring: Type.Object(paging), response: { 200: PageOf(ForecastView) } },
      },
      async ({ query }) => {
        const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 1);
        const list = (await forecasts.list()).filter((one) => after === undefined || one.id > after);
        return pageOf(list, limitOf(query), (one) => [one.id]);
      },
    );

    app.get(
      '/forecasts/:id',
      { config: read, schema: { tags, summary: 'One forecast as it is defined', params, response: { 200: ForecastView } } },
      ({ params: { id } }) => forecasts.get(id),
    );

    app.post(
      '/forecasts/validate',
      {
        config: read,
        schema: {
          tags,
          summary: 'Check a forecast without keeping it',
          body: AnyJson,
          response: { 200: Type.Object({ valid: Type.Boolean(), problems: Type.Array(ErrorItem) }) },
        },
      },
      async ({ body }) => {
        const problems = await forecasts.validate(body);
        return { valid: problems.length === 0, problems };
      },
    );

    app.put(
      '/forecasts/:id',
      {
        config: publish,
        schema: { tags, summary: 'Define a forecast, replacing one of that id', params, body: AnyObject, response: { 200: ForecastView } },
      },
      async ({ body, params: { id } }) => {
        if (body.id !== id) {
          throw new TaktError('FORECAST_INVALID', {
            pointer: '/id',
            message: 'The id in the definition is not that of the address.',
            hint: 'Define it under its own id.',
          });
        }
        return forecasts.define(body);
      },
    );

    app.delete(
      '/forecasts/:id',
      { config: publish, schema: { tags, summary: 'Remove a forecast', params, response: { 204: Empty } } },
      async (request, reply) => {
        await forecasts.remove(request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/forecasts/:id/months',
      {
        config: records,
        schema: {
          tags,
          summary: 'What months will bring, by team and channel with an interval, and how earlier forecasts came true',
          description: 'Of up to 50,000 records; 20,000 take about two seconds. See docs/forecast.md.',
          params,
          querystring: Type.Object({
            months: Type.Optional(Type.Integer({ minimum: 1, maximum: 24, default: 3, description: 'The present one included.' })),
            past: Type.Optional(
              Type.Integer({ minimum: 0, maximum: 12, default: 3, description: 'Months before whose forecasts are compared.' }),
            ),
            as_of: Type.Optional(
              Type.Enum(['now', 'month'], {
                default: 'now',
                description:
                  'By what is known now – then of the present month only what is still to come –, or was known at its first moment.',
              }),
            ),
          }),
          response: { 200: Type.Object(MONTHS) },
        },
      },
      ({ params: { id }, query: { months, past, as_of: asOf } }) => monthsOf(engine, id, { months, past, asOf }),
    );

    app.get(
      '/forecasts/:id/plans',
      {
        config: records,
        schema: {
          tags,
          summary: 'The personal plans of a month, from the leads that people have received',
          params,
          querystring: Type.Object({
            month: Type.Optional(Type.Enum(['present', 'last'], { default: 'present' })),
            person: Type.Optional(Uuid),
          }),
          response: { 200: Type.Object(PLANS) },
        },
      },
      ({ params: { id }, query: { month = 'present', person } }) => plansFor(engine, id, month, person),
    );

    app.get(
      '/forecasts/:id/channels',
      {
        config: records,
        schema: {
          tags,
          summary: 'What marketing channels have brought, by month',
          params,
          querystring: Type.Object({
            months: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 24, default: 3, description: 'Whole months before the present one.' }),
            ),
            present: Type.Optional(Type.Boolean({ default: false, description: 'The present month until now, too.' })),
          }),
          response: { 200: Type.Object(CHANNELS) },
        },
      },
      ({ params: { id }, query }) => channelsFor(engine, id, query),
    );
  };
