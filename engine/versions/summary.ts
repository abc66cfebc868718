import type { Change } from './changes.ts';
import type { DiffEdge, DiffNode, WorkflowDiff } from './diff.ts';

/** Longer values are cut; the data has them whole. */
const LONGEST = 80;

/** A difference in sentences. */
export function summaryOf({ file, settings, nodes, edges }: Omit<WorkflowDiff, 'summary'>): string[] {
  const sentences = [
    ...file.map((change) => changed(`The ${path(change.pointer)}`, change)),
    ...settings.map((change) => changed(`The setting ${path(change.pointer, '/settings')}`, change)),
    ...nodes.added.map((node) => `${named(node)} is added.`),
    ...nodes.removed.map((node) => `${named(node)} is removed.`),
    ...nodes.renamed.map(({ from, to }) => `"${from}" is now called "${to}".`),
    ...nodes.changed.flatMap((node) =>
      node.changes.map((change) => changed(`In ${named(node)}, ${path(change.pointer, `/nodes/${node.id}`)}`, change)),
    ),
    ...edges.added.map((edge) => `${drawn(edge)} is connected.`),
    ...edges.removed.map((edge) => `${drawn(edge)} is no longer connected.`),
    ...(nodes.moved.length > 0 ? [`On the canvas moved: ${nodes.moved.map(({ id }) => id).join(', ')}.`] : []),
  ];
  return sentences.length > 0 ? sentences : ['Nothing has changed.'];
}

function changed(what: string, change: Change): string {
  if (!('before' in change)) return `${what} is set to ${shown(change.after)}.`;
  if (!('after' in change)) return `${what} is removed; it was ${shown(change.before)}.`;
  return `${what} changes from ${shown(change.before)} to ${shown(change.after)}.`;
}

const named = ({ id, type, title }: DiffNode): string => `"${title ?? id}" (${title === undefined ? '' : `${id}, `}${type})`;
const drawn = ({ from, port, to }: DiffEdge): string => `${from}${port === null ? '' : `:${port}`} → ${to}`;

/** `/nodes/call/params/cases/0/when` below the node: params.cases.0.when */
const path = (pointer: string, below = ''): string =>
  pointer
    .slice(below.length + 1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text;
}
