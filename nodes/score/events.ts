/** Points for what has happened to a record, worth less the longer it is ago. */
import { type Static, Type } from 'typebox';
import { type DataRequest, type EventView, type PastEvents, parseDuration, type StepContext } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';

export const CountedEvents = Type.Object(
  {
    types: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_.-]{0,99}$' }), {
      minItems: 1,
      maxItems: 20,
      description: 'Types of events about the record: `message.opened`.',
    }),
    within: Type.Optional(
      Type.Unsafe<string>({ ...DurationText, default: 'P90D', description: 'Only events of so long a time until now; P90D without it.' }),
    ),
    half_life: Type.Optional(
      Type.Unsafe<string>({
        ...DurationText,
        description: 'After so long an event is worth half, after twice as long a quarter. Without it all are worth the same.',
      }),
    ),
  },
  { additionalProperties: false, description: 'The points are given for each of these events; of more than 1,000 the first ones count.' },
);
export type CountedEvents = Static<typeof CountedEvents>;

const USUAL_WITHIN = 'P90D';
/** What one question gives at most. */
const PAGE = 100;
const MOST_PAGES = 10;

const withinMs = ({ within = USUAL_WITHIN }: CountedEvents): number => parseDuration(within);

/** Events about the record that any of the rules counts. Rules that look back as far are asked together. */
export function* pastEvents(
  ctx: Pick<StepContext, 'eventsSince' | 'now'>,
  recordId: string,
  counted: readonly CountedEvents[],
): Generator<DataRequest, EventView[], void> {
  const found = new Map<string, EventView>();
  for (const [within, rules] of Map.groupBy(counted, withinMs)) {
    const types = [...new Set(rules.flatMap((one) => one.types))];
    for (const event of yield* eventsOf(ctx, { recordId, types, since: ctx.now - within })) found.set(event.id, event);
  }
  return [...found.values()];
}

function* eventsOf(ctx: Pick<StepContext, 'eventsSince'>, asked: PastEvents): Generator<DataRequest, Iterable<EventView>, void> {
  const found = new Map<string, EventView>();
  let query = asked;
  for (let page = 0; page < MOST_PAGES; page++) {
    yield { kind: 'events', query };
    const [before, events] = [found.size, ctx.eventsSince(query)];
    for (const event of events) found.set(event.id, event);
    const last = events.at(-1);
    if (events.length < PAGE || !last) break;
    // From the moment of the last one on, which may have come together with others. Of one moment no more than a page can be told.
    query = { ...asked, since: Date.parse(last.at) + (found.size === before ? 1 : 0) };
  }
  return found.values();
}

/**
 * Σ points × ½^(age ÷ half-life) over the events that the rule counts, to two places.
 * @param now milliseconds since the epoch
 */
export function pointsOfEvents(
  counted: CountedEvents,
  points: number,
  happened: readonly EventView[],
  now: number,
): { times: number; sum: number } {
  const halfLife = counted.half_life === undefined ? Number.POSITIVE_INFINITY : parseDuration(counted.half_life);
  const ages = happened.flatMap(({ type, at }) => {
    const age = Math.max(0, now - Date.parse(at));
    return counted.types.includes(type) && age <= withinMs(counted) ? [age] : [];
  });
  const sum = ages.reduce((total, age) => total + points * 0.5 ** (age / halfLife), 0);
  return { times: ages.length, sum: Math.round(100 * sum) / 100 };
}
