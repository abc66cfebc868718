/** Kills Takt again and again under load, then checks the books: `npm run crash`, `npm run -s crash -- --kills 100 --seed 7 --json`. */
import { Command } from 'commander';
import { jsonOption, wholeNumber } from '../api/cli/arguments.ts';
import { type Io, processIo } from '../api/cli/io.ts';
import { showFields, showJson } from '../api/cli/show.ts';
import { drill } from '../tests/crash/drill.ts';

interface Options {
  json?: true;
  kills: number;
  seed: number;
}

/** Findings and ends that are told in full; more of them say the same. */
const MOST_TOLD = 30;

async function main(io: Io, { json, kills, seed }: Options): Promise<void> {
  const result = await drill({ kills, seed, say: (text) => io.err(text), signal: io.signal });
  const { findings, ended_by_themselves: ends } = result;
  for (const { fault, rule, subject, detail } of findings.slice(0, MOST_TOLD)) io.err(`${fault}: ${rule} – ${subject}: ${detail}`);
  for (const end of ends.slice(0, MOST_TOLD)) io.err(end);
  const shown = { ...result, ended_by_themselves: ends.length };
  if (json) showJson(io, shown);
  else showFields(io, Object.entries({ ...shown, findings: findings.length }));
  if (findings.length > 0) process.exitCode = 1;
}

await new Command('npm run crash --')
  .description(
    'kills the processes of an installation under load, and checks that nothing was lost or done twice; exit code 1 where it was',
  )
  .addOption(jsonOption())
  .option('--kills <n>', 'how many SIGKILLs; cut connections and stopped processes come on top', wholeNumber(1, 100_000), 100)
  .option('--seed <n>', 'the same seed makes the same plan', wholeNumber(0, 2 ** 31), 1)
  .action((options: Options) => main(processIo(), options))
  .parseAsync(process.argv);
