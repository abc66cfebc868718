/** Measures Takt beside the raw limits of the machine: `npm run bench`, `npm run -s bench -- --json [--only NAME]`. */
import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../api/cli/arguments.ts';
import { type Io, processIo } from '../api/cli/io.ts';
import { showJson, showTable } from '../api/cli/show.ts';
import { openBed } from '../tests/bench/bed.ts';
import type { Benchmark, Figure } from '../tests/bench/figure.ts';
import { benchmarks } from '../tests/bench/figures/index.ts';
import { machine } from '../tests/bench/machine.ts';

interface Options {
  json?: true;
  only?: readonly Benchmark[];
  rounds: number;
  events: number;
}

/** The measurement that gives a figure. */
function giving(name: string): readonly Benchmark[] {
  const found = benchmarks.filter(({ names }) => names.includes(name));
  if (found.length > 0) return found;
  throw new InvalidArgumentError(`There is no such figure. Figures: ${benchmarks.flatMap(({ names }) => names).join(', ')}.`);
}

async function main(io: Io, { json, only = benchmarks, rounds, events }: Options): Promise<void> {
  const bed = await openBed();
  const figures: Figure[] = [];
  try {
    for (const [i, benchmark] of only.entries()) {
      io.err(`${i + 1} of ${only.length}: ${benchmark.names.join(', ')}`);
      figures.push(...(await benchmark.run(bed, { rounds, events }, (text) => io.err(`  ${text}`))));
      if (io.signal.aborted) break;
    }
  } finally {
    await bed.close();
  }
  if (json) showJson(io, { machine: machine(), figures });
  else {
    const columns = ['figure', 'value', 'unit', 'limit', 'ratio'];
    showTable(
      io,
      columns,
      figures.map(({ name, value, unit, limit, ratio }) => [name, value, unit, limit ?? '', ratio ?? '']),
      'Nothing was measured.',
    );
  }
}

await new Command('npm run bench --')
  .description('measures Takt on a PostgreSQL of its own with fsync on, each figure beside a raw limit of the same run')
  .option('--json', 'one JSON object on standard output')
  .option('--only <figure>', 'only the measurement that gives this figure', giving)
  .option('--rounds <n>', 'measurements of which the median is told', wholeNumber(1, 100), 3)
  .option('--events <n>', 'events of a throughput measurement', wholeNumber(100, 100_000), 5_000)
  .action((options: Options) => main(processIo(), options))
  .parseAsync(process.argv);
