/** Plays worlds full of faults in virtual time: `npm run faults`, `npm run -s faults -- --seeds 10000 --json`, `… --seed 7 --trace`. */
import { Command } from 'commander';
import { jsonOption, wholeNumber } from '../api/cli/arguments.ts';
import { type Io, processIo } from '../api/cli/io.ts';
import { showFields, showJson } from '../api/cli/show.ts';
import { type Played, playSeeds } from '../tests/faults/seeds.ts';

interface Options {
  json?: true;
  seeds: number;
  from: number;
  seed?: number;
  trace?: true;
}

/** Lines that are shown of a seed in which a rule was broken. */
const LAST_LINES = 40;
/** Broken seeds that are told in full; more of them say the same. */
const MOST_TOLD = 5;
/** Progress is told every so many seeds. */
const EVERY = 500;

async function main(io: Io, { json, seeds, from, seed, trace }: Options): Promise<void> {
  const began = performance.now();
  const [first, count] = seed === undefined ? [from, seeds] : [seed, 1];
  let told = 0;
  const onPlayed = (played: Played): void => {
    if (trace) for (const line of played.trace) io.err(line);
    if (played.findings.length > 0 && ++told <= MOST_TOLD) tell(io, played, !trace);
    const done = played.seed - first + 1;
    if (done % EVERY === 0 && done < count) io.err(`${done} of ${count} seeds`);
  };
  const result = await playSeeds({ from: first, count, onPlayed, signal: io.signal });
  const shown = { ...result, seconds: Math.round((performance.now() - began) / 100) / 10 };
  if (json) showJson(io, shown);
  else showFields(io, Object.entries({ ...shown, broken: result.broken.join(' ') || 'none' }));
  if (result.broken.length > 0) process.exitCode = 1;
}

function tell(io: Io, { seed, findings, trace }: Played, withLines: boolean): void {
  if (withLines) for (const line of trace.slice(-LAST_LINES)) io.err(line);
  for (const { rule, detail } of findings) io.err(`seed ${seed} breaks the rule that ${rule} – ${detail}`);
  io.err(`the same again: npm run -s faults -- --seed ${seed} --trace`);
}

await new Command('npm run faults --')
  .description(
    'plays worlds full of faults in virtual time, one a seed, and checks what has come of them; exit code 1 where a rule is broken',
  )
  .addOption(jsonOption())
  .option('--seeds <n>', 'how many', wholeNumber(1, 10_000_000), 1_000)
  .option('--from <n>', 'the first of them', wholeNumber(0, 2 ** 31), 1)
  .option('--seed <n>', 'this one alone', wholeNumber(0, 2 ** 31))
  .option('--trace', 'tell everything that happens')
  .action((options: Options) => main(processIo(), options))
  .parseAsync(process.argv);
