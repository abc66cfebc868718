/** The two years are believable, their truth is true, and what noise alone leaves of a forecast is within what is aimed at. */
import { describe, expect, it } from 'vitest';
import { heldOutMonths } from '../../../examples/welding-shop/year/forecasts.ts';
import { beginOf, type YearLead, yearLeads } from '../../../examples/welding-shop/year/leads.ts';
import { learnedConversion } from '../../../examples/welding-shop/year/learned.ts';
import { decidedWithin } from '../../../examples/welding-shop/year/market.ts';

const DAY = 86_400_000;
const PEOPLE = ['vera', 'oleg', 'nina'];
const leads = yearLeads(18, 24, PEOPLE);
const share = (some: readonly YearLead[], fits: (lead: YearLead) => boolean): number => some.filter(fits).length / some.length;
const meanOf = (some: readonly YearLead[], of: (lead: YearLead) => number): number =>
  some.reduce((sum, lead) => sum + of(lead), 0) / some.length;

describe('two years of leads', () => {
  it('are the same for their seed, and others for another', () => {
    expect(yearLeads(5, 1, PEOPLE, 200)).toEqual(yearLeads(5, 1, PEOPLE, 200));
    expect(yearLeads(6, 1, PEOPLE, 200)).not.toEqual(yearLeads(5, 1, PEOPLE, 200));
  });

  it('begin alike, however long they are', () => {
    const one = yearLeads(5, 1, PEOPLE, 200);
    expect(yearLeads(5, 2, PEOPLE, 200).slice(0, one.length)).toEqual(one);
  });

  it('are some 4,000 a month, more in spring, in their order', () => {
    expect(leads.length / 24).toBeGreaterThan(3_800);
    expect(leads.length / 24).toBeLessThan(4_200);
    const inMonth = (month: number): number =>
      leads.filter(({ arrivedAt }) => arrivedAt >= beginOf(month) && arrivedAt < beginOf(month + 1)).length;
    expect(inMonth(4)).toBeGreaterThan(1.1 * inMonth(10));
    expect(leads.every(({ arrivedAt }, i) => arrivedAt >= (leads[i - 1]?.arrivedAt ?? 0))).toBe(true);
  });

  it('buy as often as their probability says, whatever it is', () => {
    for (const [from, to] of [
      [0, 0.2],
      [0.2, 0.4],
      [0.4, 0.6],
      [0.6, 1],
    ] as const) {
      const some = leads.filter(({ probability }) => probability >= from && probability < to);
      expect(some.length).toBeGreaterThan(1_000);
      const chance = Math.sqrt(0.25 / some.length);
      expect(Math.abs(share(some, ({ won }) => won) - meanOf(some, ({ probability }) => probability))).toBeLessThan(4 * chance);
    }
  });

  it('have channels that say much about who writes', () => {
    const companies = (channel: string): number =>
      share(
        leads.filter((lead) => lead.channel === channel),
        ({ kind }) => kind === 'company',
      );
    expect(companies('E-mail')).toBeGreaterThan(0.9);
    expect(companies('Marketplace')).toBeLessThan(0.2);
    const people = leads.filter(({ kind }) => kind === 'person');
    expect(people.every(({ industry, turnover, pastShare }) => industry === null && turnover === null && pastShare === null)).toBe(true);
  });

  it('have a season that comes later in the second year', () => {
    const mean = (month: number): number =>
      meanOf(
        leads.filter(({ arrivedAt }) => arrivedAt >= beginOf(month) && arrivedAt < beginOf(month + 1)),
        ({ probability }) => probability,
      );
    expect(mean(4)).toBeGreaterThan(mean(10) + 0.05);
    // February rises later, August falls later.
    expect(mean(12 + 1)).toBeLessThan(mean(1));
    expect(mean(12 + 7)).toBeGreaterThan(mean(7));
  });

  it('are decided on some weeks later, as the market says', () => {
    for (const days of [5, 15, 30, 60]) {
      expect(Math.abs(share(leads, ({ arrivedAt, closedAt }) => closedAt - arrivedAt <= days * DAY) - decidedWithin(days))).toBeLessThan(
        0.01,
      );
    }
  });

  it('bring their budget × the margin of their brand', () => {
    expect(leads.every(({ budget, profit }) => profit > 0.14 * budget && profit < 0.31 * budget)).toBe(true);
  });
});

describe('forecasts of months that are held out', () => {
  it('with the true probabilities lie within 94 to 106 % in at least 10 of 12 months: noise allows it', () => {
    const months = heldOutMonths(
      leads,
      Array.from({ length: 12 }, (_, i) => 12 + i),
      (_, asked) => asked.map(({ probability }) => probability),
    );
    expect(months.filter(({ good }) => good.byTruth).length).toBeGreaterThanOrEqual(10);
    expect(months.filter(({ good }) => good.byAll).length).toBeGreaterThanOrEqual(10);
    expect(months.filter(({ came, low, high }) => came >= low && came <= high).length).toBeGreaterThanOrEqual(8);
  }, 60_000);

  it('ask the learner about nothing that was not known', () => {
    const small = yearLeads(3, 15, PEOPLE, 300);
    const now = beginOf(13);
    heldOutMonths(small, [13], (closed, asked) => {
      expect(closed.every(({ closedAt }) => closedAt < now)).toBe(true);
      expect(asked.every(({ arrivedAt }) => arrivedAt < now)).toBe(true);
      return asked.map(() => 0.3);
    });
    const blind = small.map((lead) => (lead.closedAt >= now ? { ...lead, won: !lead.won } : lead));
    const said = (some: readonly YearLead[]) => heldOutMonths(some, [13], (_, asked) => asked.map(() => 0.3))[0];
    expect(said(blind)?.expected).toBe(said(small)?.expected);
    expect(said(blind)?.came).not.toBe(said(small)?.came);
  });

  it('with learned probabilities come near those with the true ones', () => {
    const [month] = heldOutMonths(yearLeads(3, 14, PEOPLE, 600), [13], learnedConversion);
    expect((month?.expected ?? 0) / (month?.byTruth ?? 1)).toBeGreaterThan(0.9);
    expect((month?.expected ?? 0) / (month?.byTruth ?? 1)).toBeLessThan(1.1);
  }, 60_000);
});
