/** Learned models: which there are, how good they are, and what they say of a record. */
import { type Command, Option } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import type { DriftState } from '../../../engine/models/drift.ts';
import { parseJson } from '../../../engine/schema/json.ts';
import type { ModelVersionView } from '../../../engine/services/models.ts';
import { explainRecord } from '../../models/explain.ts';
import { ofVersion } from '../../report/of.ts';
import { examples, jsonOption, limitOption, versionNumber, wholeNumber } from '../arguments.ts';
import { type CliContext, cliAuthor, inFile, readText, take } from '../context.ts';
import { followJob } from '../follow.ts';
import type { Io } from '../io.ts';
import { jobJson } from '../job-view.ts';
import { type CsvOptions, evaluateCsv, explainCsv, type PageOptions, trainCsv, writePage } from '../learning/commands.ts';
import { count, errorLines, moment, showFields, showJson, showTable } from '../show.ts';
import { addRecommendations } from './recommendations.ts';

export function addNba(program: Command, context: CliContext): void {
  const nba = program
    .command('nba')
    .description('next best actions (docs/next-best-action.md), and the learned models behind them (docs/models.md)');
  addFiles(nba, context);
  addTrain(nba, context);
  addEvaluate(nba, context);
  addExplain(nba, context);
  addSteps(nba, context);
  addRecommendations(nba, context);
}

function addFiles(nba: Command, context: CliContext): void {
  const { io } = context;
  nba
    .command('import')
    .description('define models by files, replacing those of the same ids; their versions are kept')
    .argument('<files...>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt nba import deal-won.json', 'takt nba train deal-won'))
    .action((files: string[], options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const kept: object[] = [];
        for (const file of files) {
          const text = await readText(file);
          const row = await inFile(file, () => engine.models.define(parseJson(text, 'MODEL_INVALID')));
          kept.push(row);
          if (!options.json)
            io.out(`${row.id} is kept. ${row.live === null ? `To train it: takt nba train ${row.id}` : `Version ${row.live} is live.`}`);
        }
        if (options.json) showJson(io, kept);
      }),
    );
  nba
    .command('list')
    .description('list the models')
    .addOption(jsonOption())
    .action((options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const list = await engine.models.list();
        if (options.json) return showJson(io, list);
        showTable(
          io,
          ['id', 'name', 'entity', 'live version', 'drift'],
          list.map(({ id, definition: { name, entity }, live, drift }) => [id, name, entity, live ?? 'none', driftText(drift)]),
          'There are no models. Define one: takt nba import deal-won.json',
        );
      }),
    );
}

/** `alarm since 2027-03-01 06:00:00: promises too much`. */
function driftText(drift: DriftState | null): string {
  if (drift === null) return '';
  const { alarm, since, calibration, rows } = drift;
  if (!alarm) return `none in ${count(rows)} outcomes`;
  const why = calibration === null ? 'other records come' : calibration === 'over' ? 'promises too much' : 'promises too little';
  return `alarm since ${moment(since)}: ${why}`;
}

function addTrain(nba: Command, context: CliContext): void {
  const { io } = context;
  nba
    .command('train')
    .description('train a new version on closed records; it becomes live where it is better. Or learn from a CSV')
    .argument('[model]')
    .option('--no-run', 'leave it to a server')
    .option('--file <csv>', FILE)
    .option('--map <json>', MAP)
    .option('--out <json>', 'with --file: where to write the model')
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt nba train deal-won', 'takt nba train --file leads.csv --map map.json --out leads.model.json'))
    .action((id: string | undefined, options: Partial<CsvOptions> & { run: boolean; out?: string; seed: number }) => {
      if (isOfCsv(options)) return trainCsv(io, options);
      const model = named(id);
      return context.visit(async (bench) => {
        const { engine } = bench;
        const job = await engine.models.train(model, cliAuthor());
        if (!options.run) {
          if (options.json) return showJson(io, { job: jobJson(job), version: null });
          return io.out(`${model} is being trained: takt jobs show ${job.id}`);
        }
        const ended = await followJob(io, bench, job);
        if (!ended) return;
        if (ended.status !== 'done') {
          context.fail(1);
          if (options.json) return showJson(io, { job: jobJson(ended), version: null });
          for (const line of ended.error ? errorLines(ended.error) : [`The training is ${ended.status}.`]) io.err(line);
          return;
        }
        const [newest] = (await engine.models.versions(model, 1)).items;
        if (options.json) return showJson(io, { job: jobJson(ended), version: newest ?? null });
        if (newest) showVersion(io, newest);
      });
    });
}

