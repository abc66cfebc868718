/** Splits, and which of their ways does best. */
import type { Command } from 'commander';
import type { Experiment } from '../../../engine/services/experiments.ts';
import { examples, jsonOption } from '../arguments.ts';
import type { CliContext } from '../context.ts';
import type { Io } from '../io.ts';
import { count, showJson, showTable, showTitle, textOf } from '../show.ts';

export function addExperiments(program: Command, context: CliContext): void {
  const { io } = context;
  const experiment = program.command('experiment').description('splits of workflows: what they have shown, and whether a way is taken');
  experiment
    .command('show')
    .description('compare the ways of every flow.split of a published workflow')
    .argument('<workflow>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt experiment show follow-up'))
    .action((workflow: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const list = await engine.experiments.list(workflow);
        if (options.json) return showJson(io, list);
        if (list.length === 0) return io.out(`${workflow} has no flow.split.`);
        for (const one of list) show(io, one);
      }),
    );
  experiment
    .command('adopt')
    .description('let all new records take one way; those that have taken another stay on it')
    .argument('<workflow>')
    .argument('<node>', 'the flow.split')
    .argument('<way>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt experiment adopt follow-up subject short'))
    .action((workflow: string, node: string, way: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const adopted = await engine.experiments.adopt(workflow, node, way);
        if (options.json) return showJson(io, adopted);
        io.out(`All new records take ${way}. To go on with the experiment: takt experiment reset ${workflow} ${node}`);
      }),
    );
  experiment
    .command('reset')
    .description('let an experiment go on: new records are split again, what was counted stays')
    .argument('<workflow>')
    .argument('<node>', 'the flow.split')
    .addOption(jsonOption())
    .action((workflow: string, node: string, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const adopted = await engine.experiments.adopt(workflow, node, null);
        if (options.json) return showJson(io, adopted);
        io.out(`New records are split again at ${node}.`);
      }),
    );
}

function show(io: Io, { workflowId, node, arms, verdict, winner, spec }: Experiment): void {
  const { best, comparisons } = verdict;
  const known = arms.every(({ n }) => n > 0);
  showTitle(io, node);
  showTable(
    io,
    ['way', 'records', 'successes', 'rate', ...(known ? [`behind ${best} by (${spec.confidence * 100}% confidence)`] : []), ''],
    arms.map(({ name, n, successes }) => [
      name,
      count(n),
      count(successes),
      n === 0 ? '' : `${((successes / n) * 100).toFixed(1)}%`,
      ...(known ? [behind(comparisons.find((one) => one.name === name))] : []),
      name === winner ? 'taken by all new records' : '',
    ]),
    '',
  );
  // The first sentence says what the table says.
  for (const sentence of verdict.text.slice(1)) io.out(textOf(sentence));
  if (winner !== null) io.out(`To go on with the experiment: takt experiment reset ${workflowId} ${node}`);
  else if (verdict.winner !== undefined)
    io.out(`To take it for all new records: takt experiment adopt ${workflowId} ${node} ${verdict.winner}`);
}

/** The difference and its interval, in percentage points. */
function behind(comparison: Experiment['verdict']['comparisons'][number] | undefined): string {
  if (!comparison) return '';
  const [difference, low, high] = [comparison.difference, ...comparison.interval].map((part) => (part * 100).toFixed(1));
  return `${difference} points (${low} to ${high})`;
}
