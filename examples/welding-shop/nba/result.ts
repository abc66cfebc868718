/** What `npm run -s welding-shop:nba` tells, as one object and in words. */
import { table } from '../show.ts';
import type { ComparedMonth, Figures } from './compare.ts';
import type { MorningList } from './morning.ts';
import type { Order } from './plainly.ts';
import { against, gainedPerHour, type HeldOut, liftOf, perHour, type Ratio, together } from './several.ts';

const orders: readonly Order[] = ['first_come', 'newest_first', 'budget_first', 'score_first'];

interface Way extends Figures {
  readonly profit_per_hour: number;
  readonly gained_per_hour: number;
}

export interface NbaResult {
  readonly seeds: readonly number[];
  /** Roubles an hour; all ways without Takt work as many hours as those with it. */
  readonly profit_per_hour_with: number;
  readonly profit_per_hour_without: number;
  readonly profit_per_hour_newest_first: number;
  readonly profit_per_hour_budget_first: number;
  readonly profit_per_hour_score_first: number;
  /** With Takt against first come, first served; the interval is of 95 %. */
  readonly ratio: number;
  readonly ratio_low: number;
  readonly ratio_high: number;
  readonly ratios: Readonly<Record<Order, Ratio>>;
  readonly with: Way;
  readonly without: Readonly<Record<Order, Way>>;
  readonly without_all_time: Readonly<Record<Order, Way>>;
  readonly told: number;
  /** Shares of 1. */
  readonly adoption: number;
  readonly declined: number;
  readonly precision: number;
  readonly lift: HeldOut | null;
  /** Months in which there is time for all deals. */
  readonly quiet: { readonly with: Way; readonly without: Readonly<Record<Order, Way>>; readonly ratios: Readonly<Record<Order, Ratio>> };
  readonly morning_list: MorningList;
  readonly seconds: number;
}

/** @param seconds of real time */
export function resultOf(
  months: readonly ComparedMonth[],
  quiet: readonly ComparedMonth[],
  morning: MorningList,
  seconds: number,
): NbaResult {
  const guided = wayOf(months.map((one) => one.guided));
  const without = byOrder((order) => wayOf(months.map(({ plain }) => plain[order])));
  const ratios = byOrder((order) => against(months, order));
  const sum = (of: (one: ComparedMonth) => number): number => months.reduce((total, one) => total + of(one), 0);
  const told = sum((one) => one.told);
  const { ratio, low, high } = ratios.first_come;
  return {
    seeds: months.map(({ seed }) => seed),
    profit_per_hour_with: guided.profit_per_hour,
    profit_per_hour_without: without.first_come.profit_per_hour,
    profit_per_hour_newest_first: without.newest_first.profit_per_hour,
    profit_per_hour_budget_first: without.budget_first.profit_per_hour,
    profit_per_hour_score_first: without.score_first.profit_per_hour,
    ratio,
    ratio_low: low,
    ratio_high: high,
    ratios,
    with: guided,
    without,
    without_all_time: byOrder((order) => wayOf(months.map(({ plainAllTime }) => plainAllTime[order]))),
    told,
    adoption: sum(({ adopted }) => adopted) / told,
    declined: sum(({ declined }) => declined) / told,
    precision: sum(({ succeeded }) => succeeded) / sum(({ decided }) => decided),
    lift: liftOf(months),
    quiet: {
      with: wayOf(quiet.map((one) => one.guided)),
      without: byOrder((order) => wayOf(quiet.map(({ plain }) => plain[order]))),
      ratios: byOrder((order) => against(quiet, order)),
    },
    morning_list: morning,
    seconds,
  };
}

function wayOf(figures: readonly Figures[]): Way {
  const all = together(figures);
  return { ...all, profit_per_hour: perHour(all), gained_per_hour: gainedPerHour(all) };
}

const byOrder = <T>(of: (order: Order) => T): Record<Order, T> => ({
  first_come: of('first_come'),
  newest_first: of('newest_first'),
  budget_first: of('budget_first'),
  score_first: of('score_first'),
});

const TITLES: Readonly<Record<Order, string>> = {
  first_come: 'first come, first served',
  newest_first: 'the newest first',
  budget_first: 'the greatest budget first',
  score_first: 'the greatest score first',
};

/** For a terminal. */
export function shownResult(result: NbaResult): string {
  const { quiet, lift, morning_list: morning } = result;
  const head = ['', 'profit, thousand', 'hours', 'profit an hour', 'won by work an hour', 'with Takt beside it'];
  const row = (title: string, way: Way, ratio?: Ratio): string[] => [
    title,
    whole(way.profit / 1_000),
    whole(way.hours),
    whole(way.profit_per_hour),
    whole(way.gained_per_hour),
    ratio ? `${ratio.ratio.toFixed(2)} times (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})` : '',
  ];
  const rows = (guided: Way, without: Readonly<Record<Order, Way>>, ratios?: Readonly<Record<Order, Ratio>>): string[][] => [
    row('with Takt', guided),
    ...orders.map((order) => row(TITLES[order], without[order], ratios?.[order])),
  ];
  const { told, adoption, declined, precision } = result;
  const words = [
    `${told} recommendations told: ${percent(adoption)} taken up, ${percent(declined)} declined; of those taken up ${percent(precision)} were won.`,
    lift
      ? `Against ${lift.heldOut} deals that were held out: ${points(lift.lift)} (${points(lift.low)} to ${points(lift.high)}); truly ${points(lift.truly)}.`
      : 'Too few deals were held out to say what recommending brings.',
  ];
  return [
    `${result.seeds.length} months, ${result.seeds.join(', ')}, in as many hours as with Takt:`,
    table(head, rows(result.with, result.without, result.ratios)),
    'Without Takt, with all the time that there is:',
    table(
      head,
      orders.map((order) => row(TITLES[order], result.without_all_time[order])),
    ),
    'Quiet months, with time for all deals:',
    table(head, rows(quiet.with, quiet.without, quiet.ratios)),
    ...words,
    `${morning.person}, ${morning.at.slice(0, 10)}:`,
    morning.en,
    morning.ru,
  ].join('\n\n');
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)} points`;