function addEvaluate(nba: Command, context: CliContext): void {
  const { io } = context;
  nba
    .command('evaluate')
    .description('how good the versions of a model were on outcomes that they had not seen; or what can be learned from a CSV')
    .argument('[model]')
    .addOption(new Option('--version <n>', 'one version with all that is known of it').argParser(versionNumber))
    .option('--file <csv>', FILE)
    .option('--map <json>', MAP)
    .option('--folds <n>', 'with --file: parts of the rows that are judged one after the other', wholeNumber(2, 20), 5)
    .option('--html <file>', 'write it as a page to look at and to print; of a model: of its live version, or of --version')
    .addOption(localeOption('language of the page'))
    .addOption(seedOption())
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt nba evaluate deal-won',
        'takt nba evaluate deal-won --version 3',
        'takt nba evaluate --file leads.csv --map map.json --html report.html',
      ),
    )
    .action((id: string | undefined, options: Partial<CsvOptions> & EvaluateOptions) => {
      if (isOfCsv(options)) return evaluateCsv(io, options);
      const model = named(id);
      return context.visit(async ({ engine }) => {
        const { items } = await take(
          (size, cursor) => engine.models.versions(model, size, cursor),
          options.version === undefined ? options.limit : 1_000,
        );
        if (options.html !== undefined)
          await writePage(io, ofVersion(await engine.models.version(model, shown(model, items, options))), options);
        if (options.version !== undefined) {
          const one = items.find(({ version }) => version === options.version);
          if (!one) throw new TaktError('MODEL_VERSION_UNKNOWN', { message: `The model "${model}" has no version ${options.version}.` });
          return options.json ? showJson(io, one) : showVersion(io, one);
        }
        if (options.json) return showJson(io, items);
        showTable(
          io,
          ['version', 'trained', 'outcomes', 'AUC', 'log-loss', 'calibration error', ''],
          items.map(({ version, live, trainedAt, figures: { rows, auc, logLoss, ece, better } }) => [
            version,
            moment(trainedAt),
            count(rows),
            auc.toFixed(3),
            logLoss.toFixed(3),
            ece.toFixed(3),
            standing(live, better),
          ]),
          `${model} has no version. Train one: takt nba train ${model}`,
        );
      });
    });
}

/** The version that a page is of: the one that was asked for, else the live one, else the newest. Throws MODEL_VERSION_UNKNOWN. */
function shown(model: string, items: readonly ModelVersionView[], { version }: EvaluateOptions): number {
  const number = version ?? (items.find(({ live }) => live) ?? items[0])?.version;
  if (number !== undefined) return number;
  throw new TaktError('MODEL_VERSION_UNKNOWN', {
    message: `The model "${model}" has no version.`,
    hint: `Train one: takt nba train ${model}`,
  });
}

interface EvaluateOptions extends PageOptions {
  version?: number;
  limit: number;
  folds: number;
  seed: number;
}

function standing(live: boolean, better: boolean): string {
  if (live) return 'live';
  return better ? '' : 'not better';
}

function showVersion(io: Io, { version, live, trainedAt, figures, report, definition }: ModelVersionView): void {
  const { shadow } = figures;
  const against = shadow?.against === null ? 'the share of successes alone' : `version ${shadow?.against}`;
  showFields(io, [
    ['version', version],
    ['standing', live ? 'live' : 'not live'],
    ['trained', moment(trainedAt)],
    ['outcomes', `${count(figures.rows)}, ${count(figures.successes)} successes`],
    ['judged by', `the latest ${count(figures.heldOut)}`],
    ['AUC', figures.auc.toFixed(3)],
    ['log-loss', figures.logLoss.toFixed(3)],
    ['calibration error', figures.ece.toFixed(3)],
    ['against', shadow ? `${against}: log-loss ${shadow.other.logLoss.toFixed(3)} on ${count(shadow.rows)} outcomes` : undefined],
    ['better', figures.better ? 'yes' : 'no'],
    ['learns from', definition.fields.map(({ name }) => name)],
    [
      'left out',
      [
        ...report.late
          .filter((one) => one.leftOut)
          .map(({ field, late, filled }) => `${field}: written after the outcome in ${late} of ${filled} records`),
        ...report.leftOut.map(({ column, why }) => `${column}: ${WHY[why]}`),
      ],
    ],
  ]);
  for (const note of report.notes) for (const line of errorLines(note)) io.out(line);
}

