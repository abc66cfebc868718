/** Workflows of the worlds beside those of the crash drill: more of what the engine can do, and each has something that can be counted. */

import type { JsonObject } from '../../schemas/json.ts';
import type { SegmentDefinition } from '../../schemas/segment.ts';
import { workflowsOf } from '../crash/load.ts';

const OUTSIDE = 'http://customers.example';

const trigger = (kind: string): JsonObject => ({ type: 'trigger.event', params: { event: `drill.${kind}` } });
const end: JsonObject = { type: 'flow.end', params: { outcome: 'done' } };
const task = (title: string): JsonObject => ({ type: 'task.create', params: { title, assignee: null, due: { in: 'P1D' } } });
const note = task('Drill {{event.data.order}}');
const add: JsonObject = { type: 'record.update', params: { fields: { score: '= record.score + 1' } } };
const call: JsonObject = {
  type: 'http.request',
  params: { method: 'POST', url: `${OUTSIDE}/orders`, body: { order: '= event.data.order' } },
};
const mail: JsonObject = {
  type: 'message.send',
  params: { channel: 'email', to: 'customer@drill.example', subject: 'Drill {{event.data.order}}', text: 'It is on its way.' },
};

function file(id: string, nodes: JsonObject, edges: [string, string][], settings: JsonObject = {}): JsonObject {
  return { takt: 1, id, name: id, settings, nodes, edges };
}

/** Fails by its error port when the outside has refused often enough. */
const retry = file(
  'drill-retry',
  { start: trigger('retry'), call: { ...call, retry: { attempts: 3, first: 'PT1S', max: 'PT5S' } }, note, end },
  [
    ['start', 'call'],
    ['call', 'end'],
    ['call:error', 'note'],
    ['note', 'end'],
  ],
);

/** Counts and writes for each of three items, two of them side by side. */
const each = file(
  'drill-each',
  { start: trigger('each'), each: { type: 'flow.each', params: { items: [1, 2, 3], parallel: 2, onError: 'fail' } }, add, mail, end },
  [
    ['start', 'each'],
    ['each:item', 'add'],
    ['add', 'mail'],
    ['each:done', 'end'],
  ],
);

/** Three branches that wait for each other: for time, for the outside, for nothing. */
const fork = file(
  'drill-fork',
  {
    start: trigger('fork'),
    pause: { type: 'flow.wait', params: { for: 'PT3S' } },
    call,
    add,
    join: { type: 'flow.join', params: { wait: 'all' } },
    note,
    end,
  },
  [
    ['start', 'pause'],
    ['start', 'call'],
    ['start', 'add'],
    ['pause', 'join'],
    ['call', 'join'],
    ['add', 'join'],
    ['join', 'note'],
    ['note', 'end'],
  ],
);

/** An event or the time, whichever comes first; never both. */
const race = file(
  'drill-race',
  {
    start: trigger('race'),
    know: { type: 'data.set', params: { values: { order: '= event.data.order' } } },
    answer: {
      type: 'flow.wait_event',
      params: { events: [{ event: 'drill.answer', where: 'event.data.order = vars.order' }], since: 'enrolment', timeout: 'PT5S' },
    },
    add,
    note,
    end,
  },
  [
    ['start', 'know'],
    ['know', 'answer'],
    ['answer:came', 'add'],
    ['answer:timeout', 'note'],
    ['add', 'end'],
    ['note', 'end'],
  ],
);

/** One run of a lead at a time, the others in line. */
const turn = file(
  'drill-turn',
  { start: trigger('turn'), pause: { type: 'flow.wait', params: { for: 'PT1S' } }, note, end },
  [
    ['start', 'pause'],
    ['pause', 'note'],
    ['note', 'end'],
  ],
  { concurrency: 'queue' },
);

