/** When the records of an A/B split count. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, type TestEngine } from './support.ts';

const DAY = 86_400_000;

describe.each(databaseKinds)('an A/B split on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  /** Both ways always lead to success: one after a day, the other after three. Twenty leads come on each of three days. */
  async function threeDays(id: string, split: JsonObject): Promise<void> {
    await takt.publish({
      takt: 1,
      id,
      name: id,
      nodes: {
        came: { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: `source = '${id}'` } },
        split: { type: 'flow.split', params: { arms: [{ port: 'soon' }, { port: 'late' }], minimum: 10, for: 'P2D', ...split } },
        soon: { type: 'flow.wait', params: { for: 'P1D' } },
        late: { type: 'flow.wait', params: { for: 'P3D' } },
        success: { type: 'flow.success', params: { split: 'split' } },
      },
      edges: [
        ['came', 'split'],
        ['split:soon', 'soon'],
        ['split:late', 'late'],
        ['soon', 'success'],
        ['late', 'success'],
      ],
    });
    for (let day = 0; day < 3; day++) {
      for (let i = 0; i < 20; i++) await takt.create('lead', { last_name: `${id} ${day}/${i}`, source: id });
      await takt.pass(DAY);
    }
  }
  const look = async (id: string) => (await takt.engine.experiments.list(id))[0];
  const counted = async (id: string) => (await look(id))?.arms.reduce((sum, { n }) => sum + n, 0);

  it('that counts records at once takes the quicker way for the better one', async () => {
    await threeDays('at-once', {});
    expect((await look('at-once'))?.verdict).toMatchObject({ state: 'winner', winner: 'soon' });
  });

  it('counts a record when it has had its time, and finds equal ways equal', async () => {
    await threeDays('settled', { settle: 'P4D' });
    expect((await look('settled'))?.verdict).toMatchObject({ state: 'too_few' });
    await takt.pass(DAY - 1);
    expect(await counted('settled')).toBe(0);
    await takt.pass(1);
    expect(await counted('settled')).toBe(20);
    await takt.pass(2 * DAY);
    expect(await counted('settled')).toBe(60);
    expect((await look('settled'))?.verdict).toMatchObject({ state: 'no_difference' });
  });

  it('waits for records to settle before it takes a winner by itself', async () => {
    await threeDays('by-itself', { settle: 'P4D', adopt: 'auto' });
    await takt.pass(10 * DAY);
    expect((await look('by-itself'))?.winner).toBe(null);
  });

  it('measures from the first record that counts to the last how long it has run', async () => {
    await threeDays('long-enough', { settle: 'P4D', minimum: 1, for: 'P2D' });
    await takt.pass(3 * DAY - 1);
    expect((await look('long-enough'))?.verdict.state).toBe('too_early');
    await takt.pass(1);
    expect((await look('long-enough'))?.verdict.state).toBe('no_difference');
  });
});
