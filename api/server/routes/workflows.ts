import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import { decodeCursor, pageOf } from '../../../engine/services/cursor.ts';
import type { WorkflowSummary as Summary, VersionRow, WorkflowRow } from '../../../engine/store/queries/workflows.ts';
import { isoOf, limitOf } from '../paging.ts';
import { AnyJson, AnyObject, AuthorView, closed, ErrorItem, Instant, Nullable, PageOf, paging } from '../schemas.ts';
import { authorOf, expectedVersion, type Routes } from '../services.ts';

export const WorkflowId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });
const params = Type.Object({ id: WorkflowId });

const summary = {
  id: Type.String(),
  name: Type.String(),
  status: Type.Union([Type.Literal('active'), Type.Literal('paused')]),
  revision: Type.Integer({ description: 'Of the draft; give it with the next save.' }),
  publishedVersion: Nullable(Type.Integer()),
  updatedAt: Instant,
};
const WorkflowSummary = Type.Object({ ...summary, hasDraft: Type.Boolean() });
const Workflow = Type.Object({ ...summary, draft: Nullable(AnyObject) });
const Version = Type.Object({
  version: Type.Integer(),
  hash: Type.String(),
  publishedAt: Instant,
  publishedBy: AuthorView,
  note: Nullable(Type.String()),
});
const Problems = Type.Array(ErrorItem);

const VersionOrDraft = Type.String({ pattern: '^(draft|[1-9][0-9]{0,8})$', description: 'The number of a version, or `draft`.' });
const Changes = Type.Array(
  Type.Object({
    pointer: Type.String({ description: 'JSON pointer into the later file; where the place is gone, into the earlier one.' }),
    before: Type.Optional(Type.Unknown({ description: 'Absent where there was nothing.' })),
    after: Type.Optional(Type.Unknown({ description: 'Absent where there is nothing any more.' })),
  }),
);
const diffNode = { id: Type.String(), type: Type.String(), title: Type.Optional(Type.String()) };
const Position = Nullable(Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'x and y.' }));
const Edges = Type.Array(Type.Object({ from: Type.String(), port: Nullable(Type.String()), to: Type.String() }));
const Diff = Type.Object({
  file: Changes,
  settings: Changes,
  nodes: Type.Object({
    added: Type.Array(Type.Object(diffNode)),
    removed: Type.Array(Type.Object(diffNode)),
    renamed: Type.Array(Type.Object({ from: Type.String(), to: Type.String() })),
    changed: Type.Array(Type.Object({ ...diffNode, changes: Changes })),
    moved: Type.Array(Type.Object({ id: Type.String(), before: Position, after: Position }), {
      description: 'Nodes whose place on the canvas alone has changed, or has changed too.',
    }),
  }),
  edges: Type.Object({ added: Edges, removed: Edges }),
  summary: Type.Array(Type.String(), { description: 'The same in sentences.' }),
});

const brief = ({ updatedAt, ...row }: WorkflowRow | Summary): Omit<Static<typeof WorkflowSummary>, 'hasDraft'> => ({
  id: row.id,
  name: row.name,
  status: row.status,
  revision: row.revision,
  publishedVersion: row.publishedVersion,
  updatedAt: isoOf(updatedAt),
});

const listed = (row: Summary): Static<typeof WorkflowSummary> => ({ ...brief(row), hasDraft: row.hasDraft });
const told = (row: WorkflowRow): Static<typeof WorkflowSummary> => ({ ...brief(row), hasDraft: row.draft !== null });
const whole = (row: WorkflowRow): Static<typeof Workflow> => ({ ...brief(row), draft: row.draft });

const versionView = ({ version, hash, publishedAt, publishedBy, note }: Omit<VersionRow, 'file'>): Static<typeof Version> => ({
  version,
  hash,
  publishedAt: isoOf(publishedAt),
  publishedBy,
  note,
});

const versionOf = (text: string): number | 'draft' => (text === 'draft' ? text : Number(text));

