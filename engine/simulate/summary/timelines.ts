import type { Json } from '../../../schemas/json.ts';
import type { ErrorData } from '../../errors/index.ts';
import type { RunDetails } from '../../services/runs.ts';
import { isoDuration } from '../offset.ts';
import type { Simulation } from '../simulate.ts';

/** One run from its start to where it stands in the end. */
export interface RunTimeline {
  run: string;
  workflow: string;
  version: number;
  /** The name of its record. */
  record: string | null;
  status: string;
  outcome: string | null;
  error: ErrorData | null;
  steps: TimelineStep[];
}

interface TimelineStep {
  /** Since the start of the simulation: `P1DT2H`. */
  at: string;
  node: string;
  type: string;
  status: string;
  port: string | null;
  output: Json;
  error: ErrorData | null;
}

/** The timelines of runs, in the order given. Throws TaktError RUN_NOT_FOUND. */
export async function runTimelines({ world }: Simulation, ids: readonly string[]): Promise<RunTimeline[]> {
  const { engine, start } = world;
  const timelines: RunTimeline[] = [];
  for (const id of ids) {
    const details = await engine.runs.get(id);
    const { recordId } = details.run;
    const [record] = recordId === null ? [] : await engine.records.getMany([recordId]);
    const called = record && world.names.nameOf(record.id);
    timelines.push(
      timelineOf(details, start, record ? `${String(record.name)} (${called === undefined ? record.entity : `@${called}`})` : null),
    );
  }
  return timelines;
}

function timelineOf({ run, steps }: RunDetails, start: number, record: string | null): RunTimeline {
  const { id, workflowId, version, status, outcome, error } = run;
  return {
    run: id,
    workflow: workflowId,
    version,
    record,
    status,
    outcome,
    error,
    steps: steps.map(({ startedAt, node, type, status: state, port, output, error: failure }) => ({
      at: isoDuration(startedAt - start),
      node,
      type,
      status: state,
      port,
      output,
      error: failure,
    })),
  };
}
