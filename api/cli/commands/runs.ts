import { type Command, Option } from 'commander';
import type { RunDetails } from '../../../engine/services/runs.ts';
import type { RunStatus } from '../../../engine/store/schema.ts';
import type { RunRow } from '../../../engine/unit/rows.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { examples, jsonObject, jsonOption, limitOption } from '../arguments.ts';
import { carryOut } from '../carry.ts';
import { type CliContext, cliAuthor, namesOf, take } from '../context.ts';
import type { Io } from '../io.ts';
import { chainText, count, dim, duration, errorLines, moment, showFields, showJson, showTable, showTitle, textOf } from '../show.ts';

const STATUSES: readonly RunStatus[] = ['active', 'waiting', 'done', 'failed', 'cancelled', 'refused'];

export function addRuns(program: Command, context: CliContext): void {
  const { io } = context;
  const runs = program
    .command('runs')
    .description('list runs, newest first; retry many failed ones')
    .option('--workflow <id>', 'of this workflow')
    .addOption(new Option('--status <status>', 'in this state').choices(STATUSES))
    .option('--record <id>', 'about this record')
    .addOption(limitOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt runs --status failed', 'takt runs --workflow lead-routing --limit 100 --json'))
    .action((options: { workflow?: string; status?: RunStatus; record?: string; limit: number; json?: true }) =>
      context.visit(async ({ engine }) => {
        const { workflow, status, record, limit } = options;
        const filter = {
          ...(workflow === undefined ? {} : { workflowId: workflow }),
          ...(status === undefined ? {} : { status }),
          ...(record === undefined ? {} : { recordId: record }),
        };
        const { items, more } = await take((size, cursor) => engine.runs.page(filter, size, cursor), limit);
        if (options.json) return showJson(io, items.map(runJson));
        const names = await namesOf(
          engine,
          items.map((run) => run.recordId),
        );
        showTable(
          io,
          ['id', 'workflow', 'status', 'record', 'outcome', 'started (UTC)', 'took'],
          items.map((run) => [
            run.id,
            `${run.workflowId}@${run.version}`,
            run.status,
            names.get(run.recordId ?? '') ?? '',
            run.error ? run.error.message : (run.outcome ?? ''),
            moment(run.createdAt),
            run.endedAt === null ? '' : duration(run.endedAt - run.createdAt),
          ]),
          'There are no such runs.',
        );
        if (more) io.err(dim(io, `There are more: --limit ${limit * 10}`));
      }),
    );
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
    .option('--yes', 'do not ask')
    .option('--no-run', 'leave them to a server')
    .addHelpText('after', examples('takt runs retry --workflow lead-routing --node welcome --error MAIL_UNREACHABLE'))
    .action((options: { workflow: string; node?: string; error?: string; yes?: true; run: boolean }) =>
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
        if (!options.yes) {
          const answer = await io.confirm(`Retry ${count(found)} failed runs?`);
          if (answer !== true) {
            io.err(answer === undefined ? `${count(found)} failed runs fit. Nobody can be asked here: add --yes.` : 'Nothing was changed.');
            return context.fail(1);
          }
        }
        io.out(`${count(await engine.runs.retryAll(filter))} runs go on.`);
        if (options.run) await carryOut(io, bench);
      }),
    );
}

function addRun(program: Command, context: CliContext): void {
  const { io } = context;
  const run = program
    .command('run')
    .description('show a run with its steps; start, cancel or retry one')
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
    .action((id: string) =>
      context.visit(async ({ engine }) => {
        await engine.runs.cancel(id);
        io.out('Cancelled. What had not been sent stays unsent.');
      }),
    );
  run
    .command('retry')
    .description('let a failed run go on with the step that failed')
    .argument('<id>')
    .option('--no-run', 'leave it to a server')
    .action((id: string, options: { run: boolean }) =>
      context.visit(async (bench) => {
        await bench.engine.runs.retry(id);
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

function showRun(io: Io, { run, steps, effects }: RunDetails, names: ReadonlyMap<string, string>): void {
  const record = run.recordId === null ? undefined : `${names.get(run.recordId) ?? ''} (${run.recordId})`.trim();
  showFields(io, [
    ['run', run.id],
    ['workflow', `${run.workflowId}, version ${run.version}`],
    ['status', run.status],
    ['outcome', run.outcome],
    ['record', record],
    ['event', run.eventId],
    ['caused by', run.chain.length === 0 ? undefined : chainText(run.chain)],
    ['started', `${moment(run.createdAt)} UTC`],
    ['ended', run.endedAt === null ? undefined : `${moment(run.endedAt)} UTC, after ${duration(run.endedAt - run.createdAt)}`],
    ['goes on', run.dueAt === null ? undefined : `${moment(run.dueAt)} UTC`],
  ]);
  if (run.error) {
    showTitle(io, 'Error');
    for (const line of errorLines(run.error)) io.out(line);
  }
  showTitle(io, 'Steps');
  for (const step of steps) {
    const time = step.endedAt === null ? 'not ended' : duration(step.endedAt - step.startedAt);
    const tries = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
    io.out(
      `${String(step.seq).padStart(3)}  ${step.node} (${step.type})  ${step.status}${step.port === null ? '' : ` → ${step.port}`}  ${dim(io, `${time}, ${(step.cpuMicros / 1_000).toFixed(2)} ms of work${tries}`)}`,
    );
    for (const [name, value] of [
      ['input', step.input],
      ['output', step.output],
    ] as const) {
      if (value !== null && value !== undefined) io.out(`       ${dim(io, name.padEnd(6))} ${clipped(value)}`);
    }
    if (step.error) for (const line of errorLines(step.error)) io.out(`       ${line}`);
  }
  if (effects.length === 0) return;
  showTitle(io, 'Sent out');
  showTable(
    io,
    ['id', 'node', 'connector', 'to', 'status', 'attempts'],
    effects.map((e) => [e.id, e.node, e.connector, e.destination, e.status, e.attempts]),
    '',
  );
}

const clipped = (value: unknown): string => {
  const text = textOf(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > 500 ? `${text.slice(0, 500).toWellFormed()}… (--json has all)` : text;
};

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function runJson({ state: _state, ...run }: RunRow): object {
  return { ...run, dueAt: iso(run.dueAt), createdAt: iso(run.createdAt), updatedAt: iso(run.updatedAt), endedAt: iso(run.endedAt) };
}

function detailsJson({ run, steps, effects }: RunDetails): object {
  return {
    ...runJson(run),
    steps: steps.map((step) => ({ ...step, startedAt: iso(step.startedAt), endedAt: iso(step.endedAt) })),
    effects: effects.map((effect) => ({
      ...effect,
      nextAt: iso(effect.nextAt),
      createdAt: iso(effect.createdAt),
      settledAt: iso(effect.settledAt),
    })),
  };
}
