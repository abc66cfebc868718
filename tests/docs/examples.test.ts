/** The examples of the pages are true: each scenario block is carried out with the workflow blocks before it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulationParts } from '../../api/cli/simulate/parts.ts';
import { readWorkflowFile } from '../../engine/graph/parse.ts';
import { readScenarios, runScenario, scenarioReport } from '../../engine/simulate/index.ts';
import { diffWorkflows } from '../../engine/versions/diff.ts';
import type { JsonObject } from '../../schemas/json.ts';

const folder = new URL('../../docs/', import.meta.url);
const parts = await simulationParts();

/** Pages that teach the language. */
const LANGUAGE = ['flow.md', 'rules.md', 'triggers.md', 'versions.md', 'workflow-file.md'];

interface Example {
  /** What is shown and tested by `takt workflow test`. */
  scenarios: string;
  workflows: JsonObject[];
}

/** Workflow blocks up to a scenario block make one example; a block of another kind between them begins anew. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  let workflows: JsonObject[] = [];
  for (const [, text = ''] of page.matchAll(/^```json\n([\s\S]*?)^```/gm)) {
    const block: unknown = JSON.parse(text);
    if (isObject(block) && 'takt' in block) workflows.push(block);
    else {
      if (isObject(block) && 'scenarios' in block && workflows.length > 0) examples.push({ scenarios: text, workflows });
      workflows = [];
    }
  }
  return examples;
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const pages = LANGUAGE.map((name) => ({ name, examples: examplesOf(read(name)) }));

const cases = pages.flatMap(({ name, examples }) =>
  examples.flatMap(({ scenarios, workflows }) => {
    const file = readScenarios(scenarios);
    return file.scenarios.map((scenario) => ({ place: `${name}: ${String(workflows[0]?.id)}`, file, scenario, workflows }));
  }),
);

it.each(pages)('$name has two examples or more', ({ examples }) => {
  expect(examples.length).toBeGreaterThanOrEqual(2);
});

describe('an example', () => {
  it.each(cases.map((one) => [`${one.place}: ${one.scenario.name}`, one] as const))('%s', async (_title, one) => {
    // The files that the scenario names stand above it, each called like the id of its workflow.
    const others = one.workflows.slice(1).map(({ id }) => `${String(id)}.json`);
    expect(one.file.workflows).toEqual(others);
    const result = await runScenario(parts, one.file, one.scenario, one.workflows);
    expect(result.error).toBeUndefined();
    expect(scenarioReport(result)).toEqual([]);
  });
});

it('the two versions of versions.md differ as the page says', () => {
  const [before, after] = examplesOf(read('versions.md')).map(({ workflows }) => readWorkflowFile(workflows[0]).file);
  const told = /^`takt workflow diff chain 1 2` tells:\n\n```\n([\s\S]*?)^```/m.exec(read('versions.md'))?.[1];
  expect(before && after && diffWorkflows(before, after).summary).toEqual(told?.trimEnd().split('\n'));
});
