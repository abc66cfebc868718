/** Compiles a workflow file to a plan, or tells everything that is wrong with it at once. */
import type { WorkflowFile } from '../../schemas/workflow.ts';
import type { TaktError } from '../errors/index.ts';
import type { ActionDefinition } from '../node/definition.ts';
import { checkScopes } from './check-scopes.ts';
import { compileTrigger } from './compile-trigger.ts';
import { type Draft, readNodes, type Surroundings } from './draft.ts';
import type { Formula } from './params.ts';
import { invalid } from './parse.ts';
import type { Plan, PlanAction } from './plan.ts';
import { resolveRetry } from './retry.ts';
import { checkShape, readEdges } from './wiring.ts';
import { checkZone } from './zone.ts';

/** @throws TaktError WORKFLOW_INVALID with every problem under `errors` */
export function compileWorkflow(file: WorkflowFile, version: number, surroundings: Surroundings): Plan {
  const problems: TaktError[] = [];
  checkZone(file.settings?.timezone, '/settings/timezone', problems);
  const drafts = readNodes(file, surroundings, problems);
  const wired = readEdges(file, drafts, problems);
  checkShape(file, drafts, wired, problems);
  const triggers = [...drafts.values()].flatMap((draft) =>
    draft.definition.kind === 'trigger' ? [compileTrigger(file, draft, draft.definition, surroundings, problems)] : [],
  );
  checkScopes(file, drafts, wired, surroundings, problems);
  if (problems.length > 0) throw invalid(problems);
  return {
    workflowId: file.id,
    version,
    name: file.name,
    settings: {
      timezone: file.settings?.timezone ?? 'UTC',
      locale: file.settings?.locale ?? 'en',
      reentry: file.settings?.reentry?.mode ?? 'always',
    },
    actions: new Map(
      [...drafts.values()].flatMap((draft) => (draft.definition.kind === 'action' ? [[draft.id, action(draft, draft.definition)]] : [])),
    ),
    triggers,
  };
}

function action(draft: Draft, definition: ActionDefinition): PlanAction {
  return {
    id: draft.id,
    definition,
    params: draft.params,
    targets: draft.targets,
    retry: resolveRetry(draft.node.retry ?? definition.retry),
    maxVisits: draft.node.maxVisits,
    needsOwner: draft.params.formulas.some((formula) => reads(formula, 'owner')),
    needsEvent: draft.params.formulas.some((formula) => reads(formula, 'event')),
  };
}

function reads({ expression, template }: Formula, root: string): boolean {
  const paths = [...(expression?.paths ?? []), ...(template?.paths ?? []), ...(template?.optionalPaths ?? [])];
  // The whole scope (`$`) has no first name: then everything may be read.
  return paths.some((path) => path.length === 0 || path[0] === root);
}
