/** Virtual time: worlds, scenarios and simulations, for the command line and for tests. */
export { type ReadScenarioFile, readScenarios } from './scenario/read.ts';
export { scenarioReport } from './scenario/report.ts';
export { runScenario, type ScenarioResult } from './scenario/run.ts';
export type { WorldParts } from './world.ts';
