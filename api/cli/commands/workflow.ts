import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Engine } from '../../../engine/engine.ts';
import { type ErrorData, TaktError } from '../../../engine/errors/index.ts';
import { parseWorkflowText } from '../../../engine/graph/parse.ts';
import { readScenarios } from '../../../engine/simulate/index.ts';
import { examples, jsonOption, versionNumber, versionOrDraft } from '../arguments.ts';
import { carryOut } from '../carry.ts';
import { type CliContext, cliAuthor, inFile, readText } from '../context.ts';
import { attempt, placed, showProblems } from '../problems.ts';
import { authorText, count, moment, showJson, showTable, textOf } from '../show.ts';
import { isScenario } from '../simulate/files.ts';
import { addMove } from './move.ts';
import { addScenarios } from './scenarios.ts';

export function addWorkflow(program: Command, context: CliContext): void {
  const workflow = program
    .command('workflow')
    .description('workflows: check, test, import, export, publish, compare, roll back, pause; move runs between versions');
  addValidate(workflow, context);
  addScenarios(workflow, context);
  addImportAndExport(workflow, context);
  addPublishing(workflow, context);
  addLists(workflow, context);
  addDiff(workflow, context);
  addMove(workflow, context);
}

function addValidate(workflow: Command, context: CliContext): void {
  const { io } = context;
  workflow
    .command('validate')
    .description('check workflow files; tells every problem with its place and the way out')
    .argument('<files...>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt workflow validate workflows/*.json'))
    .action((files: string[], options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const found: { file: string; problems: ErrorData[] }[] = [];
        for (const file of files) {
          const text = await readText(file);
          if (isScenario(file)) {
            const problems = scenarioProblems(text);
            found.push({ file, problems: problems.map((problem) => placed(problem, text, problem.pointer !== undefined)) });
            continue;
          }
          const parsed = attempt(() => parseWorkflowText(text));
          const problems = parsed.ok ? await engine.workflows.validate(parsed.value) : [parsed.error.toData()];
          found.push({ file, problems: problems.map((problem) => placed(problem, text, parsed.ok)) });
        }
        if (options.json) showJson(io, found);
        else for (const { file, problems } of found) showProblems(io, file, problems);
        if (found.some(({ problems }) => problems.length > 0)) context.fail(1);
      }),
    );
}

function addImportAndExport(workflow: Command, context: CliContext): void {
  const { io } = context;
  workflow
    .command('import')
    .description('keep files as drafts; with --publish make them the version that new runs take')
    .argument('<files...>')
    .option('--publish', 'publish at once')
    .option('--note <text>', 'what has changed, kept with the version')
    .addHelpText('after', examples('takt workflow import workflows/lead-scoring.json --publish --note "first version"'))
    .action((files: string[], options: { publish?: true; note?: string }) =>
      context.visit(async ({ engine }) => {
        for (const file of files) {
          if (isScenario(file)) {
            io.err(`${file}: scenarios stay beside their workflow; passed over.`);
            continue;
          }
          const text = await readText(file);
          const draft = await inFile(file, () => engine.workflows.saveDraft(parseWorkflowText(text)));
          if (draft.problems.length > 0) {
            io.out(`${draft.id}: kept as a draft, it cannot be published yet.`);
            showProblems(
              io,
              file,
              draft.problems.map((problem) => placed(problem, text, true)),
            );
            context.fail(1);
          } else if (options.publish) io.out(`${draft.id}: ${await publish(engine, draft.id, options.note)}`);
          else io.out(`${draft.id}: kept as a draft. Publish it with: takt workflow publish ${draft.id}`);
        }
      }),
    );
  workflow
    .command('export')
    .description('write the file of a workflow: the draft, else what is published, or a version')
    .argument('<id>')
    .option('--version <n>', 'this version', versionNumber)
    .option('--out <file>', 'into this file instead of to the terminal')
    .action((id: string, options: { version?: number; out?: string }) =>
      context.visit(async ({ engine }) => {
        const file = await engine.workflows.file(id, options.version);
        const text = JSON.stringify(file, null, 2);
        if (options.out === undefined) return io.out(text);
        await save(options.out, `${text}\n`);
        io.out(`Written to ${options.out}.`);
      }),
    );
}

