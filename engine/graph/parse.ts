/** From text to a workflow file that fits its schema: size, JSON, older formats, schema. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { WORKFLOW_FORMAT, WORKFLOW_LIMITS, WorkflowFile, WorkflowNode } from '../../schemas/workflow.ts';
import { TaktError } from '../errors/index.ts';
import { checker } from '../schema/checker.ts';
import { checkJsonShape, parseJson } from '../schema/json.ts';
import { migrateFile } from './migrate.ts';

const { nodes, edges, settings } = WorkflowFile.properties;
const fits = checker<WorkflowFile>(() => WorkflowFile);
const fitsNode = checker<WorkflowNode>(() => WorkflowNode);
const fitsEdge = checker<WorkflowFile['edges'][number]>(() => edges.items);
const fitsSettings = checker<NonNullable<WorkflowFile['settings']>>(() => settings);
const idPattern = new RegExp(Object.keys(nodes.patternProperties)[0] ?? '');
const fitsId = (id: string): boolean => idPattern.test(id);

/** Throws TaktError WORKFLOW_TOO_LARGE, WORKFLOW_JSON (with line and column). */
export function parseWorkflowText(text: string): Json {
  if (Buffer.byteLength(text) > WORKFLOW_LIMITS.bytes) throw new TaktError('WORKFLOW_TOO_LARGE');
  return parseJson(text, 'WORKFLOW_JSON');
}

export interface ReadFile {
  /** What can be read of it; undefined where not even its nodes can. */
  file: WorkflowFile | undefined;
  /** Where it does not fit its schema. */
  problems: TaktError[];
  /** Nodes of which not even type and parameters can be read. */
  unreadable: ReadonlySet<string>;
}

/**
 * Any JSON value as a workflow file of the present format; older formats are migrated first. A file that does not fit its schema
 * is read as far as it can be, so that what else is wrong with it can be told in the same go.
 * Throws TaktError WORKFLOW_INVALID (no object), WORKFLOW_FORMAT_UNKNOWN, INPUT_TOO_DEEP, INPUT_NUL.
 */
export function readWorkflowFile(value: unknown): ReadFile {
  const migrated = migrateFile(asObject(checkJsonShape(value, WORKFLOW_LIMITS.depth)));
  if (fits(migrated)) return { file: migrated, problems: [], unreadable: new Set() };
  const file = migrated;
  const problems = fits
    .problems()
    .map((problem) => new TaktError('WORKFLOW_SCHEMA', { ...problem, node: nodeOfPointer(problem.pointer, file) }));
  return { problems, ...salvage(file) };
}

const UNREADABLE = { type: 'takt.unreadable' };

/** The parts of a file that fit by themselves. */
function salvage(file: JsonObject): Pick<ReadFile, 'file' | 'unreadable'> {
  const unreadable = new Set<string>();
  if (!isObject(file.nodes) || Object.keys(file.nodes).length > WORKFLOW_LIMITS.nodes) return { file: undefined, unreadable };
  const nodes: WorkflowFile['nodes'] = {};
  for (const [id, node] of Object.entries(file.nodes)) {
    if (!fitsId(id)) continue;
    const reduced = isObject(node) ? { type: node.type, ...(isObject(node.params) ? { params: node.params } : {}) } : node;
    const readable = [node, reduced].find((candidate) => fitsNode(candidate));
    if (fitsNode(readable)) nodes[id] = readable;
    else {
      nodes[id] = UNREADABLE;
      unreadable.add(id);
    }
  }
  const edges = Array.isArray(file.edges)
    ? file.edges.slice(0, WORKFLOW_LIMITS.edges).flatMap((edge) => (fitsEdge(edge) ? [edge] : []))
    : [];
  const settings = fitsSettings(file.settings) ? { settings: file.settings } : {};
  return { file: { takt: WORKFLOW_FORMAT, id: 'unreadable', name: 'unreadable', nodes, edges, ...settings }, unreadable };
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export function invalid(errors: readonly TaktError[]): TaktError {
  const first = errors[0];
  const message = errors.length === 1 && first ? first.message : `The workflow has ${errors.length} errors.`;
  return new TaktError('WORKFLOW_INVALID', { message, errors });
}

function asObject(value: Json): JsonObject {
  if (isObject(value)) return value;
  throw invalid([new TaktError('WORKFLOW_SCHEMA', { pointer: '', message: 'A workflow file is a JSON object.' })]);
}

/** The node that a pointer leads into: `/nodes/call/params` and also `/edges/3`'s first end. */
function nodeOfPointer(pointer: string, file: JsonObject): string | undefined {
  const parts = pointer.split('/');
  if (parts[1] === 'nodes') return parts[2];
  const edges = file.edges;
  const edge = parts[1] === 'edges' && Array.isArray(edges) ? edges[Number(parts[2])] : undefined;
  const from = Array.isArray(edge) ? edge[0] : undefined;
  return typeof from === 'string' ? from.split(':')[0] : undefined;
}
