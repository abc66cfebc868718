/** Do the formulas of every action read only what can be there when it runs? */
import type { TSchema } from 'typebox';
import type { WorkflowFile } from '../../schemas/workflow.ts';
import { TaktError } from '../errors/index.ts';
import type { EntityRegistry } from '../records/index.ts';
import { type Draft, inNode, type Surroundings } from './draft.ts';
import { checkScope, EVENT_NAMES, type Names, RUN_NAMES, recordNames } from './scope.ts';
import { reachable, reversed } from './topology.ts';
import { handlerEdges } from './wiring.ts';

export function checkScopes(
  file: WorkflowFile,
  drafts: Map<string, Draft>,
  successors: Map<string, string[]>,
  { entities }: Surroundings,
  problems: TaktError[],
): void {
  const forward = new Map([...successors].map(([from, to]) => [from, [...to]]));
  for (const [from, to] of handlerEdges(file)) forward.set(from, [...(forward.get(from) ?? []), to]);
  const back = reversed(forward);
  const inItems = nodesOfItems(file, forward);
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
        ...(inItems.has(draft.id) ? ITEM_NAMES : []),
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

const ITEM_NAMES: readonly [string, 'open'][] = [
  ['item', 'open'],
  ['index', 'open'],
];

/** Nodes that a branch for each item leads to, and handlers that undo. */
function nodesOfItems(file: WorkflowFile, successors: Map<string, string[]>): Set<string> {
  const starts = file.edges.flatMap(([source, to]) => (source.endsWith(':item') ? [to] : []));
  return reachable([...starts, ...handlerEdges(file).map(([, to]) => to)], successors);
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
