import type { WorkflowFile } from '../../schemas/workflow.ts';
import { asTaktError, type TaktError } from '../errors/index.ts';
import type { TriggerDefinition } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import { checkRecurrence } from '../time/recurrence.ts';
import { type Draft, inNode, type Surroundings } from './draft.ts';
import type { PlanTrigger } from './plan.ts';
import { checkCounts, checkScope, conditionNames } from './scope.ts';
import { checkZone } from './zone.ts';

/** A trigger with its condition compiled and its schedule checked. */
export function compileTrigger(
  file: WorkflowFile,
  draft: Draft,
  definition: TriggerDefinition,
  { entities }: Surroundings,
  problems: TaktError[],
): PlanTrigger {
  const { id } = draft;
  const params = draft.params.file;
  const timezone = typeof params.timezone === 'string' ? params.timezone : (file.settings?.timezone ?? 'UTC');
  if (typeof params.timezone === 'string') checkZone(timezone, `/nodes/${id}/params/timezone`, problems, id);
  const place = { workflowId: file.id, node: id, timezone };
  const schedule = definition.schedule(params, place);
  if (schedule?.kind === 'recurrence') {
    try {
      checkRecurrence(schedule.recurrence);
    } catch (error) {
      problems.push(inNode(asTaktError(error), `${id}/params`));
    }
  }
  for (const formula of draft.params.formulas) {
    const found: TaktError[] = [];
    checkScope(formula, conditionNames(entityOf(entities, definition.entity(params)), ['previous', 'event']), found);
    if (formula.expression) checkCounts(formula.expression, formula.pointer, found);
    problems.push(...found.map((problem) => inNode(problem, id)));
  }
  return {
    id,
    definition,
    params,
    place,
    conditions: new Map(
      draft.params.formulas.flatMap(({ pointer, expression }) => (expression ? [[pointer.replace(/^\/params/, ''), expression]] : [])),
    ),
    subscriptions: definition.subscriptions(params, place),
    watches: definition.watches(params, place),
    schedule,
    targets: draft.targets.get('out') ?? [],
  };
}

const entityOf = (entities: EntityRegistry, name: string | undefined) => (name === undefined ? undefined : entities.get(name));
