import { type Static, Type } from 'typebox';
import {
  type Ask,
  Condition,
  type DataRequest,
  defineNode,
  type EventSubscription,
  type EventView,
  momentOf,
  type NodeResult,
  type StepContext,
  TaktError,
  Value,
} from '../../engine/sdk.ts';
import { CalendarParam, ZoneParam } from '../support/calendar.ts';
import { RecordId } from '../support/params.ts';
import { targetId } from '../support/record.ts';
import { brief, list, part } from '../support/summary.ts';
import { deadlineOf, From, Timeout } from './deadline.ts';

const Port = Type.String({ pattern: '^(?!(?:timeout|error)$)[a-z][a-z0-9_-]{0,62}$' });
const CAME = 'came';

const Wanted = Type.Object(
  {
    event: Type.String({ minLength: 1, maxLength: 100, description: 'Type of the event: `message.answered`.' }),
    topic: Type.Optional(Type.String({ maxLength: 200, default: '*', description: 'Its topic; any without it.' })),
    where: Type.Optional(Condition({ description: 'Which of these events counts: `event` is the one that came.' })),
    port: Type.Optional(Type.Unsafe<string>({ ...Port, default: CAME, description: 'The way out that it opens; `came` without it.' })),
  },
  { additionalProperties: false },
);

const Params = Type.Object(
  {
    events: Type.Array(Wanted, { minItems: 1, maxItems: 20, description: 'The events of which the first one ends the wait.' }),
    about: Type.Optional(
      Value(Type.Union([RecordId, Type.Null()]), {
        description: "Id of the record that they are about; the run's own without it. Events of records that refer to it count, too.",
      }),
    ),
    key: Type.Optional(
      Type.Object(
        {
          field: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$', description: "Name of a field of the event's data." }),
          equals: Value(Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Null()]), { description: 'What it must be.' }),
        },
        { additionalProperties: false, description: 'Instead of by a record the event is known by a value: an order number.' },
      ),
    ),
    since: Type.Optional(
      Value(Type.String({ minLength: 3, maxLength: 64 }), {
        description:
          '`now` (as without it): from when the run comes here. `enrolment`: also one about the record itself that came since the run began. A moment: since then.',
      }),
    ),
    timeout: Type.Optional(Timeout),
    from: Type.Optional(From),
    calendar: Type.Optional(CalendarParam),
    zone: Type.Optional(ZoneParam),
  },
  { additionalProperties: false, allOf: [{ not: { required: ['key', 'since'] } }] },
);
type Params = Static<typeof Params>;

export const waitEventNode = defineNode({
  type: 'flow.wait_event',
  version: 1,
  title: 'Wait for an event',
  description:
    'Waits until one of the events comes, or until the time is over. An event that came before the run was here counts where `since` says so.',
  params: Params,
  example: {
    events: [
      { event: 'message.answered', port: 'answered' },
      { event: 'message.clicked', where: "event.data.link = 'price'", port: 'price' },
    ],
    since: 'enrolment',
    timeout: 'P3D',
  },
  summary: (params) =>
    `${list(params.events)
      .map((one) => brief(part(one).event))
      .join(' or ')}${params.timeout === undefined ? '' : `, at most ${brief(params.timeout)}`}`,
  ports: (params) => [...new Set(list(params.events).map((one) => portOf(part(one)))), 'timeout'],
  output: Type.Object({
    event: Type.Unsafe<EventView | null>({ description: 'The event that came; null when the time was over.' }),
  }),
  *run(ctx, params) {
    const { subscriptions, recordId } = subscriptionsOf(ctx, params);
    const { timeout, from, calendar, zone } = params;
    const until = yield* deadlineOf(ctx, { timeout, from, calendar, zone });
    const since = sinceOf(ctx, params.since);
    if (since !== undefined && recordId !== undefined) {
      const past = yield* firstSince(ctx, params, recordId, since);
      if (past) return past;
    }
    if (until !== undefined && until <= ctx.now) return { kind: 'next', port: 'timeout', output: { event: null } };
    return {
      kind: 'wait',
      wait: { kind: 'event', subscriptions, ...(until === undefined ? {} : { until }) },
      memo: { subscriptions: [...subscriptions.map((one) => ({ ...one }))], until: until ?? null },
    };
  },
  resume(_ctx, wake, memo, params) {
    if (wake.kind !== 'event') return { kind: 'next', port: 'timeout', output: { event: null } };
    const found = fitting(params(), wake.event);
    if (found) return { kind: 'next', port: found, output: { event: { ...wake.event } } };
    const subscriptions = list(memo.subscriptions).map((one) => asSubscription(part(one)));
    return { kind: 'wait', wait: { kind: 'event', subscriptions, ...(typeof memo.until === 'number' ? { until: memo.until } : {}) }, memo };
  },
});

const portOf = ({ port }: { port?: unknown }): string => (typeof port === 'string' ? port : CAME);
const asSubscription = ({ type, topic, correlation }: { [key: string]: unknown }): EventSubscription => ({
  type: String(type),
  topic: String(topic),
  correlation: String(correlation),
});

/** The port of the first description that the event fits. */
function fitting({ events }: Params, event: EventView): string | undefined {
  const found = events.find(
    (one) =>
      one.event === event.type && (one.topic === undefined || one.topic === '*' || one.topic === event.topic) && holds(one.where, event),
  );
  return found && portOf(found);
}

const holds = (where: Ask | undefined, event: EventView): boolean => where === undefined || where({ event });

function subscriptionsOf(
  ctx: StepContext,
  { events, about, key }: Params,
): { subscriptions: EventSubscription[]; recordId: string | undefined } {
  const recordId = key === undefined ? targetId(ctx, about, 'about') : undefined;
  if (key !== undefined && key.equals === null) {
    throw new TaktError('WAIT_KEY', { pointer: '/params/key/equals', message: 'The expression for "key" found nothing.' });
  }
  const correlation = key === undefined ? `record:${recordId}` : `${key.field}=${key.equals}`;
  return { subscriptions: events.map((one) => ({ type: one.event, topic: one.topic ?? '*', correlation })), recordId };
}

function sinceOf(ctx: StepContext, since: string | undefined): number | undefined {
  if (since === undefined || since === 'now') return undefined;
  return since === 'enrolment' ? ctx.run.startedAt : momentOf(since, ctx.settings.timezone);
}

function* firstSince(
  ctx: StepContext,
  params: Params,
  recordId: string,
  since: number,
): Generator<DataRequest, NodeResult | undefined, void> {
  const query = { recordId, types: [...new Set(params.events.map((one) => one.event))].sort(), since };
  yield { kind: 'events', query };
  for (const event of ctx.eventsSince(query)) {
    // What began the run has been heard.
    if (event.id === ctx.run.eventId) continue;
    const port = fitting(params, event);
    if (port !== undefined) return { kind: 'next', port, output: { event: { ...event } } };
  }
  return undefined;
}
