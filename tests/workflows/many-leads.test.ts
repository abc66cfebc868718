/** The shipped workflows about people who go, with more leads than one search finds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestEngine, RecordingConnector, type TestEngine } from '../engine/support.ts';
import { DAY, shipped } from './support.ts';

const STAGES = ['new', 'in_work', 'qualified'];
const LEADS = 330;

describe('leads of somebody who goes, over a hundred in a stage', () => {
  let takt: TestEngine;
  let told: RecordingConnector;
  let anna: string;
  let boris: string;
  const leads: string[] = [];
  beforeEach(async () => {
    told = new RecordingConnector('message');
    takt = await openTestEngine('memory', { connectors: () => [told] });
    boris = (await takt.create('user', { name: 'Boris' })).id;
    anna = (await takt.create('user', { name: 'Anna', deputy: boris })).id;
    await takt.create('team', { key: 'sales', name: 'Sales', members: [anna, boris], head: boris });
    leads.length = 0;
    for (let i = 0; i < LEADS; i++)
      leads.push((await takt.create('lead', { name: `L${i}`, owner: anna, stage: STAGES[i % 3] ?? 'new' })).id);
    for (const id of ['reassignment-guard', 'hand-over', 'leave', 'user-leaves']) await takt.publish(await shipped(`distribution/${id}`));
  });
  afterEach(() => takt.close());

  const owners = async () => new Set(await Promise.all(leads.map(async (id) => (await takt.read(id)).owner)));
  const texts = () => told.sent.map(({ payload }) => payload.text);

  it('all go to the deputy, and all come back', async () => {
    const now = takt.clock.now();
    await takt.update(anna, { away_from: new Date(now).toISOString(), away_until: new Date(now + 10 * DAY).toISOString() });
    await takt.pass(DAY);
    expect(await owners()).toEqual(new Set([boris]));
    await takt.pass(10 * DAY);
    expect(await owners()).toEqual(new Set([anna]));
    expect(texts().at(-1)).toBe(`Welcome back. ${LEADS} of the ${LEADS} leads that were handed over are with you again.`);
  });

  it('of somebody who is no longer active none is left', async () => {
    await takt.update(anna, { active: false });
    await takt.pass(DAY);
    expect(await owners()).toEqual(new Set([boris]));
    expect(texts()).toEqual([`Anna is no longer active. ${LEADS} leads have another owner, ${LEADS} of them you.`]);
  });
});
