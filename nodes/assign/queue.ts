/**
 * Where records wait for somebody: a line, the first first. It is a place that one run holds – the first of the line – while the others
 * wait behind it; whoever gets an owner leaves it, and the next one looks at once. So a queue costs one run that looks now and then,
 * however many wait in it.
 */
import { acquire, type DataRequest, type NodeResult, parseDuration, type StepContext } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { Fallback } from './params.ts';

const USUAL_CHECK = 'PT1M';
/** Of so many people what is written is heard at once. */
const MOST_HEARD = 200;

export interface Hold {
  /** Of the mark that keeps the line. */
  key: string;
  /** Until when the record waits, milliseconds. */
  until: number;
  checkMs: number;
  /** Whose the record was when it began to wait. */
  owner: string | null;
}

/** How the record waits where nobody can take it. @param memo of the wait that it comes from */
export function holdOf(ctx: StepContext, fallback: Fallback | undefined, memo: JsonObject = {}): Hold | undefined {
  const { queue, hold, check = USUAL_CHECK } = fallback ?? {};
  if (queue === undefined || hold === undefined) return undefined;
  const until = typeof memo.until === 'number' ? memo.until : ctx.now + parseDuration(hold);
  const key = typeof memo.key === 'string' ? memo.key : `assign:queue:${queue}`;
  const owner = 'owner' in memo ? memo.owner : ctx.record?.owner;
  return { key, until, checkMs: parseDuration(check), owner: typeof owner === 'string' ? owner : null };
}

const memoOf = ({ key, until, owner }: Hold): JsonObject => ({ key, until, owner });

/** Behind those who are there. */
export function* waitInLine(ctx: StepContext, hold: Hold): Generator<DataRequest, NodeResult, void> {
  yield* acquire(ctx, hold.key);
  return { kind: 'wait', wait: { kind: 'place', key: hold.key }, memo: memoOf(hold) };
}

/** At the head of the line: until something is written into one of the people or the record, somebody is back, or it is time to look again. */
export function* waitAsFirst(
  ctx: StepContext,
  hold: Hold,
  { people, freeAt }: { people: readonly string[]; freeAt: string | null },
): Generator<DataRequest, NodeResult, void> {
  yield* acquire(ctx, hold.key);
  const back = freeAt === null ? Number.POSITIVE_INFINITY : Date.parse(freeAt);
  const until = Math.min(Math.max(back, ctx.now + 1), ctx.now + hold.checkMs, hold.until);
  const about = (topic: string, id: string) => ({ type: 'record.updated', topic, correlation: `record:${id}` });
  const own = ctx.record ? [about(ctx.record.entity, ctx.record.id)] : [];
  return {
    kind: 'wait',
    wait: { kind: 'event', subscriptions: [...own, ...people.slice(0, MOST_HEARD).map((id) => about('user', id))], until },
    memo: memoOf(hold),
  };
}
