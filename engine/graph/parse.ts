/** From text to a workflow file that fits its schema: size, JSON, older formats, schema. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { WORKFLOW_LIMITS, WorkflowFile } from '../../schemas/workflow.ts';
import { TaktError } from '../errors/index.ts';
import { createAjv } from '../schema/ajv.ts';
import { checkJsonShape, parseJson } from '../schema/json.ts';
import { migrateFile } from './migrate.ts';

const fits = createAjv().compile<WorkflowFile>(WorkflowFile);

/** Throws TaktError WORKFLOW_TOO_LARGE, WORKFLOW_JSON (with line and column). */
export function parseWorkflowText(text: string): Json {
  if (Buffer.byteLength(text) > WORKFLOW_LIMITS.bytes) throw new TaktError('WORKFLOW_TOO_LARGE');
  return parseJson(text, 'WORKFLOW_JSON');
}

/**
 * Any JSON value as a workflow file of the present format; older formats are migrated first.
 * Throws TaktError WORKFLOW_INVALID with every problem, WORKFLOW_FORMAT_UNKNOWN, INPUT_TOO_DEEP, INPUT_NUL.
 */
export function readWorkflowFile(value: unknown): WorkflowFile {
  const migrated = migrateFile(asObject(checkJsonShape(value, WORKFLOW_LIMITS.depth)));
  if (fits(migrated)) return migrated;
  const file = migrated;
  const errors = createAjv
    .problems(fits.errors ?? [])
    .map((problem) => new TaktError('WORKFLOW_SCHEMA', { ...problem, node: nodeOfPointer(problem.pointer, file) }));
  throw invalid(errors);
}

export function invalid(errors: readonly TaktError[]): TaktError {
  const first = errors[0];
  const message = errors.length === 1 && first ? first.message : `The workflow has ${errors.length} errors.`;
  return new TaktError('WORKFLOW_INVALID', { message, errors });
}

function asObject(value: Json): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
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