/** Writes a field, of which another workflow hears. */
const chain = file(
  'drill-chain',
  { start: trigger('chain'), write: { type: 'record.update', params: { fields: { position: '= event.data.order' } } }, end },
  [
    ['start', 'write'],
    ['write', 'end'],
  ],
);
const changed = file(
  'drill-changed',
  {
    start: { type: 'trigger.record', params: { entity: 'lead', on: ['updated'], fields: ['position'] } },
    note: task("= 'Drill ' & event.data.changes.position[1]"),
    end,
  },
  [
    ['start', 'note'],
    ['note', 'end'],
  ],
);

/** Hears that nothing has come for ten seconds. */
const quiet = file(
  'drill-quiet',
  {
    start: { type: 'trigger.absence', params: { event: 'drill.quiet', missing: { event: 'drill.never' }, within: 'PT10S' } },
    note: task('Silence'),
    end,
  },
  [
    ['start', 'note'],
    ['note', 'end'],
  ],
);

/** Four times, once a minute. */
const clock = file(
  'drill-clock',
  {
    start: { type: 'trigger.schedule', params: { rrule: 'FREQ=MINUTELY;COUNT=4', start: '2026-03-02T09:00:05' } },
    note: task('Tick'),
    end,
  },
  [
    ['start', 'note'],
    ['note', 'end'],
  ],
);

/** A run of a lead takes the place of the one before it. */
const replace = file(
  'drill-replace',
  { start: trigger('replace'), pause: { type: 'flow.wait', params: { for: 'PT4S' } }, call, note, end },
  [
    ['start', 'pause'],
    ['pause', 'call'],
    ['call', 'note'],
    ['note', 'end'],
  ],
  { concurrency: 'replace' },
);

/** Leads whose score is odd: whatever counts makes them enter or leave. */
export const SEGMENT: SegmentDefinition = { id: 'odd', name: 'Odd', entity: 'lead', rule: 'score % 2 = 1' };
const odd = file(
  'drill-odd',
  { start: { type: 'trigger.segment', params: { segment: 'odd', on: ['entered', 'left'], entity: 'lead' } }, note: task('Odd'), end },
  [
    ['start', 'note'],
    ['note', 'end'],
  ],
);

/** A lead gets in once, ever. */
const once = file(
  'drill-once',
  { start: trigger('once'), note, end },
  [
    ['start', 'note'],
    ['note', 'end'],
  ],
  { reentry: { mode: 'once' } },
);

/** One run of a lead passes, ever. */
const throttle = file(
  'drill-throttle',
  { start: trigger('throttle'), gate: { type: 'flow.throttle', params: { max: 1, per: 'P30D' } }, note, end },
  [
    ['start', 'gate'],
    ['gate:pass', 'note'],
    ['gate:excess', 'end'],
    ['note', 'end'],
  ],
);

/** What was counted is taken back where the outside refuses. */
const undo = file(
  'drill-undo',
  {
    start: trigger('undo'),
    add: { ...add, compensate: 'sub' },
    call: { ...call, retry: { attempts: 1 } },
    back: { type: 'flow.compensate', params: {} },
    sub: { type: 'record.update', params: { fields: { score: '= record.score - 1' } } },
    end,
  },
  [
    ['start', 'add'],
    ['add', 'call'],
    ['call', 'end'],
    ['call:error', 'back'],
    ['back', 'end'],
  ],
);

/** Hears of each run that has failed. */
const watch = file('drill-watch', { start: { type: 'trigger.failed', params: { workflow: '*' } }, note: task('Failure'), end }, [
  ['start', 'note'],
  ['note', 'end'],
]);

/** Welcomes each lead that comes. */
const created = file(
  'drill-created',
  { start: { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } }, add, note: task('Drill {{record.key}}'), end },
  [
    ['start', 'add'],
    ['add', 'note'],
    ['note', 'end'],
  ],
);

/** Started by hand, on all leads at once. */
const bulk = file('drill-bulk', { start: { type: 'trigger.manual', params: { entity: 'lead' } }, add, end }, [
  ['start', 'add'],
  ['add', 'end'],
]);

export const WORKFLOWS: readonly JsonObject[] = [
  ...workflowsOf(OUTSIDE),
  ...[retry, each, fork, race, turn, chain, changed, quiet, clock, once, throttle, undo, watch, created, bulk, replace, odd],
];
