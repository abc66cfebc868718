import { runCli } from '../../api/cli/program.ts';
import { simulationParts } from '../../api/cli/simulate/parts.ts';
import {
  readScenarios,
  readScript,
  runScenario,
  type ScenarioResult,
  type Simulation,
  type SimulationInput,
  simulate,
} from '../../engine/simulate/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { memoryIo } from '../cli/support.ts';

export const START = '2026-03-02T09:00:00Z';
export const parts = await simulationParts();

export const onCreated = (entity = 'lead'): JsonObject => ({ type: 'trigger.record', params: { entity, on: ['created'] } });

export const mail = (subject: string): JsonObject => ({ type: 'message.send', params: { channel: 'email', subject, text: 'Good day' } });

export const nodes: JsonObject = {
  new_lead: onCreated(),
  first: mail('Welcome'),
  call: { type: 'task.create', params: { title: 'Call {{record.name}}', kind: 'call' } },
  a_day: { type: 'flow.wait', params: { for: 'P1D' } },
  answered: { type: 'flow.if', params: { when: "record.stage != 'new'" } },
  second: mail('Still there?'),
  reminded: { type: 'flow.end', params: { outcome: 'reminded' } },
  talking: { type: 'flow.end', params: { outcome: 'talking' } },
};

export const edges: string[][] = [
  ['new_lead', 'first'],
  ['first', 'call'],
  ['call', 'a_day'],
  ['a_day', 'answered'],
  ['answered:yes', 'talking'],
  ['answered:no', 'second'],
  ['second', 'reminded'],
];

/** Writes to each new lead, and again after a day unless it has moved on. */
export const welcome: JsonObject = { takt: 1, id: 'welcome', name: 'Welcome', nodes, edges };

/** A lead that is written to, named `@ann`. */
export const ann: JsonObject = { at: 'PT0S', create: 'lead', as: 'ann', data: { name: 'Ann', emails: ['ann@x.example'] } };

/** Runs one scenario; what is not said is empty. */
export async function play(
  scenario: JsonObject,
  file: JsonObject = {},
  workflows: readonly JsonObject[] = [welcome],
): Promise<ScenarioResult> {
  const whole = { name: 'it', do: [], until: 'P3D', timeline: [], ...scenario };
  const read = readScenarios(JSON.stringify({ start: START, ...file, scenarios: [whole] }));
  const [only] = read.scenarios;
  if (!only) throw new Error('The scenario was not read.');
  return runScenario(parts, read, only, workflows);
}

/** Simulates a script on the workflows; three days from START. */
export function simulated(script: JsonObject, input: Partial<SimulationInput> = {}): Promise<Simulation> {
  return simulate(parts, {
    workflows: [welcome],
    script: readScript(JSON.stringify(script)),
    records: [],
    events: [],
    start: Date.parse(START),
    span: 3 * 86_400_000,
    seed: 1,
    ...input,
  });
}

/** The command line where there is no database: to open one fails. */
export async function taktWithoutDatabase(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = memoryIo();
  const code = await runCli(argv, io, () => Promise.reject(new Error('A database was opened.')));
  return { code, ...io.said };
}
