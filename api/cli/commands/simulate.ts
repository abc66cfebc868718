/** `takt simulate`: a month in seconds. It needs no database, unless the models of the workspace are asked. */
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import type { TaughtModel } from '../../../engine/services/models.ts';
import {
  compareSummaries,
  EMPTY_SCRIPT,
  readEvents,
  readRecords,
  readScript,
  runTimelines,
  type Simulation,
  type SimulationInput,
  simulate,
} from '../../../engine/simulate/index.ts';
import { parseDuration } from '../../../engine/time/duration.ts';
import { readMoment } from '../../../engine/time/written.ts';
import type { EntityDefinition } from '../../../schemas/entity.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { readSettings } from '../../start/settings.ts';
import { examples, jsonOption, wholeNumber } from '../arguments.ts';
import { type CliContext, inFile, readText } from '../context.ts';
import { showProgress } from '../import/progress.ts';
import type { Io } from '../io.ts';
import { showJson } from '../show.ts';
import { readWorkflows } from '../simulate/files.ts';
import { simulationParts } from '../simulate/parts.ts';
import { showDifferences, showSummary, showTimelines } from '../simulate/show.ts';

interface SimulateOptions {
  workflows?: string[];
  script?: string;
  events?: string;
  records?: string;
  until: string;
  start?: string;
  seed?: number;
  timeline?: number;
  run?: string;
  compare?: string[];
  liveModels?: true;
  json?: true;
}

const DAY = 86_400_000;
/** How long the process may be deaf to Ctrl-C, milliseconds. */
const DEAF_MS = 50;

export function addSimulate(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('simulate')
    .description('run workflows over a script or over events in virtual time; sends nothing, changes nothing')
    .option('--workflows <paths...>', 'workflow files or folders')
    .option('--script <file>', 'who comes and how people behave (docs/simulation.md)')
    .option('--events <file>', 'what happens, as JSON lines (docs/simulation.md)')
    .option('--records <file>', 'records that are there from the beginning, as JSON lines or an array')
    .requiredOption('--until <time>', 'how long, such as P30D, or until which moment')
    .option('--start <moment>', 'the first moment, such as 2026-03-02T09:00:00Z; that of the script or the events without it')
    .option('--seed <n>', 'equal seeds give equal simulations; that of the script, or 1, without it', wholeNumber(0, 4_294_967_295))
    .option('--timeline <n>', 'show every step of the first n runs, or of all', runCount)
    .option('--run <id>', 'show every step of this run')
    .option('--compare <paths...>', 'two workflow files or folders: both on the same input, and what differs')
    .option('--live-models', "ask the live versions of the workspace's models; reads them, and the workspace's entities, from the database")
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt simulate --workflows workflows --script month.json --until P30D',
        'takt simulate --workflows workflows --script month.json --until P30D --compare routing.json routing-new.json',
      ),
    )
    .action(async (options: SimulateOptions) => {
      const input = await readInput(options, options.liveModels ? await workspaceOf(context) : undefined);
      if (options.compare === undefined) await one(io, input, await readAll(options.workflows ?? []), options);
      else await two(io, input, options);
    });
}

/** Exactly this many runs; all of them are as many as there are. */
function runCount(text: string): number {
  return text === 'all' ? Number.POSITIVE_INFINITY : wholeNumber(1, 1_000_000)(text);
}

/** What a simulation takes over from the workspace. */
interface Workspace {
  models: readonly TaughtModel[];
  /** Custom ones, and custom fields, among them: models look at them. */
  entities: readonly EntityDefinition[];
}

const workspaceOf = (context: CliContext): Promise<Workspace> =>
  context.visit(async ({ engine }) => ({
    models: await engine.models.taught(),
    entities: (await engine.entities.registry()).list().map(({ definition }) => definition),
  }));

type Input = Omit<SimulationInput, 'workflows'> & { entities: Workspace['entities'] | undefined };

async function one(io: Io, input: Input, workflows: JsonObject[], options: SimulateOptions): Promise<void> {
  if (workflows.length === 0) throw usage('Which workflows?', 'Add --workflows with files or a folder.');
  const simulation = await carryOut(io, { ...input, workflows });
  const timelines = await runTimelines(simulation, runsToShow(simulation, options));
  if (options.json) return showJson(io, { ...simulation.summary, ...(timelines.length > 0 && { timelines }) });
  showSummary(io, simulation.summary);
  showTimelines(io, timelines);
}

