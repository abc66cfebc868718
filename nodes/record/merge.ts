import { Type } from 'typebox';
import { defineNode, loadRecord, mergeRecords, type RecordView, TaktError, Value } from '../../engine/sdk.ts';
import { RecordId, RecordIdOut } from '../support/params.ts';
import { isId, targetRecord } from '../support/record.ts';
import { brief } from '../support/summary.ts';

export const mergeNode = defineNode({
  type: 'record.merge',
  version: 1,
  title: 'Merge two records',
  description:
    'Makes one record of two of an entity. The older one stays: it keeps what it has and gets what it lacks, lists are joined, of consents the stricter counts. What referred to the other one refers to it, and open runs of the other go on with it, this run too. The other is deleted; within 30 days the merge can be taken back.',
  params: Type.Object(
    {
      record: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: "Id of the one; the run's own without it." })),
      with: Value(Type.Union([RecordId, Type.Null()]), { description: 'Id of the other: `= nodes.duplicates.id`.' }),
      into: Type.Optional(
        Value(Type.Union([RecordId, Type.Null()]), {
          description: 'Id of the one of both that stays; the older without it, or with null.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { with: '= nodes.duplicates.id' },
  summary: (params) => `With ${brief(params.with)}`,
  ports: ['next'],
  output: Type.Object({
    merge: Type.String({ format: 'uuid', description: 'Id of the merge, to take it back.' }),
    winner: RecordIdOut,
    loser: Type.String({ format: 'uuid', description: 'Id of the record that is deleted.' }),
    changed: Type.Array(Type.String(), { description: 'Fields of the one that stays that have another value now.' }),
    links: Type.Integer({ description: 'How many fields of other records refer to it now instead.' }),
  }),
  *run(ctx, params) {
    const own = yield* targetRecord(ctx, params.record);
    const other = params.with !== null && isId(params.with) ? yield* loadRecord(ctx, params.with) : undefined;
    if (!other)
      throw new TaktError('NODE_RECORD_ID', { message: 'The expression for "with" leads to no record.', pointer: '/params/with' });
    const winner = stays(own, other, params.into ?? undefined);
    const loser = winner === own ? other : own;
    const { id, changes } = yield* mergeRecords(ctx, winner.id, loser.id);
    const output = { merge: id, winner: winner.id, loser: loser.id, changed: Object.keys(changes.fields), links: changes.links.length };
    return { kind: 'next', port: 'next', output, ...(ctx.record?.id === loser.id ? { subject: winner.id } : {}) };
  },
});

function stays(own: RecordView, other: RecordView, into: string | undefined): RecordView {
  if (into === undefined) return isOlder(own, other) ? own : other;
  const named = [own, other].find(({ id }) => id === into);
  if (named) return named;
  throw new TaktError('MERGE_INVALID', {
    message: `"into" names neither of the two records, but ${into.slice(0, 60)}.`,
    pointer: '/params/into',
  });
}

/** Ids rise with time. */
function isOlder(own: RecordView, other: RecordView): boolean {
  const [a, b] = [String(own.created_at), String(other.created_at)];
  return a < b || (a === b && own.id < other.id);
}
