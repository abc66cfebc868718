/** How well duplicates are told: `npm run -s duplicates -- --json`, `… --show wrong`, `… --seed 2`. */
import { Command } from 'commander';
import { jsonOption, wholeNumber } from '../api/cli/arguments.ts';
import { type Io, processIo } from '../api/cli/io.ts';
import { showFields, showJson } from '../api/cli/show.ts';
import { type Judged, measure } from '../tests/duplicates/measure/measure.ts';

interface Options {
  json?: true;
  records: number;
  seed: number;
  show?: 'wrong' | 'missed' | 'suggested';
}

const WANTED: Readonly<Record<NonNullable<Options['show']>, (pair: Judged) => boolean>> = {
  wrong: ({ found, right }) => found === 'automatic' && !right,
  missed: ({ found }) => found === 'missed',
  suggested: ({ found, right }) => found === 'suggested' && !right,
};
/** Pairs that are shown. */
const MOST_SHOWN = 40;

function main(io: Io, { json, records, seed, show }: Options): void {
  let shown = 0;
  const measured = measure({ seed, records }, (pair) => {
    if (show === undefined || !WANTED[show](pair) || ++shown > MOST_SHOWN) return;
    io.err(`${JSON.stringify(pair.a.data)}\n${JSON.stringify(pair.b.data)}\n`);
  });
  if (json) showJson(io, measured);
  else showFields(io, Object.entries(measured));
}

await new Command('npm run duplicates --')
  .description('makes records with duplicates planted among them, and tells how many are found, and how many are held for one that are not')
  .addOption(jsonOption())
  .option('--records <n>', 'how many', wholeNumber(10, 1_000_000), 20_000)
  .option('--seed <n>', 'of the generator', wholeNumber(0, 2 ** 31), 1)
  .option('--show <which>', 'show pairs: wrong, missed or suggested')
  .action((options: Options) => main(processIo(), options))
  .parseAsync(process.argv);