async function two(io: Io, input: Input, options: SimulateOptions): Promise<void> {
  const [a, b, ...more] = options.compare ?? [];
  if (a === undefined || b === undefined || more.length > 0)
    throw usage('--compare takes two paths.', 'Such as --compare old.json new.json');
  const common = await readAll(options.workflows ?? []);
  const first = await carryOut(io, { ...input, workflows: replaced(common, await readWorkflows(a)) });
  const second = await carryOut(io, { ...input, workflows: replaced(common, await readWorkflows(b)) });
  const differences = compareSummaries(first.summary, second.summary);
  if (options.json) showJson(io, { a: first.summary, b: second.summary, differences });
  else showDifferences(io, differences, [a, b]);
}

/** The workflows with others in the place of those of the same id. */
function replaced(common: readonly JsonObject[], versions: readonly JsonObject[]): JsonObject[] {
  const ids = new Set(versions.map((file) => file.id));
  return [...common.filter((file) => !ids.has(file.id)), ...versions];
}

async function readAll(paths: readonly string[]): Promise<JsonObject[]> {
  return (await Promise.all(paths.map(readWorkflows))).flat();
}

async function readInput(options: SimulateOptions, workspace: Workspace | undefined): Promise<Input> {
  const { script: scriptFile, events: eventsFile, records: recordsFile } = options;
  if (scriptFile === undefined && eventsFile === undefined) throw usage('What is to happen?', 'Add --script or --events.');
  const script = scriptFile === undefined ? EMPTY_SCRIPT : await read(scriptFile, readScript);
  const events = eventsFile === undefined ? [] : await read(eventsFile, readEvents);
  const records = recordsFile === undefined ? [] : await read(recordsFile, readRecords);
  const moments = events.flatMap(({ at }) => ('moment' in at ? at.moment : []));
  const first = moments.length > 0 ? moments.reduce((least, at) => Math.min(least, at)) : undefined;
  const start = options.start === undefined ? (script.start ?? first) : momentOf(options.start, '--start');
  if (start === undefined) throw usage('From when on?', 'Add --start, such as --start 2026-03-02T09:00:00Z.');
  const { models = [], entities } = workspace ?? {};
  const seed = options.seed ?? script.seed ?? 1;
  return { script, events, records, models, entities, start, span: spanOf(options.until, start), seed };
}

const read = <T>(path: string, parse: (text: string) => T): Promise<T> => inFile(path, async () => parse(await readText(path)));

function spanOf(until: string, start: number): number {
  const span = until.startsWith('P') ? parseDuration(until) : momentOf(until, '--until') - start;
  if (span > 0) return span;
  throw usage('The simulation ends before it begins.', 'Give a later --until, or a duration such as P30D.');
}

function momentOf(text: string, option: string): number {
  const moment = readMoment(text, 'UTC');
  if (moment) return moment.ms;
  throw usage(`${option} "${text}" is no moment.`, 'Such as 2026-03-02T09:00:00Z.');
}

const usage = (message: string, hint: string): TaktError => new TaktError('CLI_USAGE', { message, hint });

function runsToShow({ runs }: Simulation, { timeline = 0, run }: SimulateOptions): string[] {
  return [...runs.slice(0, timeline), ...(run === undefined || runs.indexOf(run) < timeline ? [] : [run])];
}

async function carryOut(io: Io, { entities, ...input }: Input & Pick<SimulationInput, 'workflows'>): Promise<Simulation> {
  const built = await simulationParts(readSettings(io.env).nodePackages);
  const parts = entities === undefined ? built : { ...built, entities };
  const progress = showProgress(io, 'days', input.span);
  let heard = performance.now();
  try {
    return await simulate(parts, input, async (passed) => {
      if (performance.now() - heard < DEAF_MS) return;
      const done = passed * input.span;
      progress.update(done, Math.floor(done / DAY));
      await setImmediate();
      io.signal.throwIfAborted();
      heard = performance.now();
    });
  } finally {
    progress.stop();
  }
}
