import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { type Bench, listOf, openMemoryBench, publish, workflowFile } from './support.ts';

const HOT: JsonObject = { id: 'hot', name: 'Hot leads', entity: 'lead', rule: 'score >= 80' };

describe('segments', () => {
  let bench: Omit<Bench, 'database'>;
  beforeAll(async () => {
    bench = await openMemoryBench();
    const leads = [90, 10, 85, 80].map((score, i) => ({ last_name: `L${i}`, score, key: `l${i}` }));
    await bench.call('POST', '/api/v1/records/lead/bulk', { body: leads });
  });
  afterAll(() => bench.close());

  const put = (segment: JsonObject) => bench.call('PUT', `/api/v1/segments/${String(segment.id)}`, { body: segment });
  const members = async (query = '') => (await bench.call('GET', `/api/v1/segments/hot/members${query}`)).body;
  const names = (page: JsonObject) => listOf(page.items).map((record) => record.last_name);

  test('a segment is defined, a job finds its members, and they are paged', async () => {
    const { status, body } = await put(HOT);
    expect([status, body.definition]).toEqual([200, HOT]);
    await bench.engine.drain();
    expect((await bench.call('GET', `/api/v1/jobs/${String(body.job)}`)).body).toMatchObject({
      kind: 'segment',
      status: 'done',
      total: 4,
      done: 4,
      made: 3,
    });
    const first = await members('?limit=2');
    const second = await members(`?limit=2&cursor=${String(first.next)}`);
    expect([...names(first), ...names(second)]).toEqual(['L0', 'L2', 'L3']);
    expect(second).not.toHaveProperty('next');
  });

  test('who changes enters or leaves, and a narrower rule takes the place of the old one', async () => {
    const [l1] = listOf((await bench.call('GET', '/api/v1/records/lead?q=L1')).body.items);
    await bench.call('PATCH', `/api/v1/records/lead/${String(l1?.id)}`, { body: { score: 99 } });
    expect(names(await members())).toEqual(['L0', 'L1', 'L2', 'L3']);
    await put({ ...HOT, rule: 'score >= 90' });
    await bench.engine.drain();
    expect(names(await members())).toEqual(['L0', 'L1']);
    expect(listOf((await bench.call('GET', '/api/v1/segments')).body.items)).toEqual([{ ...HOT, rule: 'score >= 90' }]);
    expect((await bench.call('GET', '/api/v1/segments/hot')).body).toMatchObject({ rule: 'score >= 90' });
  });

  test('every problem of a definition is told with its place; nothing is kept', async () => {
    const broken = {
      id: 'odd',
      name: 'Odd',
      entity: 'lead',
      rule: "scroe > 1 and $eventCount('x') > 1",
      recheck: [{ field: 'score', after: 'P1D' }],
    };
    const { status, body } = await put(broken);
    expect([status, body.code]).toEqual([422, 'SEGMENT_INVALID']);
    expect(listOf(body.errors)).toMatchObject([
      { code: 'SCOPE_UNKNOWN', pointer: '/rule', hint: 'Did you mean "score"?' },
      { code: 'EVENT_COUNT_HERE', pointer: '/rule' },
      { code: 'SEGMENT_INVALID', pointer: '/recheck/0/field', message: '"score" of lead holds no date.' },
    ]);
    const checked = await bench.call('POST', '/api/v1/segments/validate', { body: broken });
    expect(checked.body).toMatchObject({ valid: false, problems: body.errors });
    expect((await bench.call('POST', '/api/v1/segments/validate', { body: HOT })).body).toEqual({ valid: true, problems: [] });
    expect((await bench.call('GET', '/api/v1/segments/odd')).body).toMatchObject({ status: 404, code: 'SEGMENT_UNKNOWN' });
  });

  test.each([
    ['an unknown entity', { ...HOT, entity: 'laed' }, '/entity', 'Did you mean "lead"?'],
    ['a rule that cannot be read', { ...HOT, rule: 'score >' }, '/rule', undefined],
    ['another segment in the rule', { ...HOT, rule: "$inSegment('x')" }, '/rule', 'Write its condition into this rule.'],
    ['a field that is not there', { ...HOT, recheck: [{ field: 'closes', after: 'P1D' }] }, '/recheck/0/field', undefined],
    ['a name that does not belong there', { ...HOT, colour: 'red' }, '/colour', undefined],
  ])('%s is no segment', async (_what, segment, pointer, hint) => {
    const [problem] = listOf((await put(segment)).body.errors);
    expect(problem).toMatchObject({ pointer, ...(hint === undefined ? {} : { hint }) });
  });

  test('a rule that fails on one record neither stops its change nor takes it in', async () => {
    await put({ id: 'picky', name: 'Picky', entity: 'lead', rule: '$number(comment) > 1' });
    await bench.engine.drain();
    const made = await bench.call('POST', '/api/v1/records/lead', { body: { last_name: 'Odd', comment: 'no number' } });
    expect(made.status).toBe(201);
    expect(names((await bench.call('GET', '/api/v1/segments/picky/members')).body)).toEqual([]);
    expect(bench.log()).toContain('The rule of a segment failed and counts as not met');
  });

  test('a segment that starts a workflow stays until the workflow does without it', async () => {
    await publish(bench, workflowFile('welcome', { type: 'trigger.segment', params: { segment: 'hot', on: ['entered'] } }));
    const kept = await bench.call('DELETE', '/api/v1/segments/hot');
    expect(kept.body).toMatchObject({ status: 409, code: 'SEGMENT_IN_USE', detail: '"hot" starts "welcome".' });
    await publish(bench, workflowFile('welcome', { type: 'trigger.manual' }));
    expect((await bench.call('DELETE', '/api/v1/segments/hot')).status).toBe(204);
    expect((await bench.call('DELETE', '/api/v1/segments/hot')).body.code).toBe('SEGMENT_UNKNOWN');
    expect((await bench.call('GET', '/api/v1/segments/hot/members')).status).toBe(404);
  });

  test('to define needs workflows:publish, to see members records:read', async () => {
    const key = await bench.keyWith('workflows:read');
    expect((await bench.call('GET', '/api/v1/segments', { key })).status).toBe(200);
    expect((await bench.call('PUT', '/api/v1/segments/hot', { key, body: HOT })).body.code).toBe('SCOPE_MISSING');
    expect((await bench.call('GET', '/api/v1/segments/picky/members', { key })).body.code).toBe('SCOPE_MISSING');
  });
});
