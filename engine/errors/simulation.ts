import type { ErrorEntry } from './types.ts';

export const simulationErrors = {
  SCENARIO_INVALID: {
    status: 422,
    title: 'The scenario file has errors',
    hint: 'Mend the places named under "errors"; they are all of them. docs/simulation.md describes the file.',
  },
  SCENARIO_MISSING: {
    status: 404,
    title: 'There is no scenario',
    hint: 'Write one beside the workflow: routing.json has routing.scenario.json. docs/simulation.md describes it.',
  },
  SIMULATION_INVALID: {
    status: 422,
    title: 'The input of the simulation has errors',
    hint: 'Mend the places named under "errors"; they are all of them. docs/simulation.md describes the files.',
  },
  SIMULATION_NAME_UNKNOWN: {
    status: 422,
    title: 'No record has this name here',
    hint: 'Give a record the name by "as", or write the text with two signs: "@@name".',
  },
  SIMULATION_TARGET_NONE: {
    status: 422,
    title: 'At this moment there is no such record or task',
    hint: 'Look at the timeline: it may not be there yet, or no longer.',
  },
  SIMULATION_LIMIT: {
    status: 422,
    title: 'The simulation grew beyond its bounds',
    hint: 'Simulate a shorter time or fewer records; look for workflows that start each other.',
  },
  SIMULATION_MODEL: {
    status: 422,
    title: 'A model has learned nothing from the past',
    hint: 'Let the chance depend on the fields of the model more, or make the past larger. "past": [] leaves models without a live version.',
  },
  OUTSIDE_FAILED: {
    status: 502,
    title: 'The simulated outside refused it',
    hint: 'The rule under "outside" says so.',
  },
} as const satisfies Record<string, ErrorEntry>;
