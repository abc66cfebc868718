import { runScenario, type ScenarioResult } from '../../../engine/simulate/index.ts';
import { type LoadedScenarios, loadScenarios } from './files.ts';
import { simulationParts } from './parts.ts';

export interface FileResult {
  /** Of the scenario file. */
  path: string;
  /** Of the workflow file. */
  workflow: string;
  recipes: readonly string[];
  scenarios: ScenarioResult[];
}

/**
 * Runs every scenario of the files, one after the other.
 * @param onScenario called after each one
 * @throws TaktError FILE_UNREADABLE, SCENARIO_INVALID, WORKFLOW_JSON, NODE_PACKAGE
 */
export async function runScenarioFiles(
  paths: readonly string[],
  nodePackages: readonly string[],
  onScenario: (file: LoadedScenarios, result: ScenarioResult) => void,
): Promise<FileResult[]> {
  const parts = await simulationParts(nodePackages);
  const results: FileResult[] = [];
  for (const path of paths) {
    const loaded = await loadScenarios(path);
    const scenarios: ScenarioResult[] = [];
    for (const scenario of loaded.file.scenarios) {
      const result = await runScenario(parts, loaded.file, scenario, loaded.workflows);
      onScenario(loaded, result);
      scenarios.push(result);
    }
    results.push({ path, workflow: loaded.workflow, recipes: loaded.file.recipes, scenarios });
  }
  return results;
}
