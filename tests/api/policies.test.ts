import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, listOf, openMemoryBench } from './support.ts';

describe('policies of priorities', () => {
  let bench: Omit<Bench, 'database'>;
  beforeAll(async () => {
    bench = await openMemoryBench();
  });
  afterAll(() => bench.close());

  const list = async (query = '') => listOf((await bench.call('GET', `/api/v1/policies${query}`)).body.items);
  const put = (path: string, body: object, key?: string) =>
    bench.call('PUT', `/api/v1/policies/${path}`, { body: { ...body }, ...(key && { key }) });

  test('are those of Takt at first, for leads and deals', async () => {
    const five = ['people_only', 'offered', 'offered', 'offered', 'automatic'];
    expect((await list()).map(({ entity, contact }) => [entity, contact])).toEqual(
      ['lead', 'deal'].flatMap((name) => five.map((one) => [name, one])),
    );
    expect((await list('?entity=lead')).map(({ person }) => person)).toEqual([true, true, true, true, false]);
    expect((await bench.call('GET', '/api/v1/policies?entity=task')).body.code).toBe('PRIORITIES_UNDEFINED');
  });

  test('one is changed in part, the event tells who did it, and it is put back', async () => {
    const { status, body } = await put('lead/2', { contact: 'automatic' });
    expect([status, body]).toEqual([200, { entity: 'lead', priority: 2, contact: 'automatic', person: true }]);
    const [event] = listOf((await bench.call('GET', '/api/v1/events?type=policy.changed')).body.items);
    expect(event).toMatchObject({ topic: 'lead', data: { priority: 2, before: { contact: 'offered' }, by: { kind: 'key' } } });
    const back = await bench.call('DELETE', '/api/v1/policies/lead/2');
    expect([back.status, back.body]).toEqual([200, { policy: { entity: 'lead', priority: 2, contact: 'offered', person: true } }]);
    expect((await list('?entity=lead'))[1]).toMatchObject({ contact: 'offered' });
  });

  test('what does not fit is refused', async () => {
    expect((await put('lead/2', { contact: 'robots' })).status).toBe(400);
    expect((await put('lead/2', {})).status).toBe(400);
    expect((await put('lead/2', { person: true, colour: 'red' })).status).toBe(400);
    expect((await put('lead/7', { person: true })).body).toMatchObject({
      code: 'PRIORITY_INVALID',
      hint: 'Give a whole number from 1 to 5.',
    });
    expect((await put('laed/1', { person: true })).body.code).toBe('ENTITY_UNKNOWN');
    const event = { type: 'policy.changed', data: { by: 'nobody' } };
    expect((await bench.call('POST', '/api/v1/events', { body: event })).body.code).toBe('EVENT_TYPE_RESERVED');
  });

  test('to change one needs admin, to see them records:read', async () => {
    const key = await bench.keyWith('records:read', 'records:write', 'workflows:publish');
    expect((await bench.call('GET', '/api/v1/policies', { key })).status).toBe(200);
    expect((await put('lead/1', { contact: 'automatic' }, key)).body.code).toBe('SCOPE_MISSING');
    expect((await bench.call('DELETE', '/api/v1/policies/lead/1', { key })).body.code).toBe('SCOPE_MISSING');
    const other = await bench.keyWith('workflows:read');
    expect((await bench.call('GET', '/api/v1/policies', { key: other })).body.code).toBe('SCOPE_MISSING');
  });
});
