/** Scenarios in virtual time. They need no database. */
import type { Command } from 'commander';
import { scenarioReport } from '../../../engine/simulate/index.ts';
import { readSettings } from '../../start/settings.ts';
import { examples, jsonOption } from '../arguments.ts';
import type { CliContext } from '../context.ts';
import { count, duration, showJson, textOf, tint } from '../show.ts';
import { findScenarios } from '../simulate/files.ts';
import { runScenarioFiles } from '../simulate/scenarios.ts';

export function addScenarios(workflow: Command, context: CliContext): void {
  const { io } = context;
  workflow
    .command('test')
    .description('run the scenarios of workflow files in virtual time; needs no database')
    .argument('<paths...>', 'workflow files, scenario files, or folders')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt workflow test workflows/lead-routing.json', 'takt workflow test workflows'))
    .action(async (paths: string[], options: { json?: true }) => {
      const files = await findScenarios(paths);
      const started = performance.now();
      let last = '';
      const results = await runScenarioFiles(files, readSettings(io.env).nodePackages, ({ path }, result) => {
        if (options.json) return;
        if (path !== last) io.out(path);
        last = path;
        io.out(`  ${result.passed ? tint(io, 'green', '✓') : tint(io, 'red', '✗')} ${textOf(result.name)}`);
        for (const line of scenarioReport(result)) io.out(`      ${textOf(line)}`);
      });
      const all = results.flatMap((file) => file.scenarios);
      const failed = all.filter((result) => !result.passed).length;
      if (options.json) showJson(io, results);
      else {
        const counts = `${count(all.length - failed)} of ${count(all.length)} scenarios passed`;
        io.out(`${counts}, ${duration(performance.now() - started)}.`);
      }
      if (failed > 0) context.fail(1);
    });
}