const WHY = { leak: 'tells the outcome too well', same: 'says what another field says', constant: 'says nothing' } as const;

function addExplain(nba: Command, context: CliContext): void {
  const { io } = context;
  nba
    .command('explain')
    .description('what the live version says of a record, and why; or what a CSV says of its open rows')
    .argument('[model]')
    .argument('[record]', 'id of the record')
    .addOption(localeOption('language of the reasons'))
    .option('--reasons <n>', 'how many at most', wholeNumber(0, 100), 5)
    .option('--file <csv>', FILE)
    .option('--map <json>', MAP)
    .option('--model <json>', 'with --file: the model that nba train has written; without it, the rows with an outcome teach')
    .option('--row <line>', 'with --file: the row that begins at this line; without it, the likeliest open ones', wholeNumber(2, 2 ** 31))
    .addOption(seedOption())
    .addOption(limitOption(10))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt nba explain deal-won <id> --locale ru',
        'takt nba explain --file leads.csv --map map.json --row 17',
        'takt nba explain --file open.csv --model leads.model.json',
      ),
    )
    .action((id: string | undefined, record: string | undefined, options: Partial<CsvOptions> & ExplainCommand) => {
      if (isOfCsv(options)) return explainCsv(io, { row: undefined, ...options });
      const model = named(id);
      if (record === undefined) throw new TaktError('CLI_USAGE', { message: 'Which record?', hint: 'Give its id behind the model.' });
      return context.visit(async ({ engine }) => {
        const { prediction, reasons, ...of } = await explainRecord(engine, model, record, options.locale, options.reasons);
        const { probability, version } = prediction;
        if (options.json) return showJson(io, { record: of.record.id, probability, version, reasons });
        io.out(`${of.record.name}: ${(100 * probability).toFixed(1)}% by version ${version} of ${model}`);
        for (const { text } of reasons) io.out(`  ${text}`);
      });
    });
}

interface ExplainCommand {
  locale: 'en' | 'ru';
  reasons: number;
  limit: number;
  seed: number;
  row?: number;
  model?: string;
}

const FILE = 'a CSV instead of a model of the workspace, plain or .gz (docs/evaluation.md)';
const MAP = 'with --file: which columns say what';

const localeOption = (words: string): Option => new Option('--locale <locale>', words).choices(['en', 'ru']).default('en');

const seedOption = (): Option =>
  new Option('--seed <n>', 'with --file: of what is left to chance').argParser(wholeNumber(0, 2 ** 31)).default(1);

const isOfCsv = <T extends { file?: string }>(options: T): options is T & { file: string } => options.file !== undefined;

function named(model: string | undefined): string {
  if (model !== undefined) return model;
  throw new TaktError('CLI_USAGE', { message: 'Which model?', hint: 'Give its id, or --file leads.csv --map map.json.' });
}

function addSteps(nba: Command, context: CliContext): void {
  const { io } = context;
  nba
    .command('promote')
    .description('make a version live that was better than the one that is')
    .argument('<model>')
    .argument('<version>', 'its number', versionNumber)
    .action((model: string, version: number) =>
      context.visit(async ({ engine }) => {
        await engine.models.promote(model, version);
        io.out(`Version ${version} of ${model} is live. To take it back: takt nba back ${model}`);
      }),
    );
  nba
    .command('back')
    .description('go one step back, to the version that was live before')
    .argument('<model>')
    .action((model: string) =>
      context.visit(async ({ engine }) => {
        const { live } = await engine.models.back(model);
        io.out(live === null ? `No version of ${model} is live; workflows go by points.` : `Version ${live} of ${model} is live again.`);
      }),
    );
  nba
    .command('remove')
    .description('remove a model with all of its versions')
    .argument('<model>')
    .action((model: string) =>
      context.visit(async ({ engine }) => {
        await engine.models.remove(model);
        io.out(`${model} is removed.`);
      }),
    );
}
