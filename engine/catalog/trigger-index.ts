/** Triggers by the type and topic of the events that they want: what an event starts, and what it does to timers. */
import { asTaktError } from '../errors/index.ts';
import type { Environment } from '../expression/index.ts';
import type { Plan, PlanTrigger } from '../graph/plan.ts';
import type { ReadingContext } from '../node/context.ts';
import type { DataRequest, EventView, Subscription } from '../node/definition.ts';
import type { Logger } from '../ports/logger.ts';
import type { Segments } from '../segments/segments.ts';
import type { EventRow } from '../unit/rows.ts';
import type { EventAbout, KeyedTimer, Matched, Watched } from '../unit/surroundings.ts';
import { eventView } from '../unit/view.ts';

interface Entry {
  plan: Plan;
  trigger: PlanTrigger;
}

type Moment = Pick<Environment, 'now' | 'random'>;

export class TriggerIndex {
  readonly #starts = new Map<string, Entry[]>();
  readonly #watches = new Map<string, Entry[]>();
  /** entity → plans that take a record once as long as a condition holds */
  readonly #whiles = new Map<string, Plan[]>();
  readonly #segments: Segments;
  readonly #logger: Logger;

  /** @param plans of which those that are not active start nothing, but keep up with the records */
  constructor(plans: readonly { plan: Plan; active: boolean }[], segments: Segments, logger: Logger) {
    this.#segments = segments;
    this.#logger = logger;
    for (const { plan, active } of plans) {
      for (const trigger of plan.triggers) {
        if (active) add(this.#starts, trigger.subscriptions, { plan, trigger });
        add(this.#watches, trigger.watches, { plan, trigger });
        const entity = trigger.definition.entity(trigger.params);
        if (plan.rules.reentry.mode === 'while' && entity !== undefined) {
          const others = this.#whiles.get(entity) ?? [];
          if (!others.includes(plan)) this.#whiles.set(entity, [...others, plan]);
        }
      }
    }
  }

  match(event: EventRow, about: EventAbout, moment: Moment): Matched {
    const starting = find(this.#starts, event);
    const watching = find(this.#watches, event);
    const rearmed = this.#rearmed(event, about, moment);
    if (starting.length + watching.length === 0) return rearmed.length === 0 ? NOTHING : { ...NOTHING, rearmed };
    const view = eventView(event);
    const starts = starting.filter(
      (entry) => accepts(entry.trigger, view) && this.#meets(entry, entry.trigger.definition.asks, view, about, moment),
    );
    const watched = watching.filter((entry) => {
      const { definition, params } = entry.trigger;
      return this.#meets(entry, definition.watchAsks(params, view), view, about, moment);
    });
    return { starts, watched, rearmed };
  }

  /** What an event does to the timers of one trigger. A trigger that fails on one record must not stop the write of that record. */
  *timersOf(
    { plan, trigger, event, record }: Watched,
    now: number,
    reads: Pick<ReadingContext, 'read' | 'found'>,
  ): Generator<DataRequest, KeyedTimer[], void> {
    try {
      const ctx = { ...reads, record, now, settings: plan.settings };
      const changes = yield* trigger.definition.timers(trigger.params, event, ctx, trigger.place);
      return changes.map((change) => ({ ...change, kind: 'trigger', workflowId: plan.workflowId, node: trigger.id }));
    } catch (error) {
      this.#warn({ plan, trigger }, event, { record }, error, 'The moment of a trigger cannot be told and is left as it was');
      return [];
    }
  }

  /** Workflows of which the condition held before the event and holds no more. */
  #rearmed(event: EventRow, about: EventAbout, { now, random }: Moment): string[] {
    const plans = event.type.startsWith('record.') ? (this.#whiles.get(event.topic) ?? []) : [];
    if (plans.length === 0) return [];
    const { record, previous } = about;
    return plans.flatMap(({ workflowId, rules, settings }) => {
      if (rules.reentry.mode !== 'while' || !record) return [];
      const env: Environment = {
        now,
        random,
        timeZone: settings.timezone,
        inSegment: (id) => this.#segments.includes(id, record, { now, random }),
      };
      try {
        const holds = !record.deleted && rules.reentry.when.test({ ...record, record }, env);
        return holds || previous === undefined ? [] : [workflowId];
      } catch (error) {
        this.#logger.warn(
          { workflow: workflowId, record: record.id, err: error },
          `The condition of re-entry failed: ${asTaktError(error).message}`,
        );
        return [];
      }
    });
  }

  /** @param pointer of the condition within the trigger's parameters; undefined: none is asked */
  #meets({ plan, trigger }: Entry, pointer: string | undefined, event: EventView, about: EventAbout, { now, random }: Moment): boolean {
    const condition = pointer === undefined ? undefined : trigger.conditions.get(pointer);
    if (!condition) return true;
    const { record, previous } = about;
    const env: Environment = {
      now,
      random,
      timeZone: trigger.place.timezone,
      inSegment: (id) => record !== undefined && this.#segments.includes(id, record, { now, random }),
    };
    try {
      return condition.test({ ...record, record, previous, event }, env);
    } catch (error) {
      // A condition that fails on one record must not stop the write of that record: it does not hold.
      this.#warn({ plan, trigger }, event, about, error, 'The condition of a trigger failed and counts as not met');
      return false;
    }
  }

  #warn({ plan, trigger }: Entry, event: EventView, { record }: Pick<EventAbout, 'record'>, error: unknown, told: string): void {
    this.#logger.warn(
      { workflow: plan.workflowId, node: trigger.id, event: event.id, record: record?.id, err: error },
      `${told}: ${asTaktError(error).message}`,
    );
  }
}

const NOTHING: Matched = { starts: [], watched: [], rearmed: [] };
const accepts = ({ definition, params, place }: PlanTrigger, event: EventView): boolean => definition.accepts(params, event, place);

const ANY = '*';
const keyOf = (type: string, topic: string): string => `${type}\n${topic}`;

function add(index: Map<string, Entry[]>, subscriptions: readonly Subscription[], entry: Entry): void {
  for (const { type, topic } of subscriptions) {
    const list = index.get(keyOf(type, topic));
    if (list) list.push(entry);
    else index.set(keyOf(type, topic), [entry]);
  }
}

function find(index: ReadonlyMap<string, Entry[]>, { type, topic }: EventRow): Entry[] {
  const named = index.get(keyOf(type, topic)) ?? [];
  const any = topic === ANY ? [] : (index.get(keyOf(type, ANY)) ?? []);
  return any.length === 0 ? named : [...named, ...any.filter((entry) => !named.includes(entry))];
}
