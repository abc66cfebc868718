/** What the shipped workflows promise, they keep: every scenario beside them is a case. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findScenarios, loadScenarios } from '../../api/cli/simulate/files.ts';
import { simulationParts } from '../../api/cli/simulate/parts.ts';
import { runScenario, scenarioReport } from '../../engine/simulate/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const parts = await simulationParts();
const files = await Promise.all((await findScenarios([`${root}workflows`])).map(loadScenarios));

describe.each(files.map((loaded) => [relative(root, loaded.workflow), loaded] as const))('%s', (_path, { file, workflows }) => {
  it.each(file.scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const result = await runScenario(parts, file, scenario, workflows);
    expect(scenarioReport(result)).toEqual([]);
    expect(result.passed).toBe(true);
  });
});
