/** Eight workers give out thousands of records: nobody is ahead by more than one, and no limit is passed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workOnce } from '../../engine/worker/worker.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { onLeadCreated, openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

const WORKERS = 8;
const RECORDS = 10_000;
const AT_ONCE = 500;

describe('eight workers on PostgreSQL', () => {
  let takt: TestEngine;
  beforeEach(async () => {
    takt = await openTestEngine('postgres');
  });
  afterEach(() => takt.close());

  async function team(key: string, size: number, data: JsonObject = {}): Promise<string[]> {
    const users: string[] = [];
    for (let i = 0; i < size; i++) users.push((await takt.create('user', { name: `${key} ${i}`, ...data })).id);
    await takt.create('team', { key, name: key, members: users });
    return users;
  }
  const routing = (params: JsonObject): JsonObject =>
    workflow('routing', { new: onLeadCreated, assign: { type: 'assign.owner', params } }, [['new', 'assign']]);

  /** Creates leads while the workers work, and works until nothing is due. */
  async function giveOut(records: number): Promise<void> {
    const engines = [takt.engine, ...Array.from({ length: WORKERS - 1 }, () => takt.another())];
    let left = records;
    let moved = true;
    const post = async (): Promise<void> => {
      for (; left > 0; left -= AT_ONCE) {
        const batch = Array.from({ length: Math.min(AT_ONCE, left) }, () => ({
          kind: 'create' as const,
          entity: 'lead',
          data: { name: 'Ann' },
          onExisting: 'error' as const,
        }));
        await takt.engine.intake.submit(batch, somebody);
      }
    };
    const work = async (engine: TestEngine['engine']): Promise<void> => {
      while (left > 0 || moved) {
        const result = await workOnce(engine.ports);
        moved = result.moved + result.postponed > 0;
      }
    };
    await Promise.all([post(), ...engines.map(work)]);
    while ((await Promise.all(engines.map((engine) => workOnce(engine.ports)))).some(({ moved: n, postponed }) => n + postponed > 0));
  }
  async function countsOf(users: readonly string[]): Promise<number[]> {
    const load = { entity: 'lead', stages: null, sum: null };
    return takt.engine.ports.database.store.ownerLoads(load, users);
  }
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

  it(`gives ${RECORDS} records by turns: of equal people nobody is more than one ahead`, async () => {
    const users = await team('sales', 7);
    await takt.publish(routing({ pool: { team: 'sales' }, strategy: ['round_robin'] }));
    await giveOut(RECORDS);
    const counts = await countsOf(users);
    expect(sum(counts)).toBe(RECORDS);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  }, 180_000);

  it('passes no cap and no capacity of people who are in several pools, and gives out all that there is room for', async () => {
    const senior = await team('senior', 5);
    const junior = await team('junior', 5);
    await takt.create('team', { key: 'both', name: 'Both', members: [...senior, ...junior] });
    await takt.publish(
      routing({
        pool: [{ team: 'senior', when: '= $substring(record.id, 35) < "8"' }, { team: 'both' }],
        eligibility: { capacity: { load: 'open', max: 120, back: 100 }, caps: { day: 110 } },
        strategy: [{ least: 'open' }, 'round_robin'],
      }),
    );
    await giveOut(2_000);
    const counts = await countsOf([...senior, ...junior]);
    expect(counts).toEqual(Array.from({ length: 10 }, () => 110));
  }, 180_000);
});
