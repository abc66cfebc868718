/** How well records were distributed, from what runs and people have left behind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssignmentQuery } from '../../engine/assignments/report.ts';
import { taskPromise } from '../../nodes/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, START, somebody, type TestEngine, workflow } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BEGIN = Date.parse(START);

const ROUTING = workflow(
  'routing',
  {
    new: { ...onLeadCreated, params: { entity: 'lead', on: ['created'], where: "source = 'site'" } },
    wait: { type: 'flow.wait', params: { for: '= record.comment' } },
    assign: { type: 'assign.owner', params: { pool: { team: 'sales' }, strategy: ['round_robin'] } },
    call: { type: 'task.create', params: { title: 'Call', due: { in: 'PT1H' } } },
  },
  [
    ['new', 'wait'],
    ['wait', 'assign'],
    ['assign:assigned', 'call'],
  ],
);
const REPORT = workflow(
  'report',
  {
    now: { type: 'trigger.manual', params: { entity: 'user' } },
    figures: { type: 'report.assignments', params: { entity: 'lead', period: { last: 'P7D' }, by: 'person' } },
  },
  [['now', 'figures']],
);

describe.each(databaseKinds)('the measures of distribution on %s', (kind) => {
  let takt: TestEngine;
  let olga: string;
  let ivan: string;
  beforeEach(async () => {
    takt = await openTestEngine(kind);
    olga = (await takt.create('user', { name: 'Olga' })).id;
    ivan = (await takt.create('user', { name: 'Ivan' })).id;
    await takt.create('team', { key: 'sales', name: 'Sales', members: [olga, ivan] });
    await takt.publish(ROUTING, REPORT);
  });
  afterEach(() => takt.close());

  const query = (more: Partial<AssignmentQuery> = {}): AssignmentQuery => ({
    entity: 'lead',
    from: BEGIN,
    until: BEGIN + 7 * DAY,
    by: 'method',
    zone: 'UTC',
    promise: taskPromise,
    ...more,
  });
  const lead = async (wait: string, more: JsonObject = {}): Promise<string> =>
    (await takt.create('lead', { name: 'L', source: 'site', comment: wait, ...more })).id;

  /** Olga gets a and c, Ivan b; a is called in time and won, b late, c not at all and passed on; d goes by hand, e came with its owner. */
  async function week(): Promise<void> {
    const a = await lead('PT0S');
    const b = await lead('PT30S');
    const c = await lead('PT10M');
    await takt.pass(30 * MINUTE);
    const taskOf = async (id: string): Promise<string> => {
      const tasks = await takt.all('task');
      return String(tasks.find(({ record }) => JSON.stringify(record).includes(id))?.id);
    };
    const done = async (id: string): Promise<void> => {
      const completed_at = new Date(takt.clock.now()).toISOString();
      await takt.update(await taskOf(id), { status: 'done', completed_at });
    };
    await done(a);
    await takt.update(a, { stage: 'converted' });
    await takt.pass(2 * HOUR);
    await done(b);
    await takt.update(c, { owner: ivan });
    const d = (await takt.create('lead', { name: 'D' })).id;
    await takt.create('lead', { name: 'E', owner: olga });
    await takt.pass(DAY);
    await takt.update(d, { owner: olga });
    await takt.update(d, { owner: null });
    await takt.pass(MINUTE);
  }

  it('tell how soon, how evenly, how many a second time, in time and with what success, by strategy', async () => {
    await week();
    const { total, groups } = await takt.engine.assignments.measures(query());
    expect(total).toMatchObject({ given: 5, records: 4, withinMinute: 0.5, reassigned: 0.25, promised: 3, won: 1, conversion: 0.25 });
    expect(groups.map(({ key, given, records }) => [key, given, records])).toEqual([
      ['round_robin', 3, 3],
      ['by_hand', 2, 1],
    ]);
    expect(groups[0]).toMatchObject({
      withinMinute: 2 / 3,
      medianMs: 30_000,
      p95Ms: 10 * MINUTE,
      people: 2,
      variation: 1 / 3,
      dayVariation: 1 / 3,
      reassigned: 1 / 3,
      inTime: 1 / 3,
      conversion: 1 / 3,
      missed: ['p95Ms', 'variation', 'dayVariation', 'reassigned', 'inTime'],
    });
  });

  it('come by team, by person and by day', async () => {
    await week();
    const keys = async (by: AssignmentQuery['by'], zone = 'UTC') =>
      (await takt.engine.assignments.measures(query({ by, zone }))).groups.map(({ key, given }) => [key, given]);
    expect(await keys('team')).toEqual([
      ['Sales', 3],
      [null, 2],
    ]);
    expect(await keys('person')).toEqual([
      [olga, 3],
      [ivan, 2],
    ]);
    expect(await keys('day')).toEqual([
      ['2026-03-02', 4],
      ['2026-03-03', 1],
    ]);
    expect(await keys('day', 'Pacific/Kiritimati')).toEqual([
      ['2026-03-02', 3],
      ['2026-03-03', 1],
      ['2026-03-04', 1],
    ]);
  });

  it('a promise whose time has not come says nothing, and one that is over without a deed is broken', async () => {
    const id = await lead('PT0S');
    await takt.pass(MINUTE);
    const figures = async () => (await takt.engine.assignments.measures(query())).total;
    expect(await figures()).toMatchObject({ records: 1, promised: 0, inTime: null });
    await takt.pass(HOUR);
    expect(await figures()).toMatchObject({ promised: 1, inTime: 0 });
    const [task] = await takt.all('task');
    await takt.update(String(task?.id), { status: 'cancelled' });
    expect(await figures()).toMatchObject({ promised: 0, inTime: null });
    expect(await takt.read(id)).toHaveProperty('owner');
  });

  it('count what lies in the time alone, and know an owner from before it', async () => {
    await week();
    const { total } = await takt.engine.assignments.measures(query({ from: BEGIN + HOUR }));
    expect(total).toMatchObject({ given: 2, records: 1, reassigned: 0 });
  });

  it('are the same in a workflow, with the names of people', async () => {
    await week();
    const id = await takt.engine.runs.start('report', somebody, { recordId: olga });
    await takt.pass(0);
    const { run, steps } = await takt.engine.runs.get(id ?? '');
    expect([run.status, run.error]).toEqual(['done', null]);
    expect(steps.at(-1)?.output).toMatchObject({
      aims: { inTime: 0.95 },
      total: { given: 5, records: 4, promised: 3 },
      groups: [
        { key: olga, title: 'Olga', given: 3 },
        { key: ivan, title: 'Ivan', given: 2 },
      ],
    });
  });

  it('refuse a time that is too long or ends before it begins, and what is no entity', async () => {
    const refused = (more: Partial<AssignmentQuery>) => expect(takt.engine.assignments.measures(query(more))).rejects;
    await refused({ until: BEGIN + 93 * DAY }).toMatchObject({ code: 'MEASURES_SPAN' });
    await refused({ until: BEGIN }).toMatchObject({ code: 'MEASURES_SPAN' });
    await refused({ entity: 'leed' }).toMatchObject({ code: 'ENTITY_UNKNOWN' });
    await refused({ zone: 'Mars/Base' }).toMatchObject({ code: 'TIMEZONE_UNKNOWN' });
  });
});
