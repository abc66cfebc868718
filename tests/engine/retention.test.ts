/** What is forgotten, and when. */
import { afterEach, describe, expect, it } from 'vitest';
import { housekeep } from '../../engine/jobs/retention.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, type TestEngine, workflow } from './support.ts';

const DAY = 86_400_000;
/** Long after today, so that the months that a database begins with are over. */
const start = '2090-03-10T09:00:00Z';

const short = (id: string, settings: JsonObject = {}): JsonObject =>
  workflow(id, { start: onLeadCreated, x: { type: 'data.set', params: { values: { x: 1 } } } }, [['start', 'x']], settings);
const long = (id: string, settings: JsonObject = {}): JsonObject =>
  workflow(id, { start: onLeadCreated, x: { type: 'flow.wait', params: { for: 'P400D' } } }, [['start', 'x']], settings);

describe.each(databaseKinds)('housekeeping on %s', (kind) => {
  let takt: TestEngine;
  afterEach(() => takt.close());

  /** A lead for these workflows, on the tenth of March; gives the run of each. */
  async function begin(files: JsonObject[], options: { retentionMs?: number } = {}): Promise<string[]> {
    takt = await openTestEngine(kind, { start, ...options });
    await keepHouse();
    await takt.publish(...files);
    await takt.create('lead', { last_name: 'Doe' });
    await takt.pass(0);
    const pages = await Promise.all(files.map((file) => takt.engine.runs.page({ workflowId: String(file.id) }, 5)));
    return pages.flatMap((page) => page.items.map((run) => run.id));
  }

  /** Gives how many runs were deleted. */
  async function keepHouse(): Promise<number> {
    let deleted = 0;
    for await (const piece of housekeep(takt.engine.ports)) deleted += piece;
    return deleted;
  }

  async function later(ms: number): Promise<number> {
    takt.clock.advance(ms);
    return keepHouse();
  }

  const stepsOf = async (run = ''): Promise<number> => (await takt.engine.ports.database.store.stepsOfRun(run)).length;
  const months = async (): Promise<string[]> =>
    (await takt.engine.ports.database.store.stepMonths()).filter((month) => month.from !== null).map((month) => month.name);

  it('makes the month of today and two more, and does so once', async () => {
    await begin([]);
    await keepHouse();
    expect(await months()).toEqual(['steps_2090_03', 'steps_2090_04', 'steps_2090_05']);
  });

  it('deletes ended runs when their time is over; their steps go with the month', async () => {
    const [run] = await begin([short('forgets', { retention: 'P30D' })]);
    expect(await later(20 * DAY)).toBe(0);
    await takt.create('lead', { last_name: 'Roe' });
    await takt.pass(0);
    expect([await later(11 * DAY), await stepsOf(run)]).toEqual([1, 1]);
    expect([await later(20 * DAY), await stepsOf(run), (await months()).includes('steps_2090_03')]).toEqual([1, 0, false]);
  });

  it('a run that has not ended keeps its steps when its month goes, and goes on', async () => {
    const [, run = ''] = await begin([short('forgets', { retention: 'P30D' }), long('waits', { retention: 'P30D' })]);
    await later(60 * DAY);
    expect([await stepsOf(run), (await months()).includes('steps_2090_03')]).toEqual([1, false]);
    await takt.pass(400 * DAY);
    expect(await takt.engine.runs.get(run)).toMatchObject({ run: { status: 'done' } });
    expect([await later(31 * DAY), await stepsOf(run)]).toEqual([1, 0]);
  });

  it('where one workflow keeps its runs for ever, steps go with their runs and the months stay', async () => {
    const [forgotten, kept] = await begin([short('forgets', { retention: 'P30D' }), short('keeps')]);
    expect([await later(31 * DAY), await stepsOf(forgotten), await stepsOf(kept)]).toEqual([1, 0, 1]);
    await later(60 * DAY);
    expect([await stepsOf(kept), (await months()).includes('steps_2090_03')]).toEqual([1, true]);
  });

  it('what the installation says holds for workflows that say nothing', async () => {
    const runs = await begin([short('says', { retention: 'P90D' }), short('silent')], { retentionMs: 40 * DAY });
    expect([await later(41 * DAY), await later(50 * DAY)]).toEqual([1, 1]);
    await later(31 * DAY);
    expect([await stepsOf(runs[0]), await stepsOf(runs[1]), (await months()).includes('steps_2090_03')]).toEqual([0, 0, false]);
  });
});
