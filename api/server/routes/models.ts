import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import { decodeCursor, pageOf } from '../../../engine/services/cursor.ts';
import type { ModelVersionView } from '../../../engine/services/models.ts';
import type { ModelRow } from '../../../engine/store/queries/models.ts';
import { ModelDefinition } from '../../../schemas/model.ts';
import { explainRecord } from '../../models/explain.ts';
import { isoOf, limitOf } from '../paging.ts';
import { AnyJson, AnyObject, AuthorView, closed, Empty, ErrorItem, Instant, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { jobPath } from './jobs.ts';

const { id: ModelId } = ModelDefinition.properties;
const params = Type.Object({ id: ModelId });
const Definition = Type.Object(ModelDefinition.properties);
const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 });

const Verdict = Type.Enum(['stable', 'moved', 'shifted']);
const DriftView = Type.Object(
  {
    version: Type.Integer(),
    at: Instant,
    rows: Type.Integer({ description: 'Records that were closed since it was trained.' }),
    predicted: Nullable(Type.Number({ description: 'Mean probability of these; null where there are none.' })),
    actual: Nullable(Type.Number({ description: 'Their share of successes.' })),
    calibration: Nullable(Type.Enum(['over', 'under'], { description: 'over: it promises too much.' })),
    scores: Nullable(Type.Object({ index: Type.Number({ description: 'Stability index of the probabilities.' }), verdict: Verdict })),
    columns: Type.Array(Type.Object({ column: Type.String(), index: Type.Number(), verdict: Verdict }), {
      description: 'Fields that have moved.',
    }),
    alarm: Type.Boolean(),
    since: Nullable({ ...Instant, description: 'When the alarm was first seen.' }),
  },
  { description: 'Whether the live version still fits, as it was last looked at.' },
);

const ModelView = Type.Object({
  definition: Definition,
  live: Nullable(Type.Integer({ description: 'The version that is asked; null: none, workflows go by points.' })),
  previous: Nullable(Type.Integer({ description: 'The one that was asked before: one step back.' })),
  drift: Nullable(DriftView),
  updatedAt: Instant,
});

const quality = {
  auc: Type.Number({ description: 'Area under the ROC curve.' }),
  logLoss: Type.Number({ description: 'Mean of −ln of the probability of what came.' }),
  ece: Type.Number({ description: 'Expected calibration error, 0 to 1.' }),
};
const Shadow = Type.Object({
  against: Nullable(Type.Integer({ description: 'The version that was live; null: the share of successes alone.' })),
  rows: Type.Integer({ description: 'On which both were asked.' }),
  candidate: Type.Object(quality),
  other: Type.Object(quality),
  gain: Type.Number({ description: "By how much less the candidate's log-loss is." }),
  gainError: Type.Number({ description: 'The standard error of that.' }),
});
const Points = Type.Array(Type.Object({ x: Type.Number(), y: Type.Number() }));
const said = {
  predicted: Type.Number({ description: 'Mean probability.' }),
  actual: Type.Number({ description: 'Share of successes.' }),
};
const Period = Type.Object({
  from: Type.Number({ description: 'Milliseconds since 1970.' }),
  to: Type.Number(),
  rows: Type.Integer(),
  ...said,
  population: Nullable(
    Type.Object({
      index: Type.Number({ description: 'Stability index of the probabilities against the first period.' }),
      verdict: Type.Enum(['stable', 'moved', 'shifted']),
    }),
  ),
});
const Curves = Type.Object(
  {
    roc: Points,
    gains: Points,
    drift: Nullable(
      Type.Object({
        periods: Type.Array(Period),
        alarm: Nullable(Type.Object({ calibration: Type.Enum(['over', 'under']), at: Type.Number() })),
      }),
    ),
    reliability: Type.Array(Type.Object({ from: Type.Number(), to: Type.Number(), count: Type.Integer(), ...said })),
    brier: Type.Number(),
    baseLogLoss: Type.Number(),
  },
  { description: 'Of the outcomes that judged; absent where too few were there to hold some out.' },
);
const VersionView = Type.Object({
  version: Type.Integer(),
  live: Type.Boolean(),
  trainedAt: Instant,
  author: AuthorView,
  definition: Type.Object(Definition.properties, { description: 'As it was learned: without the fields that were left out.' }),
  figures: Type.Object({
    rows: Type.Integer({ description: 'Outcomes that it has learned from.' }),
    successes: Type.Integer(),
    heldOut: Type.Integer({ description: 'The latest of them, which judged.' }),
    until: Instant,
    ...quality,
    shadow: Nullable(Shadow),
    better: Type.Boolean({ description: 'Better than what it was compared with, by more than the standard error.' }),
  }),
  report: Type.Object({
    late: Type.Array(
      Type.Object({
        field: Type.String(),
        late: Type.Integer({ description: 'Records in which it was first filled at or after the outcome.' }),
        filled: Type.Integer({ description: 'Records in which it was ever filled.' }),
        leftOut: Type.Boolean(),
      }),
    ),
    leftOut: Type.Array(
      Type.Object({
        column: Type.String(),
        why: Type.Enum(['leak', 'same', 'constant']),
        as: Type.Optional(Type.String()),
        auc: Type.Optional(Type.Number()),
      }),
      { description: 'What tells the outcome too well alone, says what another field says, or nothing.' },
    ),
    currencies: Type.Unsafe<Record<string, string>>({
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Of fields with money: the currency in which it was learned.',
    }),
    curves: Type.Optional(Curves),
    notes: Type.Array(ErrorItem, { description: 'Why records were left out.' }),
  }),
});

