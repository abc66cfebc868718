/** What may end a run from within its workflow's settings: its goal, and exits by a condition or by an event. */

import type { Request } from '../unit/request.ts';
import type { EventRow } from '../unit/rows.ts';
import { eventView } from '../unit/view.ts';
import type { Progress } from './progress.ts';
import type { Woken } from './state.ts';

const GOAL_OUTCOME = 'goal';
const EXIT = '!exit.';

/** The wait by which events of an exit are told to the run. */
export const exitWait = (index: number): string => `${EXIT}${index}`;

/** Asks goal and conditional exits of the record as it is now. Gives the outcome that ends the run, if one does. */
export function* conditionMet(progress: Progress): Generator<Request, string | undefined, void> {
  const { rules } = progress.plan;
  if (!rules.asksRecord || progress.recordId === null) return undefined;
  yield { kind: 'records', ids: [progress.recordId] };
  const scope = scopeFor(progress);
  const env = environment(progress);
  if (rules.goal?.test(scope, env)) return GOAL_OUTCOME;
  return rules.exits.find((exit) => exit.event === undefined && exit.when?.test(scope, env))?.outcome;
}

/** Exits by events that have been told, or that came between the start of the run and its first step. */
export function* eventMet(
  progress: Progress,
  told: readonly { waitId: string; payload: Woken }[],
): Generator<Request, string | undefined, void> {
  const { run, workspace, plan } = progress;
  const exits = plan.rules.exits;
  for (const { waitId, payload } of told) {
    if (!waitId.startsWith(EXIT) || typeof payload === 'string' || !payload.ok) continue;
    const id = payload.result.event;
    const exit = exits[Number(waitId.slice(EXIT.length))];
    if (typeof id !== 'string' || !exit) continue;
    yield { kind: 'event', id };
    const event = workspace.event(id);
    if (event && holds(progress, exit, event)) return exit.outcome;
  }
  const types = exits.flatMap((exit) => exit.event?.type ?? []);
  if (progress.state.registered !== undefined || types.length === 0 || progress.recordId === null) return undefined;
  const query = { recordId: progress.recordId, types: [...new Set(types)].sort(), since: run.createdAt };
  yield { kind: 'events', query };
  for (const event of workspace.eventsSince(query)) {
    if (event.id === run.eventId) continue;
    const exit = exits.find(
      (one) => one.event?.type === event.type && fitsTopic(one.event.topic, event.topic) && holds(progress, one, event),
    );
    if (exit) return exit.outcome;
  }
  return undefined;
}

const fitsTopic = (wanted: string, topic: string): boolean => wanted === '*' || wanted === topic;

function holds(progress: Progress, exit: Progress['plan']['rules']['exits'][number], event: EventRow): boolean {
  return exit.when === undefined || exit.when.test({ ...scopeFor(progress), event: eventView(event) }, environment(progress));
}

function scopeFor({ plan, run, state, workspace, recordId }: Progress): Record<string, unknown> {
  const row = recordId === null ? undefined : workspace.row(recordId);
  const record = row && workspace.view(row);
  const { locale } = plan.settings;
  return {
    ...record,
    record,
    nodes: state.outputs,
    vars: state.vars,
    run: { id: run.id, workflow: run.workflowId, version: run.version, locale },
  };
}

function environment({ plan, workspace, recordId }: Progress) {
  const { surroundings } = workspace;
  const inSegment = (id: string): boolean => {
    const row = recordId === null ? undefined : workspace.row(recordId);
    return row !== undefined && surroundings.inSegment(id, workspace.view(row));
  };
  const { timezone: timeZone, locale } = plan.settings;
  return { now: surroundings.now, random: () => surroundings.random(), timeZone, locale, inSegment };
}
