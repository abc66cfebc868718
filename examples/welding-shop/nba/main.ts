/** The same months with and without next best action: `npm run -s welding-shop:nba`. */
import { parseArgs } from 'node:util';
import { allOf, type Task } from './pool.ts';
import { resultOf, shownResult } from './result.ts';
import { PER_MONTH, QUIET } from './size.ts';

const HELP = `The month of the shop with and without next best action, in virtual time.

npm run -s welding-shop:nba               profit per hour of work by each way of working, and a morning list
npm run -s welding-shop:nba -- --json     the same as one object
  --seed N     of the first month, 18 without it; the others follow it
  --months N   how many months, 2 to 10; 5 without it`;

/** Quiet months are small; three of them say enough. */
const QUIET_MONTHS = 3;
/** Milliseconds between two lines about how far it is. */
const TELL_EVERY = 5_000;

function asked() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        seed: { type: 'string', default: '18' },
        months: { type: 'string', default: '5' },
      },
    }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const values = asked();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const [seed, count] = [Number(values.seed), Number(values.months)];
if (!Number.isSafeInteger(seed) || seed < 0 || seed > 4_294_967_285 || !Number.isInteger(count) || count < 2 || count > 10) {
  console.error('--seed is a whole number, such as 18, and --months one from 2 to 10.');
  process.exit(2);
}

const begun = performance.now();
let told = begun;
const seeds = Array.from({ length: count }, (_, i) => seed + i);
const tasks: Task[] = [
  ...seeds.map((one) => ({ kind: 'month' as const, seed: one, perMonth: PER_MONTH })),
  ...seeds.slice(0, QUIET_MONTHS).map((one) => ({ kind: 'month' as const, seed: one, perMonth: QUIET })),
  { kind: 'morning', seed },
];
const results = await allOf(tasks, new URL('thread.ts', import.meta.url), (share) => {
  if (performance.now() - told < TELL_EVERY) return;
  told = performance.now();
  console.error(`${Math.floor(100 * share)} %`);
});
const months = results.flatMap((one) => ('month' in one ? one.month : []));
const [morning] = results.flatMap((one) => ('morning' in one ? one.morning : []));
if (!morning) throw new Error('There is no morning list.');
const result = resultOf(months.slice(0, count), months.slice(count), morning, (performance.now() - begun) / 1_000);
console.log(values.json ? JSON.stringify(result, null, 2) : shownResult(result));
