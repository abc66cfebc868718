import { describe, expect, it } from 'vitest';
import type { EventView } from '../../engine/sdk.ts';
import { eventTrigger } from '../../nodes/trigger/event.ts';
import { manualTrigger } from '../../nodes/trigger/manual.ts';
import { recordTrigger } from '../../nodes/trigger/record.ts';
import { scheduleTrigger } from '../../nodes/trigger/schedule.ts';
import { webhookTrigger } from '../../nodes/trigger/webhook.ts';
import type { JsonObject } from '../../schemas/json.ts';

const place = { workflowId: 'routing', node: 'start', timezone: 'Asia/Omsk' };
const event = (type: string, data: JsonObject = {}): EventView => ({ id: 'e', type, topic: 'lead', at: '2027-01-04T09:00:00.000Z', data });

describe('trigger.record', () => {
  const params = { entity: 'lead', on: ['created', 'updated'], fields: ['score', 'stage'] };

  it('listens to each kind of change of its entity', () => {
    expect(recordTrigger.subscriptions(params, place)).toEqual([
      { type: 'record.created', topic: 'lead' },
      { type: 'record.updated', topic: 'lead' },
    ]);
    expect(recordTrigger.entity(params)).toBe('lead');
  });

  it('takes an update only if one of the fields has changed', () => {
    expect(recordTrigger.accepts(params, event('record.updated', { changes: { score: [null, 5] } }), place)).toBe(true);
    expect(recordTrigger.accepts(params, event('record.updated', { changes: { name: ['a', 'b'] } }), place)).toBe(false);
    expect(recordTrigger.accepts(params, event('record.updated', { changes: {} }), place)).toBe(false);
  });

  it('does not take a name of every object for a changed field', () => {
    const odd = { ...params, fields: ['constructor'] };
    expect(recordTrigger.accepts(odd, event('record.updated', { changes: { score: [null, 5] } }), place)).toBe(false);
  });

  it('asks for no field where a record is new', () => {
    expect(recordTrigger.accepts(params, event('record.created', { changes: {} }), place)).toBe(true);
  });

  it('takes every update where no fields are named', () => {
    expect(recordTrigger.accepts({ entity: 'lead', on: ['updated'] }, event('record.updated', { changes: { name: [1, 2] } }), place)).toBe(
      true,
    );
  });

  it('refuses a happening that does not exist', () => {
    expect(recordTrigger.checkFile({ entity: 'lead', on: ['moved'] }).problems).toMatchObject([{ pointer: '/on/0' }]);
    expect(recordTrigger.checkFile({ entity: 'lead', on: [] }).problems).toMatchObject([{ pointer: '/on' }]);
  });
});

it('trigger.event listens to its type and topic, the empty topic without one', () => {
  const { params } = eventTrigger.checkFile({ event: 'form.submitted' });
  expect(eventTrigger.subscriptions(params, place)).toEqual([{ type: 'form.submitted', topic: '' }]);
  expect(eventTrigger.subscriptions({ event: 'form.submitted', topic: 'demo' }, place)).toEqual([
    { type: 'form.submitted', topic: 'demo' },
  ]);
});

it('trigger.webhook listens to the calls of its hook', () => {
  expect(webhookTrigger.subscriptions({ hook: 'site' }, place)).toEqual([{ type: 'webhook.received', topic: 'site' }]);
  expect(webhookTrigger.checkFile({ hook: '../admin' }).problems).toMatchObject([{ pointer: '/hook' }]);
});

it('trigger.schedule listens to its own firings', () => {
  expect(scheduleTrigger.subscriptions({ cron: '0 9 * * *' }, place)).toEqual([{ type: 'schedule.fired', topic: 'routing/start' }]);
  expect(scheduleTrigger.schedule({ cron: '0 9 * * *' }, place)).toEqual({
    kind: 'recurrence',
    missed: 'once',
    recurrence: { kind: 'cron', cron: '0 9 * * *', timezone: 'Asia/Omsk' },
  });
});

it('trigger.manual listens to requests for its workflow', () => {
  expect(manualTrigger.subscriptions({}, place)).toEqual([{ type: 'run.requested', topic: 'routing' }]);
  expect(manualTrigger.entity({ entity: 'deal' })).toBe('deal');
});
