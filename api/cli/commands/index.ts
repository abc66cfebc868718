/** All commands but those that run until Ctrl-C. */

import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addAssignments } from './assignments.ts';
import { addCalendars } from './calendars.ts';
import { addCatalog } from './catalog.ts';
import { addCheck } from './check.ts';
import { addDuplicates } from './duplicates.ts';
import { addExperiments } from './experiments.ts';
import { addFiles } from './files.ts';
import { addForecast } from './forecast.ts';
import { addJobs } from './jobs.ts';
import { addNba } from './nba.ts';
import { addOutside } from './outside.ts';
import { addPolicies } from './policies.ts';
import { addRecords } from './records.ts';
import { addRuns } from './runs.ts';
import { addSegments } from './segments.ts';
import { addSimulate } from './simulate.ts';
import { addWorkflow } from './workflow.ts';

/** In the order in which the help lists them. */
export function addCommands(program: Command, context: CliContext): void {
  addCheck(program, context);
  addRecords(program, context);
  addRuns(program, context);
  addJobs(program, context);
  addWorkflow(program, context);
  addAssignments(program, context);
  addDuplicates(program, context);
  addCalendars(program, context);
  addSegments(program, context);
  addExperiments(program, context);
  addNba(program, context);
  addPolicies(program, context);
  addForecast(program, context);
  addSimulate(program, context);
  addCatalog(program, context);
  addOutside(program, context);
  addFiles(program, context);
}
