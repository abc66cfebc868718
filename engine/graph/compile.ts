/** Compiles a workflow file to a plan, or tells everything that is wrong with it at once. */
import { Cron } from 'croner';
import type { TSchema } from 'typebox';
import type { JsonObject } from '../../schemas/json.ts';
import type { WorkflowFile, WorkflowNode } from '../../schemas/workflow.ts';
import { asTaktError, TaktError } from '../errors/index.ts';
import { compileExpression } from '../expression/index.ts';
import type { ActionDefinition, NodeDefinition, TriggerDefinition } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { NodeLibrary } from './library.ts';
import { type CompiledParams, compileParams, type Formula } from './params.ts';
import { invalid } from './parse.ts';
import type { Plan, PlanAction, PlanTrigger } from './plan.ts';
import { resolveRetry } from './retry.ts';
import { checkScope, EVENT_NAMES, type Names, RUN_NAMES, recordNames } from './scope.ts';
import { cycles, reachable, reversed } from './topology.ts';

export interface Surroundings {
  library: NodeLibrary;
  entities: EntityRegistry;
}

interface Draft {
  id: string;
  node: WorkflowNode;
  definition: NodeDefinition;
  params: CompiledParams;
  targets: Map<string, string[]>;
}

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

function readNodes(file: WorkflowFile, { library, entities }: Surroundings, problems: TaktError[]): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const [id, node] of Object.entries(file.nodes)) {
    const place = { node: id, pointer: `/nodes/${id}` };
    const definition = library.get(node.type, node.version);
    if (!definition) {
      const versions = library.versions(node.type);
      problems.push(
        versions.length > 0
          ? new TaktError('NODE_VERSION_UNKNOWN', {
              node: id,
              pointer: `${place.pointer}/version`,
              message: `${node.type} has no version ${node.version}.`,
              hint: `Installed: ${versions.join(', ')}.`,
            })
          : new TaktError('NODE_TYPE_UNKNOWN', {
              node: id,
              pointer: `${place.pointer}/type`,
              message: `There is no node type "${node.type}".`,
              hint: didYouMean(node.type, library.types()),
            }),
      );
      continue;
    }
    const params = asParams(node.params);
    const checked = definition.checkFile(params);
    for (const problem of checked.problems) {
      problems.push(new TaktError('NODE_PARAMS', { ...problem, node: id, pointer: `${place.pointer}/params${problem.pointer}` }));
    }
    const entity = checked.params.entity;
    if (typeof entity === 'string' && !entity.startsWith('=') && !entities.get(entity)) {
      problems.push(
        new TaktError('ENTITY_IN_WORKFLOW_UNKNOWN', {
          node: id,
          pointer: `${place.pointer}/params/entity`,
          message: `There is no entity "${entity}".`,
          hint: didYouMean(
            entity,
            entities.list().map((known) => known.name),
          ),
        }),
      );
    }
    const found: TaktError[] = [];
    const compiled = compileParams(definition.params, checked.params, found);
    problems.push(...found.map((problem) => inNode(problem, id)));
    drafts.set(id, { id, node, definition, params: compiled, targets: new Map() });
  }
  return drafts;
}

/** The error, its pointer lengthened to the whole file's. */
function inNode(problem: TaktError, id: string): TaktError {
  const { pointer, ...place } = problem.place;
  return new TaktError(problem.code, {
    ...place,
    message: problem.message,
    hint: problem.hint,
    cause: problem.cause,
    errors: problem.errors,
    node: id,
    pointer: `/nodes/${id}${pointer ?? ''}`,
  });
}

/** Fills the drafts' targets; gives the plain successor lists, of known nodes only. */
function readEdges(file: WorkflowFile, drafts: Map<string, Draft>, problems: TaktError[]): Map<string, string[]> {
  const successors = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const [i, [source, to]] of file.edges.entries()) {
    const [from = '', namedPort] = source.split(':');
    const draft = drafts.get(from);
    const known = (id: string, end: 0 | 1): boolean => {
      if (Object.hasOwn(file.nodes, id)) return true;
      problems.push(
        new TaktError('EDGE_NODE_UNKNOWN', {
          pointer: `/edges/${i}/${end}`,
          node: end === 1 ? from : undefined,
          message: `The edge ${source} → ${to} names "${id}", which is no node.`,
          hint: didYouMean(id, Object.keys(file.nodes)),
        }),
      );
      return false;
    };
    const both = [known(from, 0), known(to, 1)].every(Boolean);
    if (!both || !draft) continue;
    const ports = portsOf(draft);
    const port = namedPort ?? ports[0];
    if (port === undefined || !ports.includes(port)) {
      problems.push(
        new TaktError('PORT_UNKNOWN', {
          pointer: `/edges/${i}/0`,
          node: from,
          message: `${from} (${draft.node.type}) has no port "${port ?? ''}".`,
          hint: ports.length > 0 ? `Its ports: ${ports.join(', ')}.` : 'It has none: nothing comes after it.',
        }),
      );
      continue;
    }
    if (seen.has(`${from}:${port} ${to}`)) {
      problems.push(
        new TaktError('EDGE_TWICE', { pointer: `/edges/${i}`, node: from, message: `The edge ${from}:${port} → ${to} stands twice.` }),
      );
      continue;
    }
    seen.add(`${from}:${port} ${to}`);
    if (drafts.get(to)?.definition.kind === 'trigger') {
      problems.push(
        new TaktError('EDGE_INTO_TRIGGER', {
          pointer: `/edges/${i}/1`,
          node: to,
          message: `The edge ${source} → ${to} leads into a trigger.`,
        }),
      );
      continue;
    }
    draft.targets.set(port, [...(draft.targets.get(port) ?? []), to]);
    successors.set(from, [...(successors.get(from) ?? []), to]);
  }
  return successors;
}

