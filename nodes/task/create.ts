import { type Static, Type } from 'typebox';
import { type DataRequest, defineNode, isoOf, momentOf, type StepContext, Template, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { CalendarParam, ZoneParam } from '../support/calendar.ts';
import { RecordId, RecordIdOut } from '../support/params.ts';
import { targetRecord } from '../support/record.ts';
import { brief } from '../support/summary.ts';
import { momentAfter } from '../support/when.ts';
import { dedupeKey, openTasks, referenceTo } from './task.ts';

const Due = Type.Union(
  [
    Type.Object(
      {
        in: Value(DurationText, { description: 'From now: `PT30M`. In a `calendar`, `P1D` is the next working day.' }),
        time: Type.Optional(Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'Then at this local time, `14:00`.' })),
        calendar: Type.Optional(CalendarParam),
        zone: Type.Optional(ZoneParam),
      },
      { additionalProperties: false, dependencies: { zone: ['calendar'] } },
    ),
    Type.Object(
      { at: Value(Type.String({ minLength: 4, maxLength: 64 }), { description: 'The moment, ISO 8601.' }) },
      { additionalProperties: false },
    ),
  ],
  { description: 'When it has to be done: `{ "in": "PT30M" }` or `{ "at": "= record.deadline" }`.' },
);

function* dueOf(ctx: StepContext, due: Static<typeof Due>): Generator<DataRequest, number, void> {
  if ('at' in due) return momentOf(due.at, ctx.settings.timezone);
  return yield* momentAfter(ctx, ctx.now, { for: due.in, at: due.time, calendar: due.calendar, zone: due.zone });
}

export const createTaskNode = defineNode({
  type: 'task.create',
  version: 1,
  title: 'Create a task',
  description: "Gives somebody something to do about the run's record. With `dedupe` an open task that is the same is not made twice.",
  params: Type.Object(
    {
      title: Template({ maxLength: 500, description: 'What has to be done, in one line.' }),
      description: Type.Optional(Template({ maxLength: 20_000, description: 'More about it.' })),
      kind: Type.Optional(
        Value(Type.Enum(['call', 'email', 'meeting', 'message', 'document', 'to_do']), { description: 'What kind of work it is.' }),
      ),
      assignee: Type.Optional(
        Value(Type.Union([RecordId, Type.Null()]), {
          description: "Id of the user who has to do it; the record's owner without it, nobody with null.",
        }),
      ),
      due: Type.Optional(Due),
      priority: Type.Optional(Value(Type.Enum(['low', 'normal', 'high', 'critical']), { description: 'Normal without it.' })),
      dedupe: Type.Optional(
        Template({
          maxLength: 400,
          description:
            '`title`: not if the record has an open task with this title. Any other text is a key: not if it has an open task with this key. `none` (as without it): always.',
        }),
      ),
      record: Type.Optional(
        Value(Type.Union([RecordId, Type.Null()]), {
          description: "Id of the record that it is about; the run's own without it, unless that is deleted.",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { title: 'Call {{record.name}}', kind: 'call', due: { in: 'PT30M' }, priority: 'high', dedupe: 'title' },
  summary: (params) => brief(params.title),
  ports: ['next'],
  output: Type.Object({ id: RecordIdOut, created: Type.Boolean({ description: 'false: the same task was open already.' }) }),
  *run(ctx, params) {
    const { title, description, kind, due, priority } = params;
    // Nothing can refer to a deleted record: a task that its deletion makes is about none.
    const own = ctx.record?.deleted ? undefined : ctx.record;
    const about = params.record === undefined ? own : yield* targetRecord(ctx, params.record);
    const key = dedupeKey(params.dedupe, title);
    const same = key === undefined ? undefined : (yield* openTasks(ctx, about, { dedupe_key: key }))[0];
    if (same) return { kind: 'next', port: 'next', output: { id: same.id, created: false } };

    const data: JsonObject = { title: title.replace(/\s+/g, ' ').trim() };
    const assignee = params.assignee === undefined ? about?.owner : params.assignee;
    if (typeof assignee === 'string') data.owner = assignee;
    if (description !== undefined) data.description = description;
    if (kind !== undefined) data.kind = kind;
    if (priority !== undefined) data.priority = priority;
    if (due) data.due_at = isoOf(yield* dueOf(ctx, due));
    if (about) data.record = referenceTo(about);
    if (key !== undefined) data.dedupe_key = key;
    return { kind: 'next', port: 'next', output: { id: ctx.create({ entity: 'task', data }), created: true } };
  },
});
