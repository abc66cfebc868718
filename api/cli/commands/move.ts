/** Running runs and newer versions. */
import type { Command } from 'commander';
import type { MovePlan } from '../../../engine/versions/move.ts';
import { readMapping } from '../../mapping.ts';
import { examples, type JobOptions, versionNumber, withJobOptions } from '../arguments.ts';
import { agreed } from '../confirm.ts';
import { type CliContext, cliAuthor } from '../context.ts';
import { followJob } from '../follow.ts';
import type { Io } from '../io.ts';
import { jobJson } from '../job-view.ts';
import { count, showJson, showTable } from '../show.ts';

interface MoveOptions extends JobOptions {
  map: string[];
  plan?: true;
}

export function addMove(workflow: Command, context: CliContext): void {
  const command = workflow
    .command('move')
    .description('let running runs of a version go on in another; shows before where they wait and what is in the way')
    .argument('<id>')
    .argument('<from>', 'the version that they are on', versionNumber)
    .argument('<to>', 'the version that they are to go on in', versionNumber)
    .option('--map <old=new>', 'a node that has another name there; may be repeated', (pair: string, all: string[]) => [...all, pair], [])
    .option('--plan', 'only show what would be moved');
  withJobOptions(command)
    .addHelpText(
      'after',
      examples(
        'takt workflow move lead-routing 1 2 --plan',
        'takt workflow move lead-routing 1 2 --map a_day=two_days',
        'takt workflow diff lead-routing 1 2',
      ),
    )
    .action((id: string, from: number, to: number, options: MoveOptions) => move(context, { workflowId: id, from, to }, options));
}

function move(context: CliContext, versions: { workflowId: string; from: number; to: number }, options: MoveOptions): Promise<void> {
  const { io } = context;
  return context.visit(async (bench) => {
    const { engine } = bench;
    const wanted = { ...versions, mapping: readMapping(options.map) };
    const plan = await engine.versions.movePlan(wanted);
    const over = options.plan || plan.movable === 0;
    if (!options.json) showPlan(io, plan);
    else if (over) showJson(io, plan);
    if (!options.plan && plan.movable < plan.runs && over) context.fail(1);
    if (over) return;
    const fact = `${count(plan.movable)} of ${count(plan.runs)} runs can be moved.`;
    if (!(await agreed(context, options.yes, fact, `Move ${count(plan.movable)} runs to version ${plan.to}?`))) return;
    const job = await engine.versions.move(wanted, cliAuthor());
    const ended = options.run ? await followJob(io, bench, job) : job;
    if (ended?.status === 'failed') context.fail(1);
    if (options.json) return showJson(io, jobJson(ended ?? job));
    if (ended?.status !== 'done') return io.out(`The job: takt jobs show ${job.id}`);
    io.out(
      `${count(ended.made)} runs go on in version ${plan.to}${ended.failed > 0 ? `; ${count(ended.failed)} stay where they are` : ''}.`,
    );
  });
}

function showPlan(io: Io, { from, to, runs, movable, places }: MovePlan): void {
  showTable(
    io,
    ['node', 'title', 'waits for', 'runs', `in version ${to}`],
    places.map(({ node, title, waits, runs: number, reason }) => [node, title, WAITS[waits] ?? waits, count(number), reason ?? 'goes on']),
    `No run of version ${from} is under way.`,
  );
  if (runs === 0) return;
  io.out(`${count(movable)} of ${count(runs)} runs can go on in version ${to}.`);
  if (movable < runs) io.out('The others stay on their version. A node that has another name there: --map old=new');
}

const WAITS: Readonly<Record<string, string>> = {
  time: 'a moment',
  effect: 'what it sends',
  event: 'an event',
  place: 'its turn',
  child: 'a called run',
  retry: 'the next attempt',
  join: 'other branches',
  scope: 'its items',
  start: 'its turn to begin',
  ready: 'nothing',
  failed: 'a retry',
};
