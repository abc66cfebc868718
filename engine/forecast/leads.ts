/** What leads are worth to who received them, and to the channel that brought them. */
import { TaktError } from '../errors/index.ts';
import { dayIn, monthOfDay, writtenMonth } from './days.ts';
import { checkCurrencies } from './deal.ts';

export interface ReceivedLead {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** What it brings where it is won: budget × margin of the brand. */
  readonly profit: number;
  readonly currency: string;
  /** Of being won in the end. */
  readonly probability: number;
}

export interface Plan {
  readonly person: string;
  readonly leads: number;
  /** Σ profit × probability of the leads received. */
  readonly received: number;
  /** The same for the whole month at the same pace; null where nothing of the month has passed for this person, so that nothing can be told. */
  readonly plan: number | null;
}

/**
 * The personal plan of each who has received leads: what these are expected to bring, scaled to the month.
 * @param leads of one month until now
 * @param passed which share of their work of this month is behind a person, 0 to 1: of their working days without leave, say
 * @throws TaktError FORECAST_DEALS, FORECAST_CURRENCIES; FORECAST_OPTIONS where a share is none
 */
export function plansOf(leads: readonly (ReceivedLead & { readonly person: string })[], passed: (person: string) => number): Plan[] {
  checkLeads(leads);
  return [...Map.groupBy(leads, ({ person }) => person)].map(([person, own]) => {
    const part = passed(person);
    if (!(part >= 0 && part <= 1)) {
      throw new TaktError('FORECAST_OPTIONS', {
        message: `The share of the month that has passed for ${person} is ${part}.`,
        hint: 'Give a share from 0 to 1.',
        field: 'passed',
      });
    }
    const received = expectedOf(own);
    return { person, leads: own.length, received, plan: part === 0 ? null : received / part };
  });
}

interface ChannelMonth {
  readonly channel: string;
  /** YYYY-MM, of when the leads came. */
  readonly month: string;
  readonly leads: number;
  /** Σ profit: what the channel would have brought, had all been won. */
  readonly potential: number;
  /** Σ profit × probability. */
  readonly expected: number;
}

/**
 * What each marketing channel has brought, by month, in the order of months and then of channels.
 * @throws TaktError FORECAST_DEALS, FORECAST_CURRENCIES
 */
export function channelPotential(leads: readonly (ReceivedLead & { readonly channel: string })[], timezone = 'UTC'): ChannelMonth[] {
  checkLeads(leads);
  const dayOf = dayIn(timezone);
  const groups = Map.groupBy(leads, ({ channel, receivedAt }) => JSON.stringify([writtenMonth(monthOfDay(dayOf(receivedAt))), channel]));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]) => {
      const [first] = some;
      if (first === undefined) return [];
      const potential = some.reduce((sum, { profit }) => sum + profit, 0);
      const month = writtenMonth(monthOfDay(dayOf(first.receivedAt)));
      return [{ channel: first.channel, month, leads: some.length, potential, expected: expectedOf(some) }];
    });
}

const expectedOf = (leads: readonly ReceivedLead[]): number =>
  leads.reduce((sum, { profit, probability }) => sum + profit * probability, 0);

function checkLeads(leads: readonly ReceivedLead[]): void {
  const wrong = leads.flatMap(({ id, profit, probability }, place) => {
    if (!(profit >= 0 && Number.isFinite(profit))) {
      return [new TaktError('FORECAST_PROFIT', { message: `Lead "${id}": its profit is ${profit}.`, pointer: `/${place}/profit` })];
    }
    if (probability >= 0 && probability <= 1) return [];
    return [
      new TaktError('FORECAST_PROBABILITY', {
        message: `Lead "${id}": its probability is ${probability}.`,
        pointer: `/${place}/probability`,
      }),
    ];
  });
  const [first] = wrong;
  if (first !== undefined) throw new TaktError('FORECAST_DEALS', { message: first.message, errors: wrong.slice(0, 20) });
  checkCurrencies(leads);
}
