import { type Command, Option } from 'commander';
import type { RetryOn } from '../../../engine/services/runs.ts';
import type { RunStatus } from '../../../engine/store/schema.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { examples, jsonObject, jsonOption, limitOption } from '../arguments.ts';
import { carryOut } from '../carry.ts';
import { agreed } from '../confirm.ts';
import { type CliContext, cliAuthor, namesOf, take } from '../context.ts';
import { detailsJson, outcomeText, runJson, showRun, workflowText } from '../run-view.ts';
import { count, dim, duration, moment, showJson, showTable } from '../show.ts';
import { addBulkStart } from './bulk.ts';

const STATUSES: readonly RunStatus[] = ['active', 'waiting', 'paused', 'done', 'failed', 'cancelled', 'refused'];

export function addRuns(program: Command, context: CliContext): void {
  const { io } = context;
  const runs = program
    .command('runs')
    .description('list runs, newest first; start a workflow on many records, retry many failed runs')
    .option('--workflow <id>', 'of this workflow')
    .addOption(new Option('--status <status>', 'in this state').choices(STATUSES))
    .option('--record <id>', 'about this record')
    .option('--parent <id>', 'called by this run')
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('takt runs --status failed', 'takt runs --status paused', 'takt runs --workflow lead-routing --limit 100 --json'),
    )
    .action((options: { workflow?: string; status?: RunStatus; record?: string; parent?: string; limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const { workflow, status, record, parent, limit } = options;
        const filter = {
          ...(workflow === undefined ? {} : { workflowId: workflow }),
          ...(status === undefined ? {} : { status }),
          ...(record === undefined ? {} : { recordId: record }),
          ...(parent === undefined ? {} : { parent }),
        };
        const { items, more } = await take((size, cursor) => engine.runs.page(filter, size, cursor), limit);
        if (options.json) return showJson(io, items.map(runJson));
        const names = await namesOf(
          engine,
          items.map((run) => run.recordId),
        );
        const called = items.some((run) => run.parent !== null);
        showTable(
          io,
          ['id', 'workflow', 'status', 'record', 'outcome', 'started (UTC)', 'took', ...(called ? ['called by'] : [])],
          items.map((run) => [
            run.id,
            workflowText(run),
            run.status,
            names.get(run.recordId ?? '') ?? '',
            outcomeText(run),
            moment(run.createdAt),
            run.endedAt === null ? '' : duration(run.endedAt - run.createdAt),
            ...(called ? [run.parent?.run] : []),
          ]),
          'There are no such runs.',
        );
        if (more) io.err(dim(io, `There are more: --limit ${limit * 10}`));
      }),
    );
  addBulkStart(runs, context);
  addRetryMany(runs, context);
  addRun(program, context);
}

function addRetryMany(runs: Command, context: CliContext): void {
  const { io } = context;
  runs
    .command('retry')
    .description('let failed runs go on with the step that failed')
    .requiredOption('--workflow <id>', 'of this workflow')
    .option('--node <id>', 'that failed at this node')
    .option('--error <code>', 'with this error code')
    .option('--newest', 'on the published version instead of their own, where they can go on there')
    .option('--yes', 'do not ask')
    .option('--no-run', 'leave them to a server')
    .addHelpText(
      'after',
      examples(
        'takt runs retry --workflow lead-routing --node welcome --error MAIL_UNREACHABLE',
        'takt runs retry --workflow lead-routing --newest --yes',
      ),
    )
    .action((options: { workflow: string; node?: string; error?: string; newest?: true; yes?: true; run: boolean }) =>
      context.visit(async (bench) => {
        const { engine } = bench;
        await engine.workflows.get(options.workflow);
        const filter = {
          workflowId: options.workflow,
          ...(options.node === undefined ? {} : { node: options.node }),
          ...(options.error === undefined ? {} : { code: options.error }),
        };
        const found = await engine.runs.countFailed(filter);
        if (found === 0) return io.out('No failed run fits.');
        if (!(await agreed(context, options.yes, `${count(found)} failed runs fit.`, `Retry ${count(found)} failed runs?`))) return;
        const going = await engine.runs.retryAll(filter, undefined, retryOn(options));
        io.out(`${count(going)} runs go on.`);
        if (options.newest && going < found)
          io.err(`${count(found - going)} cannot go on in the published version: takt run retry ID --newest tells why.`);
        if (options.run) await carryOut(io, bench);
      }),
    );
}

const retryOn = ({ newest }: { newest?: true }): RetryOn => (newest ? 'newest' : 'same');

function addRun(program: Command, context: CliContext): void {
  const { io } = context;
  const run = program
    .command('run')
    .description('show a run with its steps and what it waits for; start, pause, resume, cancel or retry one')
    .argument('<id>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt run 01930a2b-…', 'takt run start lead-audit --record 01930a2b-… --input \'{"reason":"test"}\''))
    .action((id: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const details = await engine.runs.get(id);
        if (options.json) return showJson(io, detailsJson(details));
        const names = await namesOf(engine, [details.run.recordId]);
        showRun(io, details, names);
      }),
    );
  run
    .command('cancel')
    .description('end a run where it stands')
    .argument('<id>')
    .addOption(jsonOption())
    .action((id: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const cancelled = await engine.runs.cancel(id);
        if (options.json) return showJson(io, runJson(cancelled));
        io.out('Cancelled. What had not been sent stays unsent.');
      }),
    );
  run
    .command('pause')
    .description('keep a run from moving until it is resumed; what it is told meanwhile is kept')
    .argument('<id>')
    .addOption(jsonOption())
    .action((id: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const paused = await engine.runs.pause(id);
        if (options.json) return showJson(io, runJson(paused));
        io.out(`Paused. It goes on with: takt run resume ${id}`);
      }),
    );
  run
    .command('resume')
    .description('let a paused run go on; waits whose time has passed meanwhile end at once')
    .argument('<id>')
    .option('--no-run', 'leave it to a server')
    .action((id: string, options: { run: boolean }) =>
      context.visit(async (bench) => {
        await bench.engine.runs.resume(id);
        io.out('The run goes on.');
        if (options.run) await carryOut(io, bench);
      }),
    );
  run
    .command('retry')
    .description('let a failed run go on with the step that failed')
    .argument('<id>')
    .option('--newest', 'on the published version instead of its own, which may have mended the fault')
    .option('--no-run', 'leave it to a server')
    .addHelpText('after', examples('takt run retry 01930a2b-…', 'takt run retry 01930a2b-… --newest'))
    .action((id: string, options: { newest?: true; run: boolean }) =>
      context.visit(async (bench) => {
        await bench.engine.runs.retry(id, retryOn(options));
        io.out('The run goes on.');
        if (options.run) await carryOut(io, bench);
      }),
    );
  run
    .command('start')
    .description('start a workflow by hand; it needs a trigger.manual')
    .argument('<workflow>')
    .option('--record <id>', 'about this record')
    .option('--input <json>', 'a JSON object, which the workflow reads as event.data.input', jsonObject)
    .option('--no-run', 'leave it to a server')
    .action((workflow: string, options: { record?: string; input?: JsonObject; run: boolean }) =>
      context.visit(async (bench) => {
        const started = await bench.engine.runs.start(workflow, cliAuthor(), {
          ...(options.record === undefined ? {} : { recordId: options.record }),
          ...(options.input === undefined ? {} : { input: options.input }),
        });
        if (started === undefined) {
          io.err('No run was started: re-entry or the condition of the trigger rules it out.');
          return context.fail(1);
        }
        io.out(started);
        if (options.run) await carryOut(io, bench);
      }),
    );
}
