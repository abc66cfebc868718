/** What has changed between two versions of a workflow, as data that a canvas can paint and a person can read. */
import type { WorkflowFile, WorkflowNode } from '../../schemas/workflow.ts';
import { canonical } from '../schema/canonical.ts';
import { type Change, changesOf, own } from './changes.ts';
import { summaryOf } from './summary.ts';

export interface DiffNode {
  id: string;
  type: string;
  title?: string;
}

export interface DiffEdge {
  from: string;
  /** null: the edge names none. */
  port: string | null;
  to: string;
}

type Position = [x: number, y: number];

export interface WorkflowDiff {
  /** Name, description, owner. */
  file: Change[];
  settings: Change[];
  nodes: {
    added: DiffNode[];
    removed: DiffNode[];
    /** The same node under another id: type, parameters and edges are those of a node that is gone. */
    renamed: { from: string; to: string }[];
    /** Under the later id. What changed beside the position: parameters, title, retry, type … */
    changed: (DiffNode & { changes: Change[] })[];
    /** Only the place on the canvas, under the later id; null: none of its own. */
    moved: { id: string; before: Position | null; after: Position | null }[];
  };
  edges: {
    added: DiffEdge[];
    /** Under the earlier ids. An edge whose ends were renamed is the same edge. */
    removed: DiffEdge[];
  };
  /** The same in sentences, one for each change; one that says so where there is none. */
  summary: string[];
}

export function diffWorkflows(before: WorkflowFile, after: WorkflowFile): WorkflowDiff {
  const renamed = renamesOf(before, after);
  const laterId = new Map([...renamed].map(([to, from]) => [from, to]));
  const kept = Object.keys(after.nodes).flatMap((id) => {
    const earlier = renamed.get(id) ?? id;
    const [old, node] = [own(before.nodes, earlier), own(after.nodes, id)];
    return node && old ? [{ id, earlier, node, old }] : [];
  });
  const found = {
    ...topOf(before, after),
    nodes: {
      added: without(after, new Set(kept.map(({ id }) => id))),
      removed: without(before, new Set(kept.map(({ earlier }) => earlier))),
      renamed: [...renamed].map(([to, from]) => ({ from, to })),
      changed: kept.flatMap(({ id, node, old }) => {
        const changes = changesOf(old, node, `/nodes/${id}`);
        return changes.length > 0 ? [{ ...seen(id, node), changes }] : [];
      }),
      moved: kept.flatMap(({ id, earlier }) => {
        const [from, to] = [own(before.layout ?? {}, earlier) ?? null, own(after.layout ?? {}, id) ?? null];
        return canonical(from) === canonical(to) ? [] : [{ id, before: from, after: to }];
      }),
    },
    edges: edgesOf(before, after, laterId),
  };
  return { ...found, summary: summaryOf(found) };
}

/** What stands at the top of the file: the format and the id are no content. */
function topOf(before: WorkflowFile, after: WorkflowFile): Pick<WorkflowDiff, 'file' | 'settings'> {
  const rest = ({ takt: _takt, id: _id, nodes: _nodes, edges: _edges, layout: _layout, settings: _settings, ...top }: WorkflowFile) => top;
  return {
    file: changesOf(rest(before), rest(after), ''),
    settings: changesOf(before.settings ?? {}, after.settings ?? {}, '/settings'),
  };
}

/** later id → earlier id, of nodes that are the same but for their id. Of several that are alike, the first becomes the first. */
function renamesOf(before: WorkflowFile, after: WorkflowFile): Map<string, string> {
  const gone = new Map<string, string[]>();
  for (const [id, likeness] of likenesses(before, after)) gone.set(likeness, [...(gone.get(likeness) ?? []), id]);
  return new Map(
    likenesses(after, before).flatMap(([id, likeness]): [string, string][] => {
      const earlier = gone.get(likeness)?.shift();
      return earlier === undefined ? [] : [[id, earlier]];
    }),
  );
}

/**
 * All that makes a node but its id, for each node that the other file does not have. A neighbour is told by its id where both files have
 * it, else – it may be renamed too – by its content.
 */
function likenesses(file: WorkflowFile, other: WorkflowFile): [id: string, likeness: string][] {
  const edges = file.edges.map(readEdge);
  const content = (id: string): unknown => {
    const node = own(file.nodes, id);
    return [node?.type, node?.params ?? {}];
  };
  const neighbour = (id: string): unknown => (Object.hasOwn(other.nodes, id) ? id : content(id));
  return Object.keys(file.nodes).flatMap((id): [string, string][] => {
    if (Object.hasOwn(other.nodes, id)) return [];
    const ways = edges
      .flatMap(({ from, port, to }) => [
        ...(from === id ? [['out', port, neighbour(to)]] : []),
        ...(to === id ? [['in', port, neighbour(from)]] : []),
      ])
      .map(canonical)
      .sort();
    return [[id, canonical([content(id), ways])]];
  });
}

function edgesOf(before: WorkflowFile, after: WorkflowFile, laterId: ReadonlyMap<string, string>): WorkflowDiff['edges'] {
  const later = (id: string): string => laterId.get(id) ?? id;
  const keyOf = ({ from, port, to }: DiffEdge): string => `${from}:${port ?? ''} ${to}`;
  const keyOfEarlier = (edge: DiffEdge): string => keyOf({ ...edge, from: later(edge.from), to: later(edge.to) });
  const [had, has] = [before.edges.map(readEdge), after.edges.map(readEdge)];
  const [hadKeys, hasKeys] = [new Set(had.map(keyOfEarlier)), new Set(has.map(keyOf))];
  return {
    added: has.filter((edge) => !hadKeys.has(keyOf(edge))),
    removed: had.filter((edge) => !hasKeys.has(keyOfEarlier(edge))),
  };
}

function readEdge([source, to]: WorkflowFile['edges'][number]): DiffEdge {
  const [from = '', port = null] = source.split(':');
  return { from, port, to };
}

const without = (file: WorkflowFile, ids: ReadonlySet<string>): DiffNode[] =>
  Object.entries(file.nodes).flatMap(([id, node]) => (ids.has(id) ? [] : [seen(id, node)]));

const seen = (id: string, { type, title }: WorkflowNode): DiffNode => ({ id, type, ...(title === undefined ? {} : { title }) });
