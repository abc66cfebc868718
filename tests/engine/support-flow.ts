/** What the tests of waits, flow and rules share. */
import type { RunDetails } from '../../engine/services/runs.ts';
import type { RunRow } from '../../engine/unit/rows.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { somebody, type TestEngine, workflow } from './support.ts';

export const set = (values: JsonObject): JsonObject => ({ type: 'data.set', params: { values } });

export interface Started {
  record: { id: string } & JsonObject;
  /** The newest run of the workflow on the record. */
  run(): Promise<RunDetails>;
}

/** Publishes a workflow that takes new leads of the source that is called like it, creates one and carries out what is due. */
export async function startOn(
  takt: TestEngine,
  name: string,
  nodes: Record<string, JsonObject>,
  edges: [string, string][],
  lead: JsonObject = {},
  settings: JsonObject = {},
): Promise<Started> {
  const start: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: `record.source = '${name}'` } };
  await takt.publish(workflow(name, { start, ...nodes }, edges, settings));
  const record = await takt.create('lead', { last_name: 'Doe', source: name, ...lead });
  await takt.pass(0);
  return {
    record,
    async run() {
      const { items } = await takt.engine.runs.page({ workflowId: name, recordId: record.id }, 10);
      return takt.engine.runs.get(items[0]?.id ?? '');
    },
  };
}

/** Writes an event and carries out what it starts and wakes. */
export async function emit(takt: TestEngine, type: string, recordId?: string, data: JsonObject = {}, topic = 'email'): Promise<void> {
  await takt.engine.intake.submitOne({ kind: 'event', type, topic, data, ...(recordId === undefined ? {} : { recordId }) }, somebody);
  await takt.pass(0);
}

export async function outcomeOf(run: Started['run']): Promise<[status: string, outcome: string | null]> {
  const { status, outcome } = (await run()).run;
  return [status, outcome];
}

/** Publishes a workflow that only notes when it has been started. */
export async function listen(takt: TestEngine, id: string, trigger: JsonObject, settings: JsonObject = {}): Promise<void> {
  await takt.publish(workflow(id, { start: trigger, noted: set({ noted: true }) }, [['start', 'noted']], settings));
}

/** The runs of a workflow, the oldest first; at most 200. */
export async function runsOf(takt: TestEngine, id: string): Promise<RunRow[]> {
  return (await takt.engine.runs.page({ workflowId: id }, 200)).items.reverse();
}

/** The records on which a workflow has been started, in that order. */
export async function startedOn(takt: TestEngine, id: string): Promise<(string | null)[]> {
  return (await runsOf(takt, id)).map((run) => run.recordId);
}
