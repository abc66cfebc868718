/** The edges of a workflow file: which port leads where, and whether the graph has a sound shape. */
import type { WorkflowFile } from '../../schemas/workflow.ts';
import { TaktError } from '../errors/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { Draft } from './draft.ts';
import { cycles, reachable } from './topology.ts';

/** Fills the drafts' targets; gives the plain successor lists, of known nodes only. */
export function readEdges(file: WorkflowFile, drafts: Map<string, Draft>, problems: TaktError[]): Map<string, string[]> {
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

/** Is there a trigger, is everything reached from one, has every cycle a bound? */
export function checkShape(file: WorkflowFile, drafts: Map<string, Draft>, successors: Map<string, string[]>, problems: TaktError[]): void {
  const ids = Object.keys(file.nodes);
  const starts = ids.filter((id) => drafts.get(id)?.definition.kind === 'trigger');
  // A node of unknown type may have been a trigger: then what hangs on it is not blamed.
  const unknown = ids.filter((id) => !drafts.has(id));
  if (starts.length === 0 && unknown.length === 0) problems.push(new TaktError('TRIGGER_MISSING', { pointer: '/nodes' }));
  // Every edge between existing nodes counts here, also one whose port is wrong: that has its own error.
  const all = new Map<string, string[]>();
  for (const [source, to] of file.edges) {
    const from = source.split(':', 1)[0] ?? '';
    if (Object.hasOwn(file.nodes, to)) all.set(from, [...(all.get(from) ?? []), to]);
  }
  for (const [from, to] of handlerEdges(file)) all.set(from, [...(all.get(from) ?? []), to]);
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

/** Handlers that undo are entered from their nodes, without an edge: they have to be there. */
export function checkHandlers(file: WorkflowFile, problems: TaktError[]): void {
  for (const [id, { compensate }] of Object.entries(file.nodes)) {
    if (compensate === undefined || (Object.hasOwn(file.nodes, compensate) && compensate !== id)) continue;
    problems.push(
      new TaktError('EDGE_NODE_UNKNOWN', {
        node: id,
        pointer: `/nodes/${id}/compensate`,
        message: `"${id}" is to be compensated by "${compensate}", which is no other node.`,
        hint: didYouMean(compensate, Object.keys(file.nodes)),
      }),
    );
  }
}

/** Handlers come after the node that they undo, as far as reaching and reading go. */
export const handlerEdges = (file: WorkflowFile): [from: string, to: string][] =>
  Object.entries(file.nodes).flatMap(([id, { compensate }]): [string, string][] =>
    compensate !== undefined && Object.hasOwn(file.nodes, compensate) ? [[id, compensate]] : [],
  );
