/** What becomes of the moments that wait for records – a date, a silence, an absence – when another version is published. Pure. */
import type { Plan, PlanTrigger } from '../graph/plan.ts';
import { canonical } from '../schema/canonical.ts';

/**
 * Nodes of the new version under which moments go on waiting: triggers of the same type for the same entity. Of a version that no longer
 * compiles (`before` undefined) it is taken that they were.
 */
export function waitingNodes(before: Plan | undefined, after: Plan): string[] {
  const goesOn = (trigger: PlanTrigger): boolean => {
    const old = before?.triggers.find((one) => one.id === trigger.id);
    return old === undefined || (old.definition.type === trigger.definition.type && entityOf(old) === entityOf(trigger));
  };
  return after.triggers.filter((trigger) => trigger.watches.length > 0 && goesOn(trigger)).map((trigger) => trigger.id);
}

/**
 * Triggers whose moments of existing records have to be found: new ones, and those that find others than before. Who has been found once
 * is not looked for again, or a silence that has started a run would start another with every version. The condition that is asked when
 * a moment has come does not matter to where it lies.
 */
export function toBackfill(before: Plan | undefined, after: Plan): { node: string; entity: string }[] {
  return after.triggers.flatMap((trigger) => {
    const entity = trigger.definition.backfills(trigger.params);
    const old = before?.triggers.find((one) => one.id === trigger.id);
    return entity === undefined || (old && momentsOf(old) === momentsOf(trigger)) ? [] : [{ node: trigger.id, entity }];
  });
}

const entityOf = ({ definition, params }: PlanTrigger): string | undefined => definition.entity(params);

/** Equal texts: the same moments. */
function momentsOf({ definition, params, place }: PlanTrigger): string {
  const { type, version, asks } = definition;
  const counting = Object.entries(params).filter(([name]) => `/${name}` !== asks);
  return canonical([type, version, place.timezone, Object.fromEntries(counting)]);
}