function addPublishing(workflow: Command, context: CliContext): void {
  const { io } = context;
  workflow
    .command('publish')
    .description('make the draft the version that new runs take')
    .argument('<id>')
    .option('--note <text>', 'what has changed, kept with the version')
    .action((id: string, options: { note?: string }) =>
      context.visit(async ({ engine }) => io.out(`${id}: ${await publish(engine, id, options.note)}`)),
    );
  workflow
    .command('rollback')
    .description('let new runs take an earlier version; running ones stay on theirs')
    .argument('<id>')
    .argument('<version>', 'its number', versionNumber)
    .action((id: string, number: number) =>
      context.visit(async ({ engine }) => {
        await engine.workflows.rollback(id, number, cliAuthor());
        io.out(`${id}: new runs take version ${number}.`);
      }),
    );
  workflow
    .command('pause')
    .description('let a workflow start no more runs; with --runs keep those that run from moving, too')
    .argument('<id>')
    .option('--runs', 'pause its running runs as well')
    .addHelpText('after', examples('takt workflow pause lead-routing', 'takt workflow pause lead-routing --runs'))
    .action((id: string, options: { runs?: true }) =>
      context.visit(async ({ engine }) => {
        await engine.workflows.setStatus(id, 'paused', cliAuthor());
        if (!options.runs) return io.out(`${id} starts no runs; those that run go on.`);
        io.out(`${id} starts no runs; ${count(await engine.runs.pauseAll(id))} that were running are paused.`);
      }),
    );
  workflow
    .command('resume')
    .description('let a paused workflow start runs again; with --runs its paused runs go on, too')
    .argument('<id>')
    .option('--runs', 'let its paused runs go on as well')
    .option('--no-run', 'leave them to a server')
    .action((id: string, options: { runs?: true; run: boolean }) =>
      context.visit(async (bench) => {
        const { engine } = bench;
        await engine.workflows.setStatus(id, 'active', cliAuthor());
        if (!options.runs) return io.out(`${id} starts runs again.`);
        io.out(`${id} starts runs again; ${count(await engine.runs.resumeAll(id))} paused runs go on.`);
        if (options.run) await carryOut(io, bench);
      }),
    );
}

function addLists(workflow: Command, context: CliContext): void {
  const { io } = context;
  workflow
    .command('list')
    .description('list the workflows')
    .addOption(jsonOption())
    .action((options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const list = await engine.workflows.list();
        if (options.json)
          return showJson(
            io,
            list.map(({ updatedAt, ...row }) => ({ ...row, updatedAt: new Date(updatedAt).toISOString() })),
          );
        const state = (row: (typeof list)[number]): string => (row.publishedVersion === null ? 'draft' : row.status);
        showTable(
          io,
          ['id', 'name', 'status', 'version', 'changed (UTC)'],
          list.map((row) => [row.id, row.name, state(row), row.publishedVersion, moment(row.updatedAt)]),
          'There are no workflows. Import one: takt workflow import workflows/lead-scoring.json --publish',
        );
      }),
    );
  workflow
    .command('versions')
    .description('list the versions of a workflow')
    .argument('<id>')
    .addOption(jsonOption())
    .action((id: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const [row, list] = await Promise.all([engine.workflows.get(id), engine.workflows.versions(id)]);
        if (options.json)
          return showJson(
            io,
            list.map((one) => ({ ...one, publishedAt: new Date(one.publishedAt).toISOString() })),
          );
        showTable(
          io,
          ['version', '', 'published (UTC)', 'by', 'note'],
          list.map((one) => [
            one.version,
            one.version === row.publishedVersion ? 'current' : '',
            moment(one.publishedAt),
            authorText(one.publishedBy),
            one.note,
          ]),
          `${id} has never been published.`,
        );
      }),
    );
}

function addDiff(workflow: Command, context: CliContext): void {
  const { io } = context;
  workflow
    .command('diff')
    .description('tell what has changed between two versions, or to the draft')
    .argument('<id>')
    .argument('<from>', 'a version, or "draft"', versionOrDraft)
    .argument('<to>', 'a version, or "draft"', versionOrDraft)
    .addOption(jsonOption('print the difference as data: nodes, edges, settings'))
    .addHelpText('after', examples('takt workflow diff lead-routing 1 2', 'takt workflow diff lead-routing 2 draft'))
    .action((id: string, from: number | 'draft', to: number | 'draft', options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const diff = await engine.workflows.diff(id, from, to);
        if (options.json) return showJson(io, diff);
        for (const sentence of diff.summary) io.out(textOf(sentence));
      }),
    );
}

function scenarioProblems(text: string): ErrorData[] {
  const read = attempt(() => readScenarios(text));
  if (read.ok) return [];
  const { errors = [], ...error } = read.error.toData();
  return errors.length > 0 ? errors : [error];
}

/** To import the same file again is no failure. */
async function publish(engine: Engine, id: string, note: string | undefined): Promise<string> {
  try {
    const published = await engine.workflows.publish(id, cliAuthor(), note);
    return `version ${published.version} is published.`;
  } catch (error) {
    if (error instanceof TaktError && error.code === 'WORKFLOW_UNCHANGED') return 'equals the published version; nothing was changed.';
    throw error;
  }
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new TaktError('FILE_UNWRITABLE', {
      message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
