/** What has happened, as entries of a timeline. */
import type { JsonObject } from '../../../schemas/json.ts';
import type { TimelineKind } from '../../../schemas/scenario.ts';
import type { ErrorData } from '../../errors/index.ts';
import { channelOf, type EffectFact, type Fact, type RecordFact, type RunFact } from '../facts.ts';
import type { World } from '../world.ts';

export interface TimelineEntry {
  /** Milliseconds since the start. */
  at: number;
  kind: TimelineKind;
  value: JsonObject;
}

/** Entries from now on, as they happen. What the outside does itself is no entry. */
export function recordTimeline(world: World): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  world.hear((fact) => {
    for (const [kind, value] of entriesOf(fact, world.taskEntity.entity)) entries.push({ at: fact.at - world.start, kind, value });
  });
  return entries;
}

function entriesOf(fact: Fact, taskEntity: string): [TimelineKind, JsonObject][] {
  if (fact.kind === 'effect') return [effectEntry(fact)];
  if (fact.kind === 'run') return runEntries(fact);
  return fact.author.kind === 'run' ? recordEntries(fact, taskEntity, fact.author.node) : [];
}

function effectEntry(fact: EffectFact): [TimelineKind, JsonObject] {
  const { connector, payload, node, recordId: record, run, error } = fact;
  const value: JsonObject = { ...payload, connector, workflow: run.workflow, node, record };
  if (fact.status === 'dead') return ['undelivered', { ...value, error: plainError(error) }];
  return [channelOf(fact) === undefined ? 'request' : 'message', value];
}

function runEntries({ run, status, outcome, error }: RunFact): [TimelineKind, JsonObject][] {
  const value: JsonObject = {
    workflow: run.workflow,
    version: run.version,
    status,
    outcome,
    record: run.recordId,
    error: plainError(error),
  };
  if (status === 'refused') return [['refused', value]];
  return status === 'done' || status === 'failed' || status === 'cancelled' ? [['end', value]] : [];
}

function recordEntries(fact: RecordFact, taskEntity: string, node: string): [TimelineKind, JsonObject][] {
  const by = { workflow: fact.run?.workflow ?? null, node };
  if (fact.op === 'created') {
    const value: JsonObject = { ...fact.after, id: fact.id, entity: fact.entity, ...by };
    return [[fact.entity === taskEntity ? 'task' : 'created', value]];
  }
  return Object.entries(fact.changes).map(([field, [from, to]]) => [
    'change',
    { record: fact.id, entity: fact.entity, field, from, to, ...by },
  ]);
}

function plainError(error: ErrorData | null): JsonObject | null {
  return error && { code: error.code, message: error.message, ...(error.node === undefined ? {} : { node: error.node }) };
}
