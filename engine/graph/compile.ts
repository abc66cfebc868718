/** Compiles a workflow file to a plan, or tells everything that is wrong with it at once. */
import type { TaktError } from '../errors/index.ts';
import type { ActionDefinition } from '../node/definition.ts';
import { parseDuration } from '../time/duration.ts';
import { checkScopes, subjectEntity } from './check-scopes.ts';
import { compileTrigger } from './compile-trigger.ts';
import { type Draft, readNodes, type Surroundings } from './draft.ts';
import type { Formula } from './params.ts';
import { invalid, readWorkflowFile } from './parse.ts';
import type { Plan, PlanAction } from './plan.ts';
import { resolveRetry } from './retry.ts';
import { roundsOf } from './rounds.ts';
import { compileRules } from './rules.ts';
import { checkHandlers, checkShape, handlerEdges, readEdges } from './wiring.ts';
import { checkZone } from './zone.ts';

/**
 * @param value a workflow file of the present or an older format
 * @throws TaktError WORKFLOW_INVALID with every problem under `errors`, WORKFLOW_FORMAT_UNKNOWN, INPUT_TOO_DEEP, INPUT_NUL
 */
export function compileWorkflow(value: unknown, version: number, surroundings: Surroundings): Plan {
  const { file, problems: schema, unreadable } = readWorkflowFile(value);
  if (!file) throw invalid(schema);
  const problems: TaktError[] = [];
  checkZone(file.settings?.timezone, '/settings/timezone', problems);
  const drafts = readNodes(file, surroundings, problems);
  const wired = readEdges(file, drafts, problems);
  checkShape(file, drafts, wired, problems);
  const triggers = [...drafts.values()].flatMap((draft) =>
    draft.definition.kind === 'trigger' ? [compileTrigger(file, draft, draft.definition, surroundings, problems)] : [],
  );
  checkScopes(file, drafts, wired, surroundings, problems);
  checkHandlers(file, problems);
  const rules = compileRules(file, subjectEntity(drafts, surroundings.entities), problems);
  // A node that could not be read has been told of once.
  const all = [...schema, ...problems.filter((problem) => !unreadable.has(problem.place.node ?? ''))];
  if (all.length > 0) throw invalid(all);
  return {
    workflowId: file.id,
    version,
    name: file.name,
    settings: {
      timezone: file.settings?.timezone ?? 'UTC',
      locale: file.settings?.locale ?? 'en',
      errorWorkflow: file.settings?.errorWorkflow,
      retentionMs: file.settings?.retention === undefined ? undefined : parseDuration(file.settings.retention),
    },
    rules,
    actions: new Map(
      [...drafts.values()].flatMap((draft) =>
        draft.definition.kind === 'action' ? [[draft.id, action(draft, draft.definition, drafts)]] : [],
      ),
    ),
    triggers,
    rounds: roundsOf([...triggers.map((trigger) => trigger.id), ...handlerEdges(file).map(([, to]) => to)], wired, forksOf(drafts)),
  };
}

function action(draft: Draft, definition: ActionDefinition, drafts: ReadonlyMap<string, Draft>): PlanAction {
  return {
    id: draft.id,
    definition,
    params: draft.params,
    targets: draft.targets,
    forks: forks(draft),
    edges: edgesInto(draft.id, drafts),
    retry: resolveRetry(draft.node.retry ?? definition.retry),
    maxVisits: draft.node.maxVisits,
    needsOwner: draft.params.formulas.some((formula) => reads(formula, 'owner')),
    needsEvent: draft.params.formulas.some((formula) => reads(formula, 'event')),
    eventCounts: draft.params.formulas.flatMap(({ expression }) =>
      (expression?.eventCounts ?? []).map(({ type, within }) => ({
        type,
        withinMs: within === undefined ? undefined : parseDuration(within),
      })),
    ),
    compensate: draft.node.compensate,
  };
}

const forks = ({ targets }: Draft): boolean => [...targets.values()].some((to) => to.length > 1);

const forksOf = (drafts: ReadonlyMap<string, Draft>): ReadonlySet<string> =>
  new Set([...drafts.values()].filter(forks).map((draft) => draft.id));

function edgesInto(id: string, drafts: ReadonlyMap<string, Draft>): number {
  const sources = [...drafts.values()].flatMap(({ definition, targets }) =>
    [...targets.values()].flatMap((to) => (to.includes(id) ? [definition.kind] : [])),
  );
  return sources.filter((kind) => kind === 'action').length + (sources.includes('trigger') ? 1 : 0);
}

function reads({ expression, template }: Formula, root: string): boolean {
  const paths = [...(expression?.paths ?? []), ...(template?.paths ?? []), ...(template?.optionalPaths ?? [])];
  // The whole scope (`$`) has no first name: then everything may be read.
  return paths.some((path) => path.length === 0 || path[0] === root);
}
