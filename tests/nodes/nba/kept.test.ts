/** Recommendations as they are kept: replaced, held out, pushed, put off by people, learned from. */
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../../engine/testing.ts';
import { outcomeNode } from '../../../nodes/nba/outcome.ts';
import { recommendNode } from '../../../nodes/nba/recommend.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { refusal } from '../../support/refusal.ts';
import { left } from '../support.ts';

const DAY = 86_400_000;
const CALL: JsonObject = { action: 'call', title: 'Call now', probability: 0.35, minutes: 15 };
const MAIL: JsonObject = { action: 'mail', title: 'Write a mail', probability: 0.15, minutes: 5 };

class Desk {
  readonly b: NodeBench;
  readonly olga: string;
  readonly deal: string;

  constructor() {
    this.b = new NodeBench({ now: '2026-03-02T09:00:00Z' });
    this.olga = this.b.create('user', { name: 'Olga', time_zone: 'Europe/Moscow' }).id;
    this.deal = this.newDeal();
  }

  newDeal(more: JsonObject = {}): string {
    return this.b.create('deal', { name: 'Big', owner: this.olga, budget: { amount: 500_000, currency: 'RUB' }, ...more }).id;
  }

  recommend(more: JsonObject = {}, deal = this.deal) {
    const params = { worth: '= record.budget', nothing: 0.1, actions: [CALL, MAIL], ...more };
    return left(this.b.run(recommendNode, params, { record: deal }));
  }

  outcome(success: boolean, more: JsonObject = {}, deal = this.deal) {
    return left(this.b.run(outcomeNode, { success, ...more }, { record: deal }));
  }

  kept() {
    return this.b.list('recommendation');
  }
}

