/** What `takt nba` does with a CSV: no server, no workspace. */
import { writeFile } from 'node:fs/promises';
import { TaktError } from '../../../engine/errors/index.ts';
import { systemClock } from '../../../engine/ports/clock.ts';
import type { Judgement } from '../../report/judgement.ts';
import { ofCsv } from '../../report/of.ts';
import { judgementPage } from '../../report/page.ts';
import type { Locale } from '../../report/words.ts';
import { inFile, readText } from '../context.ts';
import type { Io } from '../io.ts';
import { showJson } from '../show.ts';
import { type EvaluationOptions, evaluateExamples } from './evaluate.ts';
import { type ExplainOptions, explainLines, learn, trainedOf, without } from './learn.ts';
import { type EvaluationMap, readEvaluationMap } from './map.ts';
import { readModelFile, writeModelFile } from './model-file.ts';
import { type Examples, readExamples, readUnseen } from './read.ts';
import { showEvaluation, showExplained, showTrained } from './show.ts';

export interface CsvOptions {
  file: string;
  map?: string;
  seed: number;
  json?: true;
}

/** Throws TaktError CLI_USAGE without a map, and as `readExamples`. */
async function examplesOf({ file, map: path }: CsvOptions): Promise<{ map: EvaluationMap; examples: Examples }> {
  if (path === undefined)
    throw new TaktError('CLI_USAGE', { message: 'Which columns say what?', hint: 'Add --map map.json (docs/evaluation.md).' });
  const map = await inFile(path, async () => readEvaluationMap(await readText(path)));
  return { map, examples: await inFile(file, () => readExamples(file, map, systemClock.now())) };
}

/** A page instead of a table. */
export interface PageOptions {
  /** Where it is written. */
  html?: string;
  locale: Locale;
}

export async function evaluateCsv(io: Io, options: CsvOptions & Pick<EvaluationOptions, 'folds'> & PageOptions): Promise<void> {
  const { folds, seed } = options;
  const { map, examples } = await examplesOf(options);
  const told = evaluateExamples(examples, { folds, seed, say: (text) => io.err(text) });
  await writePage(io, ofCsv(told, options.file, map), options);
  if (options.json) showJson(io, told);
  else showEvaluation(io, told);
}

/** @param options `out`: where the model is written */
export async function trainCsv(io: Io, options: CsvOptions & { out?: string }): Promise<void> {
  const { map, examples } = await examplesOf(options);
  const model = learn(examples, options.seed);
  if (options.out !== undefined) await save(options.out, writeModelFile({ map, currencies: examples.currencies, model }));
  const trained = trainedOf(model, examples);
  if (options.json) return showJson(io, trained);
  showTrained(io, trained);
  if (options.out !== undefined) io.out(`\nThe model is in ${options.out}: takt nba explain --file open.csv --model ${options.out}`);
}

/** Of a model file, or of what the rows with an outcome teach; then of the rows without one. */
export async function explainCsv(io: Io, options: CsvOptions & ExplainOptions & { model?: string }): Promise<void> {
  const { model: path } = options;
  const explained = path === undefined ? await byTheOthers(options) : await byModel(path, options);
  if (options.json) showJson(io, explained);
  else showExplained(io, explained);
}

async function byModel(path: string, options: CsvOptions & ExplainOptions): Promise<ReturnType<typeof explainLines>> {
  const { map, currencies, model } = await inFile(path, async () => readModelFile(await readText(path)));
  return inFile(options.file, async () => explainLines(model, await readUnseen(options.file, map, currencies), options));
}

async function byTheOthers(options: CsvOptions & ExplainOptions): Promise<ReturnType<typeof explainLines>> {
  const { examples } = await examplesOf(options);
  const { row, seed } = options;
  const closed = row !== undefined && examples.lines.includes(row);
  const model = learn(closed ? without(examples, row) : examples, seed);
  return inFile(options.file, () => explainLines(model, closed ? examples : examples.open, options));
}

/** Throws TaktError FILE_UNWRITABLE. */
export async function writePage(io: Io, judgement: Judgement, { html, locale }: PageOptions): Promise<void> {
  if (html === undefined) return;
  await save(html, judgementPage(judgement, locale));
  io.err(`The page is in ${html}.`);
}

/** Throws TaktError FILE_UNWRITABLE. */
async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TaktError('FILE_UNWRITABLE', { message: `${path} cannot be written: ${why}`, cause });
  }
}
