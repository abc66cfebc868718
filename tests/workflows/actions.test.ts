/** The shipped next best actions count closed records and look into the history: on PostgreSQL they find what the scenarios find in memory. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine } from '../engine/support.ts';
import { DAY, shipped } from './support.ts';

const BUDGET: JsonObject = { amount: 500_000, currency: 'RUB' };
const SHARED: JsonObject = { name: 'Earlier', product_category: 'boilers' };

describe('next best actions on PostgreSQL', () => {
  let takt: TestEngine;
  beforeEach(async () => {
    takt = await openTestEngine('postgres');
  });
  afterEach(() => takt.close());

  /** So many closed records of a kind. */
  async function closed(count: number, entity: string, data: JsonObject): Promise<void> {
    for (let i = 0; i < count; i++) await takt.create(entity, data);
  }
  const tasks = async (): Promise<(Json | undefined)[]> => (await takt.all('task')).map(({ description }) => description);

  it('a silent deal with a competitor: the loss of those that were left alone', async () => {
    await closed(11, 'deal', { name: 'Earlier', stage: 'lost', tags: ['silent-left'] });
    await closed(4, 'deal', { name: 'Earlier', stage: 'won', tags: ['silent-left', 'vip'] });
    await takt.publish(await shipped('actions/silent-competitor'));
    const deal = await takt.create('deal', { name: 'Boiler house', stage: 'proposal', budget: BUDGET });
    await takt.pass(20 * DAY);
    expect(await tasks()).toEqual([]);
    const met = { kind: 'event', type: 'deal.competitor', topic: 'fair', data: { name: 'Teplo' }, recordId: deal.id } as const;
    await takt.engine.intake.submitOne(met, somebody);
    await takt.pass(DAY);
    expect(await tasks()).toEqual([expect.stringContaining('Teplo. Of 15 such deals that were left alone 11 were lost: a loss of 73 %.')]);
    expect(await takt.read(deal.id)).toMatchObject({ competitor: 'Teplo', tags: ['silent-left'] });
  });

  it('a pilot: similar deals with and without one', async () => {
    const stages = ['evaluation', 'won', 'lost'].map((id) => ({ id, title: id, kind: id === 'evaluation' ? 'open' : id }));
    await takt.engine.entities.define({ name: 'deal', title: 'Deal', fields: {}, stages });
    await closed(6, 'deal', { ...SHARED, stage: 'won', tags: ['pilot'] });
    await closed(4, 'deal', { ...SHARED, stage: 'lost', tags: ['pilot'] });
    await closed(4, 'deal', { ...SHARED, stage: 'won' });
    await closed(16, 'deal', { ...SHARED, stage: 'lost' });
    await closed(5, 'deal', { name: 'Other', product_category: 'pumps', stage: 'won' });
    await takt.publish(await shipped('actions/offer-pilot'));
    await takt.create('deal', { ...SHARED, name: 'Boiler house', stage: 'evaluation', budget: BUDGET });
    await takt.pass(22 * DAY);
    expect(await tasks()).toEqual([expect.stringContaining('close 3 times as often: 6 of 10, without one 4 of 20.')]);
  });

  it('the technical lead: who takes part in meetings and mails of the company', async () => {
    const works = await takt.create('company', { name: 'Works' });
    const ann = await takt.create('contact', { name: 'Ann', company: works.id, emails: ['ann@works.example'] });
    const pavel = await takt.create('contact', { name: 'Pavel', company: works.id, position: 'CTO', emails: ['pavel@works.example'] });
    await takt.create('contact', { name: 'Max', company: works.id, position: 'Engineer', emails: ['max@works.example'] });
    const both = [ann, pavel].map(({ id }) => ({ entity: 'contact', id }));
    await takt.create('meeting', { title: 'Visit', starts_at: '2026-02-20T09:00:00Z', participants: both });
    await takt.create('message', { channel: 'email', direction: 'outgoing', recipients: ['ann@works.example', 'pavel@works.example'] });
    await takt.create('message', { channel: 'email', direction: 'incoming', sender: 'pavel@works.example' });
    await takt.publish(await shipped('actions/technical-lead'));
    await takt.create('deal', { name: 'Boiler house', tags: ['waits-for-it'], contact: ann.id, company: works.id, budget: BUDGET });
    await takt.pass(11 * DAY);
    expect(await tasks()).toEqual([expect.stringContaining('It is probably Pavel, CTO, pavel@works.example (meetings: 1, mails: 2).')]);
  });

  it('premium: how much usage has grown by its history, and no second offer within 90 days', async () => {
    const firm = await takt.create('company', { name: 'Firm', usage: 50, plan: 'basic' });
    await takt.create('product', { name: 'Basic', sku: 'basic', price: { amount: 5_000, currency: 'RUB' } });
    await takt.create('product', { name: 'Premium', sku: 'premium', price: { amount: 15_000, currency: 'RUB' } });
    await takt.publish(await shipped('actions/offer-premium'));
    for (const usage of [60, 79, 90, 100]) {
      await takt.pass(5 * DAY);
      await takt.update(firm.id, { usage });
    }
    await takt.pass(DAY);
    expect(await tasks()).toEqual([expect.stringContaining('Usage has grown by 80 % in 30 days and is at 90 % of the plan.')]);
  });

  it('a case: what research leads have come to, and what a client brings', async () => {
    await closed(3, 'lead', { name: 'Earlier', stage: 'converted', tags: ['research-case'] });
    await closed(17, 'lead', { name: 'Earlier', stage: 'lost', tags: ['research-case'] });
    await takt.create('deal', { name: 'Sold', stage: 'won', amount: { amount: 400_000, currency: 'RUB' } });
    await takt.publish(await shipped('actions/research-case'));
    await takt.create('lead', { name: 'Ann', industry: 'Food', emails: ['ann@x.example'], tags: ['research'] });
    await takt.pass(DAY);
    expect(await tasks()).toEqual([expect.stringMatching(/with a case 3 of 20.* 15 % of 400,000 RUB is 60,000 RUB/)]);
  });
});
