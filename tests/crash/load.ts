/** The work that the crash drill disturbs: a workflow for each kind of order, and what must have come of an order at the end. */
import type { Random } from '../../engine/ports/random.ts';
import type { JsonObject } from '../../schemas/json.ts';

export const KINDS = ['count', 'assign', 'send', 'wait', 'section'] as const;
export type Kind = (typeof KINDS)[number];

/** An event that a client posts until it is taken. */
export interface Order {
  /** Also the idempotency key of its event. */
  id: string;
  kind: Kind;
  /** Key of the lead that it is about. */
  lead: string;
  /** The critical section that it enters. */
  shelf: number;
  /** Of the kind `wait`: nobody answers, its run waits for ever. */
  silent: boolean;
}

export const PEOPLE = ['drill-ada', 'drill-grace', 'drill-mary'] as const;
/** They get no more than so many an hour. */
export const CAPPED = ['capped-ada', 'capped-mary'] as const;
export const CAP = 200;
export const LEADS = Array.from({ length: 40 }, (_, i) => `drill-lead-${i}`);
const SHELVES = 4;
/** Every so many orders that wait get no answer. */
const SILENT_EVERY = 5;

/** Orders without end, the same for the same chance. */
export function* ordersFrom(random: Random): Generator<Order, never, void> {
  for (let n = 1; ; n++) {
    const kind = KINDS[Math.floor(random.next() * KINDS.length)] ?? 'count';
    const lead = LEADS[Math.floor(random.next() * LEADS.length)] ?? '';
    const shelf = Math.floor(random.next() * SHELVES);
    yield { id: `order-${n}`, kind, lead, shelf, silent: kind === 'wait' && n % SILENT_EVERY === 0 };
  }
}

/** The first of them. */
export function firstOrders(random: Random, count: number): Order[] {
  const orders = ordersFrom(random);
  return Array.from({ length: count }, () => orders.next().value);
}

/** How often each node of a run is carried out. */
export const STEPS: Record<Kind, Record<string, number>> = {
  count: { size: 1, add: 1, note: 1, end: 1 },
  assign: { capped: 1, owner: 1, end: 1 },
  send: { call: 1, mail: 1, end: 1 },
  wait: { know: 1, pause: 1, answer: 1, note: 1, end: 1 },
  section: { enter: 1, each: 1, part: 3, leave: 1, end: 1 },
};

/** How many tasks an order makes. */
export const TASKS: Record<Kind, number> = { count: 1, assign: 0, send: 0, wait: 1, section: 3 };

const trigger = (kind: Kind): JsonObject => ({ type: 'trigger.event', params: { event: `drill.${kind}` } });
const end: JsonObject = { type: 'flow.end', params: { outcome: 'done' } };
const task = (order: string): JsonObject => ({
  type: 'task.create',
  params: { title: `Drill {{${order}}}`, assignee: null, due: { in: 'P1D' } },
});

/** @param outside origin of the customers' HTTP server */
export function workflowsOf(outside: string): JsonObject[] {
  const file = (id: string, nodes: JsonObject, edges: [string, string][]): JsonObject => ({ takt: 1, id, name: id, nodes, edges });
  return [
    file(
      'drill-count',
      {
        start: trigger('count'),
        size: { type: 'flow.switch', params: { cases: [{ port: 'large', when: 'event.data.shelf >= 2' }] } },
        add: { type: 'record.update', params: { fields: { score: '= record.score + 1' } } },
        note: task('event.data.order'),
        end,
      },
      [
        ['start', 'size'],
        ['size:large', 'add'],
        ['size:else', 'add'],
        ['add', 'note'],
        ['note', 'end'],
      ],
    ),
    file(
      'drill-assign',
      {
        start: trigger('assign'),
        capped: {
          type: 'assign.owner',
          params: {
            pool: { users: [...CAPPED] },
            eligibility: { caps: { hour: CAP } },
            strategy: [{ least: 'given_hour' }, 'round_robin'],
            overwrite: true,
          },
        },
        owner: { type: 'assign.owner', params: { pool: { users: [...PEOPLE] }, strategy: ['round_robin'], overwrite: true } },
        end,
      },
      [
        ['start', 'capped'],
        ['capped:assigned', 'owner'],
        ['capped:nobody', 'owner'],
        ['owner:assigned', 'end'],
      ],
    ),
    file(
      'drill-send',
      {
        start: trigger('send'),
        call: { type: 'http.request', params: { method: 'POST', url: `${outside}/orders`, body: { order: '= event.data.order' } } },
        mail: {
          type: 'message.send',
          params: { channel: 'email', to: 'customer@drill.example', subject: 'Drill {{event.data.order}}', text: 'It is on its way.' },
        },
        end,
      },
      [
        ['start', 'call'],
        ['call', 'mail'],
        ['mail', 'end'],
      ],
    ),
    file(
      'drill-wait',
      {
        start: trigger('wait'),
        know: { type: 'data.set', params: { values: { order: '= event.data.order' } } },
        pause: { type: 'flow.wait', params: { for: 'PT2S' } },
        answer: {
          type: 'flow.wait_event',
          params: { events: [{ event: 'drill.answer', where: 'event.data.order = vars.order' }], since: 'enrolment' },
        },
        note: task('event.data.order'),
        end,
      },
      [
        ['start', 'know'],
        ['know', 'pause'],
        ['pause', 'answer'],
        ['answer:came', 'note'],
        ['note', 'end'],
      ],
    ),
    file(
      'drill-section',
      {
        start: trigger('section'),
        enter: { type: 'flow.lock', params: { key: 'drill-{{event.data.shelf}}' } },
        each: { type: 'flow.each', params: { items: [1, 2, 3], parallel: 2 } },
        part: { type: 'flow.call', params: { workflow: 'drill-part', input: { order: '= event.data.order', part: '= item' } } },
        leave: { type: 'flow.unlock', params: { key: 'drill-{{event.data.shelf}}' } },
        end,
      },
      [
        ['start', 'enter'],
        ['enter', 'each'],
        ['each:item', 'part'],
        ['each:done', 'leave'],
        ['leave', 'end'],
      ],
    ),
    file('drill-part', { start: { type: 'trigger.call', params: {} }, note: task('event.data.input.order'), end }, [
      ['start', 'note'],
      ['note', 'end'],
    ]),
  ];
}
