/** Named groups of records, by a rule. */
import type { Command } from 'commander';
import type { ErrorData } from '../../../engine/errors/index.ts';
import { parseJson } from '../../../engine/schema/json.ts';
import type { Workbench } from '../../start/assemble.ts';
import { examples, jsonOption, limitOption } from '../arguments.ts';
import { type CliContext, cliAuthor, inFile, namesOf, readText, take } from '../context.ts';
import { followJob } from '../follow.ts';
import { attempt, placed, showProblems } from '../problems.ts';
import { count, dim, showFields, showJson, showTable, textOf } from '../show.ts';

export function addSegments(program: Command, context: CliContext): void {
  const segment = program.command('segment').description('segments: named groups of records, by a rule (docs/segments.md)');
  addFiles(segment, context);
  addLooks(segment, context);
  addRemove(segment, context);
}

function addFiles(segment: Command, context: CliContext): void {
  const { io } = context;
  segment
    .command('validate')
    .description('check segment files; tells every problem with its place and the way out')
    .argument('<files...>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt segment validate segments/*.json'))
    .action((files: string[], options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const found: { file: string; problems: ErrorData[] }[] = [];
        for (const file of files) {
          const text = await readText(file);
          const parsed = attempt(() => parseJson(text, 'SEGMENT_INVALID'));
          const problems = parsed.ok ? await engine.segments.validate(parsed.value) : [parsed.error.toData()];
          found.push({ file, problems: problems.map((problem) => placed(problem, text, parsed.ok)) });
        }
        if (options.json) showJson(io, found);
        else for (const { file, problems } of found) showProblems(io, file, problems);
        if (found.some(({ problems }) => problems.length > 0)) context.fail(1);
      }),
    );
  segment
    .command('import')
    .description('define segments by files, replacing those of the same ids, and find who belongs to them')
    .argument('<files...>')
    .option('--no-run', 'leave it to a server to find who belongs to them')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt segment import segments/hot-leads.json', 'takt segment members hot-leads'))
    .action((files: string[], options: { run: boolean; json?: true }) =>
      context.visit(async (bench) => {
        const kept: object[] = [];
        for (const file of files) kept.push(await importFile(context, bench, file, options));
        if (options.json) showJson(io, kept);
      }),
    );
}

/** Gives what `--json` tells of it. */
async function importFile({ io }: CliContext, bench: Workbench, file: string, options: { run: boolean; json?: true }): Promise<object> {
  const { engine } = bench;
  const text = await readText(file);
  const { definition, job } = await inFile(file, () => engine.segments.define(parseJson(text, 'SEGMENT_INVALID'), cliAuthor()));
  const ended = options.run ? await followJob(io, bench, job) : undefined;
  const { id, entity } = definition;
  if (!options.json) {
    if (ended?.status === 'done') io.out(`${id} is kept; ${count(ended.made)} of ${count(ended.done)} records of ${entity} belong to it.`);
    else io.out(`${id} is kept. Who belongs to it is being found: takt jobs show ${job.id}`);
  }
  return { definition, job: job.id, members: ended?.status === 'done' ? ended.made : null };
}

function addLooks(segment: Command, context: CliContext): void {
  const { io } = context;
  segment
    .command('list')
    .description('list the segments')
    .addOption(jsonOption())
    .action((options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const list = await engine.segments.list();
        if (options.json) return showJson(io, list);
        showTable(
          io,
          ['id', 'name', 'entity', 'rule'],
          list.map(({ id, name, entity, rule }) => [id, name, entity, rule]),
          'There are no segments. Define one: takt segment import hot-leads.json',
        );
      }),
    );
  segment
    .command('show')
    .description('show a segment')
    .argument('<id>')
    .addOption(jsonOption('print the definition, as it is imported'))
    .addHelpText('after', examples('takt segment show hot-leads', 'takt segment show hot-leads --json > hot-leads.json'))
    .action((id: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const { name, entity, rule, recheck = [] } = await engine.segments.get(id);
        if (options.json) return showJson(io, await engine.segments.get(id));
        showFields(io, [
          ['segment', id],
          ['name', name],
          ['entity', entity],
          ['rule', rule],
          ['asked again', recheck.length === 0 ? undefined : recheck.map(({ field, after }) => `${after} after ${field}`)],
        ]);
      }),
    );
  segment
    .command('members')
    .description('list the records that belong to a segment')
    .argument('<id>')
    .addOption(limitOption())
    .addOption(jsonOption())
    .action((id: string, options: { limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const { items, more } = await take((size, cursor) => engine.segments.members(id, size, cursor), options.limit);
        if (options.json) return showJson(io, items);
        const names = await namesOf(
          engine,
          items.map((record) => record.owner),
        );
        showTable(
          io,
          ['id', 'name', 'owner'],
          items.map((record) => [record.id, record.name, names.get(textOf(record.owner)) ?? record.owner]),
          `No record belongs to ${id}.`,
        );
        if (more) io.err(dim(io, `There are more: --limit ${options.limit * 10}`));
        const running = (await engine.jobs.page({ status: 'running', kind: 'segment' }, 50)).items.find(({ data }) => data.segment === id);
        if (running) io.err(`Who belongs to it is still being found: takt jobs show ${running.id}`);
      }),
    );
}

function addRemove(segment: Command, context: CliContext): void {
  segment
    .command('remove')
    .description('remove a segment; its records stay as they are')
    .argument('<id>')
    .action((id: string) =>
      context.visit(async ({ engine }) => {
        await engine.segments.remove(id);
        context.io.out(`${id} is removed.`);
      }),
    );
}
