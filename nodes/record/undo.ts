import { Type } from 'typebox';
import { type DataRequest, defineNode, loadRecord, type RecordChange, type RecordView, type StepContext, Value } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { isId } from '../support/record.ts';
import { list } from '../support/summary.ts';

export const undoNode = defineNode({
  type: 'record.undo',
  version: 1,
  title: 'Take changes back',
  description:
    'Takes back what nodes of this run have written, but only where nobody has touched it since: fields get the value that they had before, records that were made are deleted if nobody has changed them. What others have changed stays.',
  params: Type.Object(
    {
      nodes: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }), {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description: 'Ids of nodes of this workflow: record.update, record.create, task.create, assign.owner, score.points.',
      }),
      records: Value(Type.Array(Type.Union([Type.String(), Type.Null()]), { maxItems: 50 }), {
        description: 'Ids of the records that they have written: `= [record.id, nodes.task.id]`.',
      }),
    },
    { additionalProperties: false },
  ),
  example: { nodes: ['set_hot', 'call_task'], records: '= [record.id, nodes.call_task.id]' },
  summary: (params) => list(params.nodes).join(', '),
  ports: ['next'],
  output: Type.Object({
    restored: Type.Array(Type.String(), { description: 'Names of the fields that have their old value again.' }),
    removed: Type.Array(Type.String({ format: 'uuid' }), { description: 'Ids of the records that were deleted.' }),
    kept: Type.Array(Type.String(), { description: 'What stayed because somebody has touched it: names of fields, ids of records.' }),
  }),
  *run(ctx, { nodes, records }) {
    const output: Undone = { restored: [], removed: [], kept: [] };
    for (const id of new Set(records)) {
      if (id === null || !isId(id)) continue;
      const record = yield* loadRecord(ctx, id);
      yield { kind: 'changes', recordId: id, runId: ctx.run.id };
      if (record && !record.deleted) yield* undo(ctx, record, ctx.changesByRun(id), new Set(nodes), output);
    }
    return { kind: 'next', port: 'next', output };
  },
});

interface Undone {
  [key: string]: Json;
  restored: string[];
  removed: string[];
  kept: string[];
}

const byNodes = ({ author }: RecordChange, run: string, nodes: ReadonlySet<string>): boolean =>
  author.kind === 'run' && author.id === run && nodes.has(author.node);

function* undo(
  ctx: StepContext,
  record: RecordView,
  changes: readonly RecordChange[],
  nodes: ReadonlySet<string>,
  output: Undone,
): Generator<DataRequest, void, void> {
  const ours = changes.filter((change) => byNodes(change, ctx.run.id, nodes));
  if (ours.some((change) => change.op === 'created')) {
    // Made by us: it goes, unless somebody has done something with it.
    const untouched = changes.every((change) => byNodes(change, ctx.run.id, nodes));
    (untouched ? output.removed : output.kept).push(record.id);
    if (untouched) ctx.remove(record.id);
    return;
  }
  const before = new Map<string, Json>();
  for (const change of ours) for (const [field, [was]] of Object.entries(change.changes)) if (!before.has(field)) before.set(field, was);
  const patch: JsonObject = {};
  for (const [field, was] of before) {
    const last = changes.findLast((change) => Object.hasOwn(change.changes, field));
    if (last && byNodes(last, ctx.run.id, nodes)) {
      patch[field] = was;
      output.restored.push(field);
    } else output.kept.push(field);
  }
  if (Object.keys(patch).length > 0) ctx.update(record.id, patch);
}