/** A trigger lets out by `out`; an action by its own ports, the first being meant where an edge names none, and by `error`. */
function portsOf(draft: Draft): readonly string[] {
  return draft.definition.kind === 'trigger' ? ['out'] : [...draft.definition.ports(draft.params.file), 'error'];
}

function checkShape(file: WorkflowFile, drafts: Map<string, Draft>, successors: Map<string, string[]>, problems: TaktError[]): void {
  const ids = Object.keys(file.nodes);
  const starts = ids.filter((id) => drafts.get(id)?.definition.kind === 'trigger');
  // A node of unknown type may have been a trigger: then what hangs on it is not blamed.
  const unknown = ids.filter((id) => !drafts.has(id));
  if (starts.length === 0 && unknown.length === 0) problems.push(new TaktError('TRIGGER_MISSING', { pointer: '/nodes' }));
  const all = new Map(successors);
  for (const [source, to] of file.edges) {
    const from = source.split(':', 1)[0] ?? '';
    if (!drafts.has(from) && Object.hasOwn(file.nodes, to)) all.set(from, [...(all.get(from) ?? []), to]);
  }
  const reached = reachable([...starts, ...unknown], all);
  for (const id of ids) {
    if (!reached.has(id) && starts.length > 0)
      problems.push(new TaktError('NODE_UNREACHABLE', { node: id, pointer: `/nodes/${id}`, message: `No trigger leads to "${id}".` }));
  }
  for (const cycle of cycles(ids, successors)) {
    if (cycle.some((id) => file.nodes[id]?.maxVisits !== undefined)) continue;
    problems.push(
      new TaktError('CYCLE_UNBOUNDED', {
        node: cycle[0],
        pointer: `/nodes/${cycle[0]}`,
        message: `The cycle ${[...cycle, cycle[0]].join(' → ')} has no bound.`,
      }),
    );
  }
}

function compileTrigger(
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

function checkScopes(
  file: WorkflowFile,
  drafts: Map<string, Draft>,
  successors: Map<string, string[]>,
  { entities }: Surroundings,
  problems: TaktError[],
): void {
  const back = reversed(successors);
  const record = recordNames(subjectEntity(drafts, entities));
  const owner = recordNames(entities.get('user'));
  for (const draft of drafts.values()) {
    if (draft.definition.kind !== 'action' || draft.params.formulas.length === 0) continue;
    const upstream = reachable(back.get(draft.id) ?? [], back);
    const nodes = new Map<string, Names | 'open'>();
    const vars = new Map<string, Names | 'open'>();
    for (const id of upstream) {
      const other = drafts.get(id);
      if (!other) {
        nodes.set(id, 'open');
        continue;
      }
      if (other.definition.kind === 'trigger') continue;
      nodes.set(id, outputNames(other.definition.output));
      for (const name of other.definition.vars(other.params.file)) vars.set(name, 'open');
    }
    const scope: Names = {
      names: new Map<string, Names | 'open'>([
        ['record', record],
        ['owner', owner],
        ['event', EVENT_NAMES],
        ['run', RUN_NAMES],
        ['nodes', { names: nodes }],
        ['vars', { names: vars }],
      ]),
    };
    const found: TaktError[] = [];
    for (const formula of draft.params.formulas) checkScope(formula, scope, found);
    problems.push(
      ...found.map((problem) =>
        problem.code === 'SCOPE_UNKNOWN' ? inNode(explainUpstream(problem, file), draft.id) : inNode(problem, draft.id),
      ),
    );
  }
}

/** `nodes.x` where x exists but lies elsewhere deserves better words than "not known". */
function explainUpstream(problem: TaktError, file: WorkflowFile): TaktError {
  const name = /^"nodes\.([a-z0-9_]+)"/.exec(problem.message)?.[1];
  if (name === undefined || !Object.hasOwn(file.nodes, name)) return problem;
  return new TaktError('SCOPE_UNKNOWN', {
    ...problem.place,
    message: `"nodes.${name}" has never run when this node runs.`,
    hint: 'Read only nodes that lie on a way to this one.',
  });
}

/** The entity of the run's record, where all triggers agree and no node changes the subject. */
function subjectEntity(drafts: Map<string, Draft>, entities: EntityRegistry): ReturnType<EntityRegistry['get']> {
  const names = new Set<string | undefined>();
  for (const { definition, params } of drafts.values()) {
    if (definition.kind === 'trigger') names.add(definition.entity(params.file));
    else if (params.file.subject === true) names.add(undefined);
  }
  const [only] = names;
  return names.size === 1 && only !== undefined ? entities.get(only) : undefined;
}

function outputNames(output: TSchema | undefined): Names | 'open' {
  const properties: unknown = output && Reflect.get(output, 'properties');
  if (typeof properties !== 'object' || properties === null) return 'open';
  return { names: new Map([...Object.keys(properties), 'error'].map((name) => [name, 'open'] as const)) };
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

function checkZone(zone: string | undefined, pointer: string, problems: TaktError[], node?: string): void {
  if (zone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (cause) {
    problems.push(new TaktError('TIMEZONE_UNKNOWN', { pointer, node, message: `"${zone.slice(0, 64)}" is not a time zone.`, cause }));
  }
}

/** The file schema says that parameters are JSON; its type says `unknown` because TypeBox has no recursive JSON type. */
function asParams(params: WorkflowNode['params']): JsonObject {
  return structuredClone(params ?? {}) as JsonObject;
}
