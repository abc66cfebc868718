/** A workflow, started by hand on many records at once. */
import type { Command } from 'commander';
import type { JsonObject } from '../../../schemas/json.ts';
import { examples, type JobOptions, jsonObject, withJobOptions } from '../arguments.ts';
import { agreed } from '../confirm.ts';
import { type CliContext, cliAuthor } from '../context.ts';
import { followJob } from '../follow.ts';
import { jobJson } from '../job-view.ts';
import { count, errorLines, showJson } from '../show.ts';

interface BulkOptions extends JobOptions {
  entity: string;
  where?: string;
  input?: JsonObject;
}

export function addBulkStart(runs: Command, context: CliContext): void {
  const command = runs
    .command('start')
    .description('start a workflow by hand on every record that fits; it needs a trigger.manual')
    .argument('<workflow>')
    .requiredOption('--entity <name>', 'of the records: lead, deal …')
    .option('--where <expression>', 'a condition (JSONata): "score >= 80"; all records without it')
    .option('--input <json>', 'a JSON object, which the workflow reads as event.data.input', jsonObject);
  withJobOptions(command)
    .addHelpText(
      'after',
      examples(
        'takt runs start lead-audit --entity lead --where "score >= 80 and stage = \'new\'"',
        'takt runs start spring-offer --entity contact --where "$inSegment(\'sleeping\')" --input \'{"code":"MAY"}\' --yes',
      ),
    )
    .action((workflow: string, options: BulkOptions) => start(context, workflow, options));
}

function start(context: CliContext, workflowId: string, options: BulkOptions): Promise<void> {
  const { io } = context;
  const { entity, where, input } = options;
  return context.visit(async (bench) => {
    const { jobs } = bench.engine;
    const bulk = { workflowId, entity, ...(where === undefined ? {} : { where }) };
    if (!options.yes) {
      const fitting = await jobs.countBulk(bulk);
      if (fitting === 0) return io.out(`No record of ${entity} fits; nothing was started.`);
      const fact = `${count(fitting)} records of ${entity} fit.`;
      if (!(await agreed(context, undefined, fact, `Start ${workflowId} on ${count(fitting)} records of ${entity}?`))) return;
    }
    const job = await jobs.startBulk({ ...bulk, ...(input === undefined ? {} : { input }) }, cliAuthor());
    const ended = options.run ? await followJob(io, bench, job) : undefined;
    if (ended?.status === 'failed') context.fail(1);
    if (options.json) return showJson(io, jobJson(ended ?? job));
    if (!ended) return io.out(`The job: takt jobs show ${job.id}`);
    if (ended.error) for (const line of errorLines(ended.error)) io.err(line);
    io.out(`${count(ended.made)} runs of ${workflowId} were started; ${count(ended.done)} records were looked at.`);
    if (ended.failed > 0) io.err(`On ${count(ended.failed)} records the condition failed, or the start was refused; the log says why.`);
  });
}
