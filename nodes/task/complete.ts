import { Type } from 'typebox';
import {
  type DataRequest,
  defineNode,
  isoOf,
  loadRecord,
  type RecordView,
  type StepContext,
  TaktError,
  Template,
  Value,
} from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { RecordId } from '../support/params.ts';
import { targetId, targetRecord } from '../support/record.ts';
import { brief } from '../support/summary.ts';
import { dedupeKey, openTasks } from './task.ts';

export const completeTaskNode = defineNode({
  type: 'task.complete',
  version: 1,
  title: 'Complete tasks',
  description: 'Marks open tasks as done: the one that is named, or those of the record with the title or key given, or all of them.',
  params: Type.Object(
    {
      task: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: 'Id of the one task.' })),
      title: Type.Optional(Template({ maxLength: 500, description: 'Only tasks with this title.' })),
      dedupe: Type.Optional(Template({ maxLength: 400, description: 'Only tasks that were made with this `dedupe` key.' })),
      record: Type.Optional(
        Value(Type.Union([RecordId, Type.Null()]), { description: "Id of the record whose tasks are meant; the run's own without it." }),
      ),
      outcome: Type.Optional(Template({ maxLength: 500, description: 'How it went; kept with the task.' })),
    },
    { additionalProperties: false },
  ),
  example: { title: 'Call {{record.name}}', outcome: 'The client wrote first' },
  summary: (params) => brief(params.task ?? params.title ?? params.dedupe, 'all open tasks'),
  ports: ['next'],
  output: Type.Object({ completed: Type.Integer({ description: 'How many tasks were open and are done now.' }) }),
  *run(ctx, params) {
    const { title, outcome } = params;
    const tasks =
      params.task !== undefined
        ? yield* oneTask(ctx, targetId(ctx, params.task, 'task'))
        : yield* openTasks(ctx, yield* targetRecord(ctx, params.record), {
            ...(title === undefined ? {} : { title: title.replace(/\s+/g, ' ').trim() }),
            ...matchKey(params.dedupe, title),
          });
    for (const task of tasks) {
      ctx.update(task.id, { status: 'done', completed_at: isoOf(ctx.now), ...(outcome === undefined ? {} : { outcome }) });
    }
    return { kind: 'next', port: 'next', output: { completed: tasks.length } };
  },
});

function matchKey(dedupe: string | undefined, title: string | undefined): JsonObject {
  const key = dedupeKey(dedupe, title);
  return key === undefined ? {} : { dedupe_key: key };
}

function* oneTask(ctx: StepContext, id: string): Generator<DataRequest, RecordView[], void> {
  const task = yield* loadRecord(ctx, id);
  if (task?.entity !== 'task')
    throw new TaktError('NODE_RECORD_ID', { message: `${id} is not the id of a task.`, pointer: '/params/task' });
  return task.status === 'open' && !task.deleted ? [task] : [];
}
