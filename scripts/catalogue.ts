/**
 * Runs the scenarios of all shipped workflows and tells which recipes they prove: `npm run -s catalogue -- --json`. Exit code 1 where
 * one fails.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processIo } from '../api/cli/io.ts';
import { showJson, showTable } from '../api/cli/show.ts';
import { findScenarios } from '../api/cli/simulate/files.ts';
import { type FileResult, runScenarioFiles } from '../api/cli/simulate/scenarios.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Recipe {
  id: string;
  workflow: string;
  scenarios: { name: string; passed: boolean }[];
  passed: boolean;
}

function recipesOf({ recipes, workflow, scenarios }: FileResult): Recipe[] {
  const told = scenarios.map(({ name, passed }) => ({ name, passed }));
  return recipes.map((id) => ({ id, workflow: relative(root, workflow), scenarios: told, passed: told.every(({ passed }) => passed) }));
}

const io = processIo();
const files = await runScenarioFiles(await findScenarios([`${root}workflows`]), [], () => {});
const recipes = files.flatMap(recipesOf).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
const failed = files.flatMap(({ path, scenarios }) =>
  scenarios.filter(({ passed }) => !passed).map(({ name }) => `${relative(root, path)}: ${name}`),
);

if (process.argv.includes('--json')) showJson(io, { recipes });
else {
  showTable(
    io,
    ['recipe', 'workflow', 'scenarios', 'passed'],
    recipes.map(({ id, workflow, scenarios, passed }) => [id, workflow, scenarios.length, passed ? 'yes' : 'no']),
    'No workflow names a recipe.',
  );
}
for (const one of failed) io.err(`failed: ${one}`);
if (failed.length > 0) process.exitCode = 1;
