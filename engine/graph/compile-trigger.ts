import { Cron } from 'croner';
import type { WorkflowFile } from '../../schemas/workflow.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression } from '../expression/index.ts';
import type { TriggerDefinition } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import { type Draft, inNode, type Surroundings } from './draft.ts';
import type { PlanTrigger } from './plan.ts';
import { checkScope, EVENT_NAMES, type Names, recordNames } from './scope.ts';
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
  const schedule = definition.schedule(params);
  if (schedule) {
    const zone = params.timezone === undefined ? (file.settings?.timezone ?? 'UTC') : schedule.timezone;
    if (params.timezone !== undefined) checkZone(zone, `/nodes/${id}/params/timezone`, problems, id);
    try {
      new Cron(schedule.cron, { paused: true, mode: '5-part' });
    } catch (cause) {
      problems.push(
        new TaktError('CRON_INVALID', {
          node: id,
          pointer: `/nodes/${id}/params/cron`,
          message: `"${schedule.cron}" is not a cron expression: ${asTaktError(cause).message}`,
          cause,
        }),
      );
    }
  }
  for (const formula of draft.params.formulas) {
    const found: TaktError[] = [];
    checkScope(formula, triggerScope(entities, definition.entity(params)), found);
    problems.push(...found.map((problem) => inNode(problem, id)));
  }
  const where = params.where;
  const place = { workflowId: file.id, node: id };
  return {
    id,
    definition,
    params,
    where:
      typeof where === 'string' && draft.params.formulas.some((formula) => formula.pointer === '/params/where')
        ? compileExpression(where)
        : undefined,
    subscriptions: definition.subscriptions(params, place),
    schedule: schedule && {
      cron: schedule.cron,
      timezone: params.timezone === undefined ? (file.settings?.timezone ?? 'UTC') : schedule.timezone,
    },
    targets: draft.targets.get('out') ?? [],
  };
}

/** In a trigger's condition the record's fields stand at the root, beside `record`, `previous` and `event`. */
function triggerScope(entities: EntityRegistry, entityName: string | undefined): Names {
  const entity = entityName === undefined ? undefined : entities.get(entityName);
  const record = recordNames(entity);
  const fields = record === 'open' ? [] : [...record.names];
  return { names: new Map<string, Names | 'open'>([...fields, ['record', record], ['previous', record], ['event', EVENT_NAMES]]) };
}
