import { Type } from 'typebox';
import { defineNode, findLikes, type Like, type RecordView, reasonInWords, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { AnyJson, entityName, RecordId } from '../support/params.ts';
import { targetRecord } from '../support/record.ts';
import { brief } from '../support/summary.ts';

/** Likes that are looked through for those that were there before. */
const MOST_LIKES = 100;

const Match = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  sure: Type.Boolean(),
  score: Type.Number({ description: '0 to 1.' }),
  reasons: Type.Array(Type.String(), { description: 'As codes: `email`, `phone`, `name` …' }),
  why: Type.String({ description: 'The same in sentences, in the language of the workflow.' }),
});

export const duplicatesNode = defineNode({
  type: 'record.duplicates',
  version: 1,
  title: 'Look for duplicates',
  description:
    'Looks for records that surely are the same – by an e-mail or phone that is one person’s, with names that do not contradict – or that are similar by name in any alphabet. Goes on by `sure`, `similar` or `none`.',
  params: Type.Object(
    {
      record: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: "Id of the record; the run's own without it." })),
      among: Type.Optional(
        entityName("The entity that is looked through: a lead may be a contact that is known. The record's own without it."),
      ),
      older: Type.Optional(
        Type.Boolean({
          default: true,
          description:
            'Only records that were there before it: of two that come at the same time the later one finds the earlier, and not both each other.',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 10, description: 'At most so many.' })),
    },
    { additionalProperties: false },
  ),
  example: { among: 'contact' },
  summary: (params) => `Duplicates${params.among === undefined ? '' : ` among ${brief(params.among)}`}`,
  ports: ['sure', 'similar', 'none'],
  output: Type.Object({
    id: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], { description: 'Id of the likeliest.' }),
    record: Type.Unsafe({ ...AnyJson, description: 'The likeliest with its fields, or null.' }),
    count: Type.Integer({ description: 'How many were found, at most `limit`.' }),
    why: Type.String({ description: 'All of them in sentences: name, likeness, reasons; a line each.' }),
    matches: Type.Array(Match, { description: 'The sure ones first, then the most alike.' }),
  }),
  *run(ctx, params) {
    const { among, older = true, limit = 10 } = params;
    const record = yield* targetRecord(ctx, params.record);
    const likes = yield* findLikes(ctx, record, among, MOST_LIKES);
    const kept = likes.filter((like) => !older || cameBefore(like.record, record)).slice(0, limit);
    const matches = kept.map((like) => matchOf(like, ctx.settings.locale));
    const [first] = kept;
    const output = {
      id: first?.record.id ?? null,
      record: first ? { ...first.record } : null,
      count: kept.length,
      why: matches.map(({ name, score, why }) => `${String(name)} (${Math.round(Number(score) * 100)} %): ${String(why)}`).join('\n'),
      matches,
    };
    return { kind: 'next', port: first === undefined ? 'none' : first.sure ? 'sure' : 'similar', output };
  },
});

/** Ids rise with time. */
function cameBefore(one: RecordView, other: RecordView): boolean {
  const [a, b] = [String(one.created_at), String(other.created_at)];
  return a < b || (a === b && one.id < other.id);
}

const matchOf = ({ record, sure, score, reasons }: Like, locale: 'en' | 'ru'): JsonObject => ({
  id: record.id,
  name: String(record.name ?? ''),
  sure,
  score,
  reasons: reasons.map(({ code }) => code),
  why: reasons.map((reason) => reasonInWords(reason, locale)).join(' '),
});
