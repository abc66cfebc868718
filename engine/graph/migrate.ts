/** Older forms of the workflow file, brought to the present one step by step. Each step knows only its own two formats. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { WORKFLOW_FORMAT } from '../../schemas/workflow.ts';
import { TaktError } from '../errors/index.ts';

/** format → the step from it to the next one */
const STEPS: ReadonlyMap<number, (file: JsonObject) => JsonObject> = new Map([[0, fromZero]]);

/** Throws WORKFLOW_FORMAT_UNKNOWN for a format that is newer or was never known. */
export function migrateFile(file: JsonObject): JsonObject {
  let current = file;
  let format = current.takt ?? 0;
  while (format !== WORKFLOW_FORMAT) {
    const step = typeof format === 'number' ? STEPS.get(format) : undefined;
    if (!step) {
      throw new TaktError('WORKFLOW_FORMAT_UNKNOWN', {
        message: `The file says "takt": ${JSON.stringify(format)}; this Takt reads up to ${WORKFLOW_FORMAT}.`,
        pointer: '/takt',
      });
    }
    current = step(current);
    format = current.takt ?? 0;
  }
  return current;
}

/**
 * Format 0, used before the first release: no `takt`, nodes as a list with their id inside, edges as `{from, port?, to}`,
 * the zone at the top. What already has the newer form stays.
 */
function fromZero(file: JsonObject): JsonObject {
  const { nodes, edges, timezone, ...rest } = file;
  const migrated: JsonObject = { ...rest, takt: 1, nodes: nodesFromList(nodes), edges: edgesFromObjects(edges) };
  if (timezone !== undefined) migrated.settings = { ...(isObject(rest.settings) ? rest.settings : {}), timezone };
  return migrated;
}

function nodesFromList(nodes: Json | undefined): Json {
  if (!Array.isArray(nodes)) return nodes ?? {};
  return Object.fromEntries(
    nodes.map((node, i) => {
      if (!isObject(node)) return [`node_${i}`, node];
      const { id, ...rest } = node;
      return [typeof id === 'string' ? id : `node_${i}`, rest];
    }),
  );
}

function edgesFromObjects(edges: Json | undefined): Json {
  if (!Array.isArray(edges)) return edges ?? [];
  return edges.map((edge) => {
    if (!isObject(edge)) return edge;
    const { from, port, to } = edge;
    return [typeof port === 'string' ? `${String(from)}:${port}` : String(from), String(to)];
  });
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
