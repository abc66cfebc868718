/** The month of the shop, distributed by its workflow and, beside it, one after the other: `npm run -s welding-shop -- --json`. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from './measures.ts';
import { type Month, makeMonth } from './month/month.ts';
import { readShop } from './people.ts';
import { type Shown, shown } from './show.ts';
import { assignmentsOf, writeMonth } from './simulated.ts';

/** Where the distribution by rules is written: this workflow file, and nothing else. */
const DISTRIBUTION = 'distribution.json';
const BASELINE = 'round-robin.json';

/** Files of the month, for whoever wants to look at them. */
const folder = fileURLToPath(new URL('../../.takt/welding-shop/', import.meta.url));

async function played(month: Month, title: string, workflow: string): Promise<Shown> {
  const begun = performance.now();
  const report = measure(await assignmentsOf(folder, month, workflow), month.timetables, month.period);
  return { title, ...report, seconds: (performance.now() - begun) / 1_000 };
}

const numbers = ({ measures, seconds }: Shown) => ({ ...measures, seconds });

const { values } = parseArgs({ options: { json: { type: 'boolean' }, seed: { type: 'string', default: '18' } } });
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0 || seed > 4_294_967_295) {
  console.error('--seed is a whole number, such as 18.');
  process.exit(2);
}
const month = makeMonth(readShop(), seed);
await writeMonth(folder, month);
// Side by side, each in a process of its own: on two cores the whole takes as long as one of them.
const [rules, baseline] = await Promise.all([
  played(month, 'by the workflow', DISTRIBUTION),
  played(month, 'one after the other', BASELINE),
]);
const names = month.timetables.map(({ name }) => name);
console.log(values.json ? JSON.stringify({ ...numbers(rules), baseline: numbers(baseline) }, null, 2) : shown([rules, baseline], names));
