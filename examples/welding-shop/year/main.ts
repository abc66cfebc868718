/** Twelve months of the shop, each forecast at its beginning, beside what came: `npm run -s welding-shop:year`. */
import { parseArgs } from 'node:util';
import { readShop } from '../people.ts';
import { table } from '../show.ts';
import { type HeldOut, heldOutMonths } from './forecasts.ts';
import { yearLeads } from './leads.ts';
import { learnedConversion } from './learned.ts';

/** A year to learn from, then a year that is held out. */
const MONTHS = 24;
const HELD_OUT = Array.from({ length: 12 }, (_, i) => 12 + i);

const { values } = parseArgs({ options: { json: { type: 'boolean' }, seed: { type: 'string', default: '18' } } });
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0 || seed > 4_294_967_295) {
  console.error('--seed is a whole number, such as 18.');
  process.exit(2);
}
const people = readShop().people.map(({ as }) => as);
const months = heldOutMonths(yearLeads(seed, MONTHS, people), HELD_OUT, learnedConversion);
const within = (of: keyof HeldOut['good']): number => months.filter(({ good }) => good[of]).length;
const count = { learned: within('learned'), byTruth: within('byTruth'), byAll: within('byAll') };
if (values.json) {
  console.log(JSON.stringify({ seed, within: count, months }, null, 2));
} else {
  const thousands = (amount: number): string => Math.round(amount / 1_000).toLocaleString('en');
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  const rows = months.map(({ month, expected, low, high, byTruth, byAll, came }) => [
    month,
    thousands(expected),
    `${thousands(low)}–${thousands(high)}`,
    thousands(came),
    share(expected, came),
    share(byTruth, came),
    share(byAll, came),
  ]);
  const head = ['thousand roubles', 'forecast', '80 % interval', 'came', 'forecast/came', 'true probabilities', 'leads known too'];
  const last = ['within 94–106 %', '', '', '', `${count.learned} of 12`, `${count.byTruth} of 12`, `${count.byAll} of 12`];
  console.log(table(head, [...rows, last]));
}
