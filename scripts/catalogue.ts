/**
 * Runs the scenarios of all shipped workflows and tells which recipes they prove: `npm run -s catalogue -- --json`. Exit code 1 where
 * one fails.
 */
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Io, processIo } from '../api/cli/io.ts';
import { showJson, showTable } from '../api/cli/show.ts';
import { findScenarios } from '../api/cli/simulate/files.ts';
import { type FileResult, runScenarioFiles } from '../api/cli/simulate/scenarios.ts';

interface Recipe {
  id: string;
  /** The path of the workflow file, relative to `root`. */
  workflow: string;
  scenarios: { name: string; passed: boolean }[];
  passed: boolean;
}

/** Recipes by their ids. One that several workflows name is there several times. */
export function recipesOf(files: readonly FileResult[], root: string): Recipe[] {
  const recipes = files.flatMap(({ recipes: ids, workflow, scenarios }) => {
    const told = scenarios.map(({ name, passed }) => ({ name, passed }));
    return ids.map((id) => ({ id, workflow: relative(root, workflow), scenarios: told, passed: told.every(({ passed }) => passed) }));
  });
  return recipes.sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

/** @returns the exit code */
async function main(io: Io, json: boolean): Promise<number> {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const files = await runScenarioFiles(await findScenarios([`${root}workflows`]), [], () => {});
  const recipes = recipesOf(files, root);
  if (json) showJson(io, { recipes });
  else {
    showTable(
      io,
      ['recipe', 'workflow', 'scenarios', 'passed'],
      recipes.map(({ id, workflow, scenarios, passed }) => [id, workflow, scenarios.length, passed ? 'yes' : 'no']),
      'No workflow names a recipe.',
    );
  }
  const failed = files.flatMap(({ path, scenarios }) =>
    scenarios.filter(({ passed }) => !passed).map(({ name }) => `${relative(root, path)}: ${name}`),
  );
  for (const one of failed) io.err(`failed: ${one}`);
  return failed.length > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(processIo(), process.argv.includes('--json'));