export const workflowRoutes: Routes =
  ({ engine: { workflows } }) =>
  async (app) => {
    const tags = ['workflows'];
    const read = { scope: 'workflows:read' } as const;
    const write = { scope: 'workflows:write' } as const;
    const publish = { scope: 'workflows:publish' } as const;

    app.get(
      '/workflows',
      {
        config: read,
        schema: { tags, summary: 'List workflows by id', querystring: Type.Object(paging), response: { 200: PageOf(WorkflowSummary) } },
      },
      async ({ query }) => {
        const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 1);
        const rows = (await workflows.list()).filter((row) => after === undefined || row.id > after);
        const page = pageOf(rows, limitOf(query), (row) => [row.id]);
        return { ...page, items: page.items.map(listed) };
      },
    );

    app.get(
      '/workflows/:id',
      { config: read, schema: { tags, summary: 'One workflow with its draft', params, response: { 200: Workflow } } },
      async (request, reply) => {
        const row = await workflows.get(request.params.id);
        reply.header('etag', `"${row.revision}"`);
        return whole(row);
      },
    );

    app.post(
      '/workflows/validate',
      {
        config: read,
        schema: {
          tags,
          summary: 'Check a workflow file without keeping it',
          body: AnyJson,
          response: { 200: Type.Object({ valid: Type.Boolean(), problems: Problems }) },
        },
      },
      async ({ body }) => {
        const problems = await workflows.validate(body);
        return { valid: problems.length === 0, problems };
      },
    );

    app.put(
      '/workflows/:id/draft',
      {
        config: write,
        schema: {
          tags,
          summary: 'Save a draft, finished or not',
          description: 'With If-Match or `revision`, a draft that somebody else has changed meanwhile is not overwritten (409).',
          params,
          querystring: Type.Object({ revision: Type.Optional(Type.Integer({ minimum: 0 })) }),
          body: AnyObject,
          response: { 200: Type.Object({ id: Type.String(), revision: Type.Integer(), problems: Problems }) },
        },
      },
      async (request, reply) => {
        const { body } = request;
        if (body.id !== request.params.id) {
          throw new TaktError('WORKFLOW_INVALID', {
            pointer: '/id',
            message: 'The id in the file is not that of the address.',
            hint: 'Save it under its own id.',
          });
        }
        const saved = await workflows.saveDraft(body, expectedVersion(request, request.query.revision));
        reply.header('etag', `"${saved.revision}"`);
        return saved;
      },
    );

    app.post(
      '/workflows/:id/publish',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Make the draft the next version',
          params,
          body: Nullable(Type.Object({ note: Type.Optional(Type.String({ maxLength: 2_000 })) }, closed)),
          response: { 201: Version },
        },
      },
      async (request, reply) => {
        const version = await workflows.publish(request.params.id, authorOf(request), request.body?.note);
        return reply.code(201).send(versionView(version));
      },
    );

    app.post(
      '/workflows/:id/rollback',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Make an earlier version the one that new runs take',
          params,
          body: Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed),
          response: { 200: WorkflowSummary },
        },
      },
      async (request) => told(await workflows.rollback(request.params.id, request.body.version, authorOf(request))),
    );

    for (const [action, status, words] of [
      ['pause', 'paused', 'Start no new runs; those that run go on'],
      ['resume', 'active', 'Start runs again'],
    ] as const) {
      app.post(
        `/workflows/:id/${action}`,
        { config: publish, schema: { tags, summary: words, params, response: { 200: WorkflowSummary } } },
        async (request) => told(await workflows.setStatus(request.params.id, status, authorOf(request))),
      );
    }

    app.get(
      '/workflows/:id/versions',
      {
        config: read,
        schema: {
          tags,
          summary: 'List published versions, newest first',
          params,
          querystring: Type.Object(paging),
          response: { 200: PageOf(Version) },
        },
      },
      async (request) => {
        const [before] = request.query.cursor === undefined ? [] : decodeCursor(request.query.cursor, 1);
        const rows = (await workflows.versions(request.params.id)).filter((row) => before === undefined || row.version < Number(before));
        const page = pageOf(rows, limitOf(request.query), (row) => [String(row.version)]);
        return { ...page, items: page.items.map(versionView) };
      },
    );

    app.get(
      '/workflows/:id/diff',
      {
        config: read,
        schema: {
          tags,
          summary: 'What has changed between two versions, or to the draft',
          params,
          querystring: Type.Object({ from: VersionOrDraft, to: VersionOrDraft }),
          response: { 200: Diff },
        },
      },
      ({ params: { id }, query: { from, to } }) => workflows.diff(id, versionOf(from), versionOf(to)),
    );

    app.get(
      '/workflows/:id/file',
      {
        config: read,
        schema: {
          tags,
          summary: 'Export the file: of a version, else the draft, else the published one',
          params,
          querystring: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })) }),
          response: { 200: AnyObject },
        },
      },
      async (request, reply) => {
        const file = await workflows.file(request.params.id, request.query.version);
        reply.header('content-disposition', `attachment; filename="${request.params.id}.json"`);
        return file;
      },
    );
  };
