import { type Static, Type } from 'typebox';
import { reasonInWords } from '../../../engine/duplicates/index.ts';
import { TaktError } from '../../../engine/index.ts';
import type { RecordView } from '../../../engine/node/context.ts';
import type { MergeRow } from '../../../engine/unit/rows.ts';
import { isoOf, limitOf } from '../paging.ts';
import { AnyJson, AuthorView, closed, Instant, idParams, Nullable, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { EntityName } from './entities.ts';
import { RecordBody, recordAt, recordParams } from './records.ts';

const Like = Type.Object({
  record: RecordBody,
  sure: Type.Boolean({ description: 'By an e-mail or phone, and nothing contradicts it.' }),
  score: Type.Number({ description: '0 to 1; sure is 1.' }),
  reasons: Type.Array(Type.Object({ code: Type.String(), why: Type.String() })),
});
const Change = Type.Array(AnyJson, { minItems: 2, maxItems: 2, description: '[before, after]' });
const MergeView = Type.Object({
  id: Uuid,
  entity: Type.String(),
  winner: Uuid,
  loser: Uuid,
  at: Instant,
  author: AuthorView,
  undone_at: Nullable(Instant),
  fields: Type.Record(Type.String(), Change, { description: 'Of the record that stayed.' }),
  links: Type.Array(Type.Object({ id: Uuid, entity: Type.String(), field: Type.String(), change: Change })),
  runs: Type.Array(Uuid, { description: 'Runs that went on with the record that stayed.' }),
});
const Undone = Type.Object({
  merge: Uuid,
  winner: Uuid,
  loser: Uuid,
  restored: Type.Array(Type.String(), { description: 'Fields that have their old value again.' }),
  left: Type.Array(Type.String(), { description: 'What somebody has changed since and stays as it is.' }),
  links: Type.Integer({ description: 'Records that refer to the restored one again.' }),
});

const mergeView = ({ changes: { fields, links }, at, undoneAt, ...row }: MergeRow): Static<typeof MergeView> => ({
  ...row,
  at: isoOf(at),
  undone_at: undoneAt === null ? null : isoOf(undoneAt),
  fields,
  links,
});

export const duplicateRoutes: Routes = (services) => async (app) => {
  const { duplicates, intake, records } = services.engine;
  const tags = ['records'];
  const read = { scope: 'records:read' } as const;
  const write = { scope: 'records:write' } as const;

  app.get(
    '/records/:entity/:id/duplicates',
    {
      config: read,
      schema: {
        tags,
        summary: 'Records that are, or may be, the same',
        params: recordParams,
        querystring: Type.Object({
          among: Type.Optional(EntityName),
          lang: Type.Optional(Type.Enum(['en', 'ru'], { default: 'en', description: 'In which language the reasons are told.' })),
          limit: paging.limit,
        }),
        response: { 200: Type.Object({ items: Type.Array(Like) }) },
      },
    },
    async (request) => {
      const { id } = await recordAt(services, request.params);
      const { among, lang = 'en' } = request.query;
      const found = await duplicates.of(id, among, limitOf(request.query));
      return {
        items: found.map(({ record, sure, score, reasons }) => ({
          record,
          sure,
          score,
          reasons: reasons.map((reason) => ({ code: reason.code, why: reasonInWords(reason, lang) })),
        })),
      };
    },
  );

  app.post(
    '/records/:entity/:id/merge',
    {
      config: write,
      schema: {
        tags,
        summary: 'Make one record of two; within 30 days it can be taken back',
        params: recordParams,
        body: Type.Object(
          {
            with: Type.Unsafe<string>({ ...Uuid, description: 'The other record.' }),
            keep: Type.Optional(
              Type.Enum(['older', 'this'], { default: 'older', description: '`this`: the record at the address stays.' }),
            ),
          },
          closed,
        ),
        response: { 200: MergeView },
      },
    },
    async (request) => {
      const own = await recordAt(services, request.params);
      const other = await records.get(request.body.with);
      const [winner, loser] = request.body.keep === 'this' || isOlder(own, other) ? [own, other] : [other, own];
      const done = await intake.submitOne({ kind: 'merge', id: winner.id, loser: loser.id }, authorOf(request));
      if (done.kind !== 'merged') throw new TaktError('INTERNAL', { message: 'A merge became something else.' });
      return mergeView(await duplicates.merge(done.merge.id));
    },
  );

  app.get(
    '/records/:entity/:id/merges',
    {
      config: read,
      schema: {
        tags,
        summary: 'Merges that a record came out of or went into, newest first',
        params: recordParams,
        querystring: Type.Object({ limit: paging.limit }),
        response: { 200: Type.Object({ items: Type.Array(MergeView) }) },
      },
    },
    async (request) => {
      const { id } = await recordAt(services, request.params);
      return { items: (await duplicates.mergesOf(id, limitOf(request.query))).map(mergeView) };
    },
  );

  app.post(
    '/merges/:id/undo',
    {
      config: write,
      schema: {
        tags,
        summary: 'Take a merge back, as far as nobody has changed since what it wrote',
        params: idParams,
        response: { 200: Undone },
      },
    },
    async (request) => {
      const done = await intake.submitOne({ kind: 'unmerge', id: request.params.id }, authorOf(request));
      if (done.kind !== 'unmerged') throw new TaktError('INTERNAL', { message: 'A merge became something else.' });
      return done.undone;
    },
  );
};

function isOlder(own: RecordView, other: RecordView): boolean {
  const [a, b] = [String(own.created_at), String(other.created_at)];
  return a < b || (a === b && own.id < other.id);
}
