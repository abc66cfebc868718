/** Virtual time: worlds, scenarios and simulations, for the command line and for tests. */
export { readEvents, readRecords } from './events.ts';
export type { EffectFact, Fact, RecordFact } from './facts.ts';
export { type ReadScenarioFile, readScenarios } from './scenario/read.ts';
export { scenarioReport } from './scenario/report.ts';
export { runScenario, type ScenarioResult } from './scenario/run.ts';
export { EMPTY_SCRIPT, readScript } from './script/read.ts';
export { type Simulation, type SimulationInput, simulate } from './simulate.ts';
export { compareSummaries, type Difference } from './summary/compare.ts';
export type { LoadSummary, SendingSummary, Summary, TroubleSummary } from './summary/summary.ts';
export { type RunTimeline, runTimelines } from './summary/timelines.ts';
export { OUTSIDE, World, type WorldParts } from './world.ts';
