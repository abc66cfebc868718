import { expect, it } from 'vitest';
import { placeText, waitText } from '../../api/cli/waits.ts';
import type { Waiting } from '../../engine/run/waiting.ts';

const NOON = Date.parse('2027-03-01T12:00:00Z');
const answered = { type: 'message.answered', topic: 'email', correlation: 'record:1' };

it.each<[Omit<Waiting, 'node'>, string]>([
  [{ kind: 'time', until: NOON }, 'until 2027-03-01 12:00:00 UTC'],
  [{ kind: 'effect' }, 'until what it sends has left the house'],
  [{ kind: 'event', events: [answered] }, 'for message.answered (email) about its record'],
  [
    { kind: 'event', until: NOON, events: [answered, { type: 'message.clicked', topic: '*', correlation: 'record:1' }] },
    'for message.answered (email) or message.clicked about its record, until 2027-03-01 12:00:00 UTC at the latest',
  ],
  [{ kind: 'event', events: [{ ...answered, correlation: 'record:2' }] }, 'for message.answered (email) about the record 2'],
  [{ kind: 'event', events: [{ type: 'order.paid', topic: '*', correlation: 'order_id=17' }] }, 'for order.paid with order_id = 17'],
  [{ kind: 'place' }, 'for its turn'],
  [{ kind: 'place', line: { key: 'lock:stock', holder: 'r1', ahead: 0 } }, 'for its turn in "stock": the run r1 is in, it is the next'],
  [
    { kind: 'place', line: { key: 'lock:stock', holder: 'r0', ahead: 1 } },
    'for its turn in "stock": another branch of this run is in, 1 is before it',
  ],
  [{ kind: 'start', line: { key: 'place:w:1', holder: 'r1', ahead: 2 } }, 'for its turn to begin: the run r1 is in, 2 are before it'],
  [{ kind: 'child', run: 'r2' }, 'for the end of the run r2 that it has called'],
  [{ kind: 'retry', until: NOON, failures: 2 }, 'for the next attempt at 2027-03-01 12:00:00 UTC; 2 failed so far'],
  [{ kind: 'join', join: { need: 'all', arrived: 1 } }, 'for the other branches that can still come'],
  [{ kind: 'join', join: { need: 3, arrived: 1 } }, 'for 3 branches; 1 has come'],
  [{ kind: 'scope', items: { count: 10, done: 4, running: 2, failed: 1 } }, 'for its items: 4 of 10 are through, 1 failed, 2 under way'],
])('%j is told as a sentence', (waiting, sentence) => {
  expect(waitText({ node: 'here', ...waiting }, { id: 'r0', recordId: '1' })).toBe(sentence);
});

it('names the item that it is at', () => {
  expect([placeText({ node: 'mail', kind: 'time' }), placeText({ node: 'mail', kind: 'time', index: 3 })]).toEqual([
    'mail',
    'mail, item 3',
  ]);
});
