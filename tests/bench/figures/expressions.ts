/** Our evaluator beside the library whose language it speaks, and beside the same written in JavaScript. */
import jsonata from 'jsonata';
import { compileExpression } from '../../../engine/expression/index.ts';
import { type Benchmark, figure, median, times } from '../figure.ts';

const DEALS = Array.from({ length: 20 }, (_, i) => ({ amount: 1_000 * (i + 1), probability: 0.05 * i }));
const LEAD = { budget: 60_000, region: 'Moscow', deals: DEALS };
const OURS = 100_000;
const THEIRS = 5_000;

interface Subject {
  name: string;
  source: string;
  native: () => unknown;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'expr_condition_ratio',
    source: 'budget > 50000 and region = "Moscow"',
    native: () => LEAD.budget > 50_000 && LEAD.region === 'Moscow',
  },
  {
    name: 'expr_sum_ratio',
    source: '$sum(deals.(amount * probability))',
    native: () => LEAD.deals.reduce((sum, deal) => sum + deal.amount * deal.probability, 0),
  },
  {
    name: 'expr_plain_sum_ratio',
    source: '$sum(deals.amount)',
    native: () => LEAD.deals.reduce((sum, deal) => sum + deal.amount, 0),
  },
];

/** Microseconds of one call, of so many. */
async function micros(count: number, call: () => unknown): Promise<number> {
  let kept: unknown;
  const begun = performance.now();
  for (let i = 0; i < count; i++) kept = await call();
  const ms = performance.now() - begun;
  if (kept === undefined) throw new Error('The expression gave nothing.');
  return (ms * 1_000) / count;
}

/** Microseconds of one call that need not be waited for. */
function microsAtOnce(count: number, call: () => unknown): number {
  let kept: unknown;
  const begun = performance.now();
  for (let i = 0; i < count; i++) kept = call();
  const ms = performance.now() - begun;
  if (kept === undefined) throw new Error('The expression gave nothing.');
  return (ms * 1_000) / count;
}

export const expressions: readonly Benchmark[] = SUBJECTS.map(({ name, source, native }): Benchmark => {
  const micro = name.replace('_ratio', '_us');
  return {
    names: [name, micro],
    async run(_bed, { rounds }, say) {
      const ours = compileExpression(source);
      const theirs = jsonata(source);
      const env = { now: 0, random: () => 0, timeZone: 'UTC', inSegment: () => false };
      const own: number[] = [];
      const bare: number[] = [];
      const library = await times(rounds + 1, async () => {
        own.push(microsAtOnce(OURS, () => ours.evaluate(LEAD, env)));
        bare.push(microsAtOnce(OURS, native));
        return micros(THEIRS, () => theirs.evaluate(LEAD));
      });
      // The first round is for the compiler.
      const [us, them, floor] = [median(own.slice(1)), median(library.slice(1)), median(bare.slice(1))];
      say(`${us.toFixed(3)} µs, jsonata ${them.toFixed(1)} µs, JavaScript ${floor.toFixed(3)} µs`);
      return [figure(name, them / us, 'times as fast as jsonata'), figure(micro, us, 'µs', floor)];
    },
  };
});
