/** From what was received to plans of people and potentials of channels, as the nodes give them and the API answers them. */
import { channelPotential, plansOf, type ReceivedAnswer } from '../../engine/sdk.ts';
import { toldOf } from './output.ts';
import type { PassedOf } from './passed.ts';

/** Ids of those who have received something. */
export const peopleIn = ({ leads }: ReceivedAnswer): string[] =>
  [...new Set(leads.map(({ person }) => person))].filter((person) => person !== '');

/** The greatest plan first; who has nothing behind them yet by what they have received. @throws TaktError FORECAST_CURRENCIES */
export function plansOutput({ first, leads, notes }: ReceivedAnswer, shares: ReadonlyMap<string, PassedOf>) {
  const owned = leads.filter(({ person }) => person !== '');
  const people = plansOf(owned, (person) => shares.get(person)?.passed ?? 0).map(({ person, ...plan }) => {
    const { user = null, passed = 0 } = shares.get(person) ?? {};
    return { person, name: user === null ? null : String(user.name), ...plan, passed };
  });
  return {
    month: first.month,
    currency: owned[0]?.currency ?? '',
    people: people.sort((a, b) => (b.plan ?? b.received) - (a.plan ?? a.received)),
    notes: notes.map(toldOf),
  };
}

/** @throws TaktError FORECAST_CURRENCIES */
export function channelsOutput({ timezone, first, last, leads, notes }: ReceivedAnswer) {
  const months = channelPotential(leads, timezone).map(({ channel, ...month }) => ({ ...month, channel: nameOf(channel) }));
  const channels = [...Map.groupBy(months, ({ channel }) => channel)].map(([channel, some]) => ({ channel, ...sumOf(some) }));
  return {
    from: first.month,
    to: last.month,
    currency: leads[0]?.currency ?? '',
    months,
    channels: channels.sort((a, b) => b.potential - a.potential),
    total: sumOf(months),
    notes: notes.map(toldOf),
  };
}

/** A type, not an interface: it is JSON. */
type Sums = { leads: number; potential: number; expected: number };

const sumOf = (some: readonly Sums[]): Sums =>
  some.reduce(
    (all, { leads, potential, expected }) => ({
      leads: all.leads + leads,
      potential: all.potential + potential,
      expected: all.expected + expected,
    }),
    { leads: 0, potential: 0, expected: 0 },
  );

const nameOf = (channel: string): string | null => (channel === '' ? null : channel);