describe('a recommendation', () => {
  it('is kept for the owner of the record, with all that was weighed', () => {
    const desk = new Desk();
    const { output } = desk.recommend();
    const [one] = desk.kept();
    expect(output).toMatchObject({ recommendation: one?.id, delivery: 'queue', held_out: false });
    expect(one).toMatchObject({
      stage: 'open',
      owner: desk.olga,
      action: 'call',
      title: 'Call now',
      record: { entity: 'deal', id: desk.deal },
      gain: 125_000,
      minutes: 15,
      prior: 0.35,
      chance: 1,
      expires_at: '2026-03-09T09:00:00.000Z',
      candidates: [{ action: 'call' }, { action: 'mail', gain: 25_000 }, { action: null }],
    });
  });

  it('of the same action is brought up to date, another one is replaced', () => {
    const desk = new Desk();
    desk.recommend();
    desk.b.clock.advance(DAY);
    desk.recommend({ actions: [{ ...CALL, probability: 0.5 }, MAIL] });
    expect(desk.kept()).toMatchObject([{ stage: 'open', probability: 0.5, expires_at: '2026-03-10T09:00:00.000Z' }]);
    desk.recommend({ actions: [MAIL] });
    expect(desk.kept()).toMatchObject([
      { stage: 'replaced', action: 'call' },
      { stage: 'open', action: 'mail' },
    ]);
  });

  it('that was not done in its time has expired when the next one comes', () => {
    const desk = new Desk();
    desk.recommend({ valid: 'P1D' });
    desk.b.clock.advance(2 * DAY);
    desk.recommend();
    expect(desk.kept().map(({ stage }) => stage)).toEqual(['expired', 'open']);
  });

  it('is not kept where the workflow does not want it', () => {
    const desk = new Desk();
    expect(desk.recommend({ keep: false })).toMatchObject({ port: 'action', output: { recommendation: null } });
    expect(desk.kept()).toEqual([]);
  });

  it('rests for a month when it was declined, but not when it was the wrong time', () => {
    const desk = new Desk();
    const declined = (reason: string) => {
      const { output } = desk.recommend();
      desk.b.update(String(output.recommendation), {
        stage: 'declined',
        decline_reason: reason,
        settled_at: new Date(desk.b.clock.now()).toISOString(),
      });
    };
    declined('wrong_time');
    expect(desk.recommend().output).toMatchObject({ action: 'call', resting: [] });
    declined('not_useful');
    expect(desk.recommend().output).toMatchObject({ action: 'mail', resting: ['call'] });
    desk.b.clock.advance(30 * DAY);
    expect(desk.recommend().output).toMatchObject({ action: 'call', resting: [] });
  });

  it('is none for a client on holiday, until the date', () => {
    const desk = new Desk();
    const { output } = desk.recommend();
    desk.b.update(String(output.recommendation), {
      stage: 'declined',
      decline_reason: 'on_holiday',
      suppressed_until: '2026-03-20T00:00:00Z',
    });
    expect(desk.recommend()).toMatchObject({ port: 'nothing', output: { suppressed_until: '2026-03-20T00:00:00.000Z', action: null } });
    desk.b.clock.advance(18 * DAY);
    expect(desk.recommend()).toMatchObject({ port: 'action', output: { suppressed_until: null } });
  });

  it('is pushed to a person ten times a day, then it waits in the queue', () => {
    const desk = new Desk();
    const ways = Array.from({ length: 12 }, () => desk.recommend({ deliver: 'push' }, desk.newDeal()).output.delivery);
    expect(ways).toEqual([...Array.from({ length: 10 }, () => 'push'), 'queue', 'queue']);
    desk.b.clock.advance(DAY);
    expect(desk.recommend({ deliver: 'push' }, desk.newDeal()).output.delivery).toBe('push');
    // In Moscow it is tomorrow already.
    desk.b.clock.advance(12.5 * 3_600_000);
    expect(desk.recommend({ deliver: 'push' }, desk.newDeal()).output.delivery).toBe('push');
    expect(desk.kept().at(-1)).toMatchObject({ told_on: '2026-03-04' });
  });

  it('is held out for always the same records, about as many as the share says, and nobody is told', () => {
    const desk = new Desk();
    const deals = Array.from({ length: 200 }, () => desk.newDeal());
    const heldOut = deals.filter((deal) => desk.recommend({ hold_out: 0.25 }, deal).output.held_out === true);
    expect(heldOut.length).toBeGreaterThan(30);
    expect(heldOut.length).toBeLessThan(70);
    const [first = ''] = heldOut;
    const again = desk.b.run(recommendNode, { worth: '= record.budget', nothing: 0.1, actions: [CALL], hold_out: 0.25 }, { record: first });
    expect(left(again)).toMatchObject({ port: 'nothing', output: { held_out: true, delivery: 'none' } });
    expect(again.events.filter(({ type }) => type === 'nba.recommended')).toEqual([]);
    const kept = desk.kept().filter(({ stage }) => stage === 'held_out');
    expect(kept).toHaveLength(heldOut.length);
    expect(kept.every(({ owner }) => owner === undefined)).toBe(true);
  });
});

describe('the catalogue', () => {
  const fill = (desk: Desk) => {
    desk.b.create('action', { key: 'call', title: 'Call', minutes: 15, probability: 30, entities: ['deal'] });
    desk.b.create('action', { key: 'case', title: 'Send a case', minutes: 5, probability: 25, where: { product_category: 'metal' } });
    desk.b.create('action', { key: 'pilot', title: 'Offer a pilot', minutes: 60, probability: 60, skill: 'welding:3' });
    desk.b.create('action', { key: 'old', title: 'Fax', minutes: 5, probability: 90, active: false });
    desk.b.create('action', { key: 'nurture', title: 'Nurture', minutes: 5, probability: 90, entities: ['lead'] });
  };
  const ranked = (output: JsonObject) =>
    Array.isArray(output.ranked)
      ? output.ranked.map((one) => (typeof one === 'object' && one !== null ? Reflect.get(one, 'action') : one))
      : [];

  it('gives what is for such records and for the person, where the workflow lists nothing', () => {
    const desk = new Desk();
    fill(desk);
    const { actions: _, ...params } = { worth: '= record.budget', nothing: 0.1, actions: undefined };
    const weigh = (deal: string) => ranked(left(desk.b.run(recommendNode, params, { record: deal })).output);
    expect(weigh(desk.deal)).toEqual(['call', null]);
    expect(weigh(desk.newDeal({ product_category: 'metal' }))).toEqual(['call', 'case', null]);
    desk.b.update(desk.olga, { skills: ['welding:3'] });
    expect(weigh(desk.deal)).toEqual(['pilot', 'call', null]);
  });

  it('completes what a workflow lists', () => {
    const desk = new Desk();
    fill(desk);
    expect(desk.recommend({ actions: [{ action: 'call' }] }).output).toMatchObject({ title: 'Call', minutes: 15, probability: 0.3 });
    expect(refusal(() => desk.recommend({ actions: [{ action: 'dance' }] })).code).toBe('ACTION_UNKNOWN');
  });
});

