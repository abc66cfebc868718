import { Type } from 'typebox';
import {
  type DataRequest,
  defineNode,
  isoOf,
  loadRecord,
  type NodeResult,
  parseDuration,
  type RecordView,
  type StepContext,
  TaktError,
  Value,
} from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { RecordId } from '../support/params.ts';
import { isId } from '../support/record.ts';
import { brief } from '../support/summary.ts';

const Params = Type.Object(
  {
    recommendation: Value(Type.Union([RecordId, Type.Null()]), {
      description: 'Id of the recommendation: `= nodes.best.recommendation`.',
    }),
    after: Type.Unsafe<string>({ ...DurationText, description: 'How long a person has to stop it: `PT2H`.' }),
  },
  { additionalProperties: false },
);

export const autopilotNode = defineNode({
  type: 'nba.autopilot',
  version: 1,
  title: 'Autopilot',
  description:
    'Gives people time to stop what the workflow would do by itself. When the time is over and nobody has answered the recommendation, it goes on by `go`: do it then, and set the recommendation to `done`. Any answer – accepted, done, declined, put off – goes on by `stopped`, at once. Tell the owner before.',
  params: Params,
  example: { recommendation: '= nodes.best.recommendation', after: 'PT2H' },
  summary: ({ after }) => `unless stopped within ${brief(after)}`,
  ports: ['go', 'stopped'],
  output: Type.Object({
    stage: Type.String({ description: 'Stage of the recommendation now: `accepted` on `go`.' }),
  }),
  *run(ctx, { recommendation, after }) {
    if (recommendation === null || !isId(recommendation)) {
      throw new TaktError('NODE_RECORD_ID', { message: 'There is no recommendation to wait for.', pointer: '/params/recommendation' });
    }
    return yield* look(ctx, recommendation, ctx.now + parseDuration(after));
  },
  *resume(ctx, _wake, memo) {
    return yield* look(ctx, String(memo.recommendation), Number(memo.until));
  },
});

/** As it stands now, whatever has ended the wait: an answer may have come at the same moment as the end of the time. */
function* look(ctx: StepContext, id: string, until: number): Generator<DataRequest, NodeResult, void> {
  const one = yield* loadRecord(ctx, id);
  if (one?.entity !== 'recommendation') {
    throw new TaktError('NODE_RECORD_ID', { message: `There is no recommendation ${id}.`, pointer: '/params/recommendation' });
  }
  if (!isUntouched(one)) return { kind: 'next', port: 'stopped', output: { stage: one.deleted ? 'deleted' : String(one.stage) } };
  if (ctx.now >= until) {
    ctx.update(id, { stage: 'accepted', accepted_at: isoOf(ctx.now), by_autopilot: true, place: null });
    return { kind: 'next', port: 'go', output: { stage: 'accepted' } };
  }
  const memo: JsonObject = { recommendation: id, until };
  const subscriptions = ['record.updated', 'record.deleted'].map((type) => ({ type, topic: '*', correlation: `record:${id}` }));
  return { kind: 'wait', wait: { kind: 'event', subscriptions, until }, memo };
}

const isUntouched = ({ stage, snoozed_until, deleted }: RecordView): boolean => !deleted && stage === 'open' && snoozed_until === undefined;
