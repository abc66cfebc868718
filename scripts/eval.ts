/** How good Takt's models are on real data: `npm run -s eval -- --data DIR --json [--only NAME]`, `… --file leads.csv --map map.json`. */
import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../api/cli/arguments.ts';
import { type Io, processIo } from '../api/cli/io.ts';
import { evaluateCsv } from '../api/cli/learning/commands.ts';
import { showError, showJson, showTable } from '../api/cli/show.ts';
import { TaktError } from '../engine/errors/index.ts';
import type { Evaluation, Figure } from '../tests/eval/figure.ts';
import { evaluations } from '../tests/eval/index.ts';

interface Options {
  json?: true;
  data?: string;
  only?: readonly Evaluation[];
  file?: string;
  map?: string;
  folds: number;
  seed: number;
}

/** The evaluation that gives a figure. */
function giving(name: string): readonly Evaluation[] {
  const found = evaluations.filter(({ names }) => names.includes(name));
  if (found.length > 0) return found;
  throw new InvalidArgumentError(`There is no such figure. Figures: ${evaluations.flatMap(({ names }) => names).join(', ')}.`);
}

/** @returns whether all could be measured: where a file is missing, the others are told still */
async function figures(io: Io, { json, data = io.env.TAKT_DATA_DIR, only = evaluations }: Options): Promise<boolean> {
  if (data === undefined || data === '')
    throw new TaktError('EVAL_DATA_MISSING', { message: 'On which data?', hint: 'Add --data DIR, or --file FILE --map MAP.' });
  const told: Figure[] = [];
  let whole = true;
  for (const [i, evaluation] of only.entries()) {
    if (io.signal.aborted) break;
    io.err(`${i + 1} of ${only.length}: ${evaluation.names.join(', ')}`);
    try {
      told.push(...(await evaluation.run(data, (text) => io.err(`  ${text}`))));
    } catch (error) {
      showError(io, error);
      whole = false;
    }
  }
  if (json) showJson(io, { figures: told });
  else {
    const cell = (met: boolean | null): string => (met === null ? '' : met ? 'yes' : 'no');
    const lines = told.map(({ name, value, aim, met }) => [name, value ?? 'none', aim ?? '', cell(met)]);
    showTable(io, ['figure', 'value', 'aim', 'met'], lines, 'Nothing was measured.');
  }
  return whole;
}

async function main(io: Io, options: Options): Promise<void> {
  try {
    if (options.file !== undefined) await evaluateCsv(io, { ...options, file: options.file, locale: 'en' });
    else if (!(await figures(io, options))) process.exitCode = 1;
  } catch (error) {
    showError(io, error);
    process.exitCode = 1;
  }
}

await new Command('npm run eval --')
  .description('measures how good the models are: on the known data sets of a folder, or on a CSV of your own')
  .option('--json', 'one JSON object on standard output')
  .option('--data <folder>', 'the folder of the data sets; TAKT_DATA_DIR without it')
  .option('--only <figure>', 'only the evaluation that gives this figure', giving)
  .option('--file <csv>', 'a CSV of your own, plain or .gz')
  .option('--map <json>', 'with --file: which columns say what (docs/evaluation.md)')
  .option('--folds <n>', 'with --file: parts of the rows that are judged one after the other', wholeNumber(2, 20), 5)
  .option('--seed <n>', 'with --file: of what is left to chance', wholeNumber(0, 2 ** 31), 1)
  .action((options: Options) => main(processIo(), options))
  .parseAsync(process.argv);
