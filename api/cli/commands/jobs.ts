/** Long work in the background. */
import { type Command, Option } from 'commander';
import type { JobRow } from '../../../engine/store/queries/jobs.ts';
import type { JobStatus } from '../../../engine/store/schema.ts';
import { examples, jsonOption, limitOption } from '../arguments.ts';
import { type CliContext, take } from '../context.ts';
import { followJob } from '../follow.ts';
import type { Io } from '../io.ts';
import { jobJson, jobText, madeText, progressText } from '../job-view.ts';
import { authorText, dim, errorLines, moment, showFields, showJson, showTable, showTitle } from '../show.ts';

const STATUSES: readonly JobStatus[] = ['running', 'done', 'failed', 'cancelled'];

export function addJobs(program: Command, context: CliContext): void {
  const { io } = context;
  const jobs = program.command('jobs').description('long work in the background: bulk starts, moves between versions, segments, models');
  jobs
    .command('list', { isDefault: true })
    .description('list the jobs, newest first')
    .addOption(new Option('--status <status>', 'in this state').choices(STATUSES))
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt jobs', 'takt jobs list --status running'))
    .action((options: { status?: JobStatus; limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const { status, limit } = options;
        const filter = status === undefined ? {} : { status };
        const { items, more } = await take((size, cursor) => engine.jobs.page(filter, size, cursor), limit);
        if (options.json) return showJson(io, items.map(jobJson));
        showTable(
          io,
          ['id', 'what', 'status', 'done', 'result', 'started (UTC)'],
          items.map((job) => [job.id, jobText(job), job.status, progressText(job), madeText(job), moment(job.createdAt)]),
          status === undefined ? 'There have been no jobs.' : `No job is ${status}.`,
        );
        if (more) io.err(dim(io, `There are more: --limit ${limit * 10}`));
      }),
    );
  jobs
    .command('show')
    .description('show a job and how far it is')
    .argument('<id>')
    .option('--follow', 'stay until it has ended')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt jobs show 01930a2b-… --follow'))
    .action((id: string, options: { follow?: true; json?: true }) =>
      context.visit(async (bench) => {
        const job = await bench.engine.jobs.get(id);
        const last = (options.follow && job.status === 'running' ? await followJob(io, bench, job) : undefined) ?? job;
        if (options.json) return showJson(io, jobJson(last));
        showJob(io, last);
      }),
    );
  jobs
    .command('cancel')
    .description('end a job; what it has done stays')
    .argument('<id>')
    .addOption(jsonOption())
    .action((id: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const job = await engine.jobs.cancel(id);
        if (options.json) return showJson(io, jobJson(job));
        io.out(`Cancelled after ${progressText(job)}: ${madeText(job)}. What is done stays.`);
      }),
    );
}

function showJob(io: Io, job: JobRow): void {
  showFields(io, [
    ['job', job.id],
    ['what', jobText(job)],
    ['status', job.status],
    ['done', progressText(job)],
    ['result', madeText(job)],
    ['by', authorText(job.author)],
    ['started', `${moment(job.createdAt)} UTC`],
    [job.status === 'running' ? 'last piece' : 'ended', `${moment(job.updatedAt)} UTC`],
  ]);
  if (!job.error) return;
  showTitle(io, 'Error');
  for (const line of errorLines(job.error)) io.out(line);
}