const viewModel = ({ definition, live, previous, drift, updatedAt }: ModelRow): Static<typeof ModelView> => ({
  definition,
  live,
  previous,
  drift: drift && { ...drift, at: isoOf(drift.at), since: drift.since === null ? null : isoOf(drift.since) },
  updatedAt: isoOf(updatedAt),
});

const viewVersion = ({ version, live, trainedAt, author, definition, figures, report }: ModelVersionView): Static<typeof VersionView> => ({
  version,
  live,
  trainedAt: isoOf(trainedAt),
  author,
  definition,
  figures: { ...figures, until: isoOf(figures.until) },
  report,
});

export const modelRoutes: Routes =
  ({ engine }) =>
  async (app) => {
    const { models } = engine;
    const tags = ['models'];
    const read = { scope: 'workflows:read' } as const;
    const publish = { scope: 'workflows:publish' } as const;

    app.get(
      '/models',
      {
        config: read,
        schema: { tags, summary: 'List models by id', querystring: Type.Object(paging), response: { 200: PageOf(ModelView) } },
      },
      async ({ query }) => {
        const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 1);
        const list = (await models.list()).filter((model) => after === undefined || model.id > after);
        const page = pageOf(list, limitOf(query), (model) => [model.id]);
        return { ...page, items: page.items.map(viewModel) };
      },
    );

    app.get(
      '/models/:id',
      { config: read, schema: { tags, summary: 'One model', params, response: { 200: ModelView } } },
      async ({ params: { id } }) => viewModel(await models.get(id)),
    );

    app.post(
      '/models/validate',
      {
        config: read,
        schema: {
          tags,
          summary: 'Check a model without keeping it',
          body: AnyJson,
          response: { 200: Type.Object({ valid: Type.Boolean(), problems: Type.Array(ErrorItem) }) },
        },
      },
      async ({ body }) => {
        const problems = await models.validate(body);
        return { valid: problems.length === 0, problems };
      },
    );

    app.put(
      '/models/:id',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Define a model, replacing one of that id',
          description: 'Its versions are kept. Where it asks something else – another entity, other conditions – none is live any more.',
          params,
          body: AnyObject,
          response: { 200: ModelView },
        },
      },
      async ({ body, params: { id } }) => {
        if (body.id !== id) {
          throw new TaktError('MODEL_INVALID', {
            pointer: '/id',
            message: 'The id in the definition is not that of the address.',
            hint: 'Define it under its own id.',
          });
        }
        return viewModel(await models.define(body));
      },
    );

    app.delete(
      '/models/:id',
      { config: publish, schema: { tags, summary: 'Remove a model with all of its versions', params, response: { 204: Empty } } },
      async ({ params: { id } }, reply) => {
        await models.remove(id);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/models/:id/train',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Train a new version in the background',
          description:
            'It becomes live where it is better than the one that is live. With too few outcomes the job fails and says how many there are.',
          params,
          response: { 202: Type.Object({ job: Uuid }) },
        },
      },
      async (request, reply) => {
        const job = await models.train(request.params.id, authorOf(request));
        return reply.code(202).header('location', jobPath(job.id)).send({ job: job.id });
      },
    );

    app.get(
      '/models/:id/versions',
      {
        config: read,
        schema: {
          tags,
          summary: 'The versions of a model, newest first',
          params,
          querystring: Type.Object(paging),
          response: { 200: PageOf(VersionView) },
        },
      },
      async ({ params: { id }, query }) => {
        const page = await models.versions(id, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(viewVersion) };
      },
    );

    app.post(
      '/models/:id/promote',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Make a version live that was better than the one that is',
          params,
          body: Type.Object({ version: Version }, closed),
          response: { 200: ModelView },
        },
      },
      async ({ params: { id }, body }) => viewModel(await models.promote(id, body.version)),
    );

    app.post(
      '/models/:id/back',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Go one step back, to the version that was live before',
          description: 'Where there was none, none is live, and workflows go by points.',
          params,
          response: { 200: ModelView },
        },
      },
      async ({ params: { id } }) => viewModel(await models.back(id)),
    );

    app.get(
      '/models/:id/explain/:record',
      {
        config: { scope: 'records:read' },
        schema: {
          tags,
          summary: 'What the live version says of a record, and why',
          params: Type.Object({ id: ModelId, record: Uuid }),
          querystring: Type.Object({
            locale: Type.Optional(Type.Enum(['en', 'ru'], { default: 'en' })),
            reasons: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, default: 5 })),
          }),
          response: {
            200: Type.Object({
              record: Uuid,
              probability: Type.Number(),
              version: Type.Integer(),
              reasons: Type.Array(
                Type.Object({
                  text: Type.String(),
                  field: Type.String(),
                  direction: Type.Enum(['up', 'down']),
                  weight: Type.Number({ description: 'What it adds to the log-odds of the average record.' }),
                }),
              ),
            }),
          },
        },
      },
      async ({ params: { id, record }, query: { locale = 'en', reasons: most = 5 } }) => {
        const { prediction, reasons } = await explainRecord(engine, id, record, locale, most);
        return { record, probability: prediction.probability, version: prediction.version, reasons };
      },
    );
  };