describe('outcomes', () => {
  const done = (desk: Desk, deal: string, more: JsonObject = {}) => {
    const { output } = desk.recommend(more, deal);
    desk.b.update(String(output.recommendation), { stage: 'done', settled_at: new Date(desk.b.clock.now()).toISOString() });
    return String(output.recommendation);
  };

  it('are told to the recommendations of the record, and what was earned to the last one that was done', () => {
    const desk = new Desk();
    const first = done(desk, desk.deal);
    desk.b.clock.advance(DAY);
    const second = done(desk, desk.deal, { actions: [MAIL] });
    desk.recommend({ actions: [{ ...CALL, action: 'visit', title: 'Visit' }] });
    expect(desk.outcome(true, { earned: 90_000 })).toMatchObject({
      port: 'next',
      output: { attributed: 3, action: 'mail', earned: 90_000, closed: 1 },
    });
    expect(desk.kept()).toMatchObject([
      { id: first, outcome: 'success', stage: 'done' },
      { id: second, outcome: 'success', earned: 90_000 },
      { outcome: 'success', stage: 'expired' },
    ]);
    expect(desk.b.read(first)).not.toHaveProperty('earned');
  });

  it('that come too late, or twice, change nothing', () => {
    const desk = new Desk();
    done(desk, desk.deal);
    desk.b.clock.advance(91 * DAY);
    expect(desk.outcome(true)).toMatchObject({ port: 'none', output: { attributed: 0 } });
    done(desk, desk.deal);
    desk.outcome(true);
    expect(desk.outcome(false)).toMatchObject({ port: 'none' });
    expect(desk.b.list('success_rate')).toMatchObject([{ subject: 'call', tries: 1, successes: 1 }]);
  });

  it('move the chance of an action in the segment where they came, from what was promised to what came', () => {
    const desk = new Desk();
    const metal = { segment: '= record.product_category', nothing: 0 };
    const chance = (product_category: string) => Number(desk.recommend(metal, desk.newDeal({ product_category })).output.probability);
    expect(chance('metal')).toBeCloseTo(0.35);
    for (let i = 0; i < 100; i++) {
      const deal = desk.newDeal({ product_category: i < 50 ? 'metal' : 'wood' });
      done(desk, deal, metal);
      desk.outcome(i < 50 && i % 10 < 6, {}, deal);
    }
    expect(chance('metal')).toBeGreaterThan(0.45);
    expect(chance('wood')).toBeLessThan(0.15);
    expect(chance('glass')).toBeGreaterThan(chance('wood'));
  });

  it('teach what a person is good at', () => {
    const desk = new Desk();
    const igor = desk.b.create('user', { name: 'Igor' }).id;
    const fintech = { segment: 'fintech' };
    for (let i = 0; i < 200; i++) {
      const owner = i % 2 === 0 ? desk.olga : igor;
      const deal = desk.newDeal({ owner });
      done(desk, deal, fintech);
      desk.outcome(i % 20 < 2 || (owner === desk.olga && i % 20 < 12), {}, deal);
    }
    const chance = (owner: string) => Number(desk.recommend(fintech, desk.newDeal({ owner })).output.probability);
    expect(chance(desk.olga)).toBeGreaterThan(2 * chance(igor));
  });

  it('that are not known, or negative earnings, are refused', () => {
    const desk = new Desk();
    expect(refusal(() => left(desk.b.run(outcomeNode, { success: '= record.no_such' }, { record: desk.deal }))).code).toBe('OUTCOMES_NONE');
    expect(refusal(() => desk.outcome(true, { earned: -5 })).code).toBe('WORTH_INVALID');
  });
});
