/** The shipped pilot, from a tenth of the leads to all of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, type TestEngine } from '../engine/support.ts';
import { changed, DAY, runsOf, shipped } from './support.ts';

const LEADS = 400;

describe('patterns/b12-pilot', () => {
  let takt: TestEngine;
  let file: JsonObject;
  const leads: string[] = [];
  beforeAll(async () => {
    takt = await openTestEngine('memory');
    file = await shipped('patterns/b12-pilot');
    await takt.publish(file);
    for (let i = 0; i < LEADS; i++) {
      const { id } = await takt.create('lead', { first_name: `L${i}`, emails: [`l${i}@x.example`], source: 'website' });
      leads.push(id);
    }
    await takt.pass(DAY);
  });
  afterAll(() => takt.close());

  const welcomed = async () => new Set((await runsOf(takt, 'b12-pilot')).map((run) => run.recordId));
  const learn = async (budget: number) => {
    for (const id of leads) await takt.update(id, { budget: { amount: budget, currency: 'RUB' } });
    await takt.pass(DAY);
  };

  it('welcomes about a tenth, and nobody else however much is learned about them', async () => {
    const first = await welcomed();
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(first.size - LEADS / 10)).toBeLessThan(4 * Math.sqrt(LEADS * 0.1 * 0.9));
    await learn(1);
    expect(await welcomed()).toEqual(first);
    expect(takt.mail.sent).toHaveLength(first.size);
  });

  it('keeps those who were in when the share grows, and welcomes nobody twice', async () => {
    const first = await welcomed();
    await takt.publish(changed(file, 'settings', 'pilot', { share: 0.5 }));
    await learn(2);
    const second = await welcomed();
    for (const id of first) expect(second).toContain(id);
    expect(second.size).toBeGreaterThan(first.size);
    expect(second.size).toBeLessThan(LEADS);
    await takt.publish(changed(file, 'settings', 'pilot', { share: 1 }));
    await learn(3);
    expect(await welcomed()).toEqual(new Set(leads));
    const addresses = takt.mail.sent.flatMap(({ payload }) => payload.to);
    expect(addresses).toHaveLength(LEADS);
    expect(new Set(addresses).size).toBe(LEADS);
  });
});
