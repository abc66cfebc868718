/** A node of the file with its definition and compiled parameters: what the checks of the compiler work on. */
import type { JsonObject } from '../../schemas/json.ts';
import type { WorkflowFile, WorkflowNode } from '../../schemas/workflow.ts';
import { TaktError } from '../errors/index.ts';
import type { NodeDefinition } from '../node/definition.ts';
import type { EntityRegistry } from '../records/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { NodeTypes } from './node-types.ts';
import { type CompiledParams, compileParams } from './params.ts';

export interface Surroundings {
  nodeTypes: NodeTypes;
  entities: EntityRegistry;
}

export interface Draft {
  id: string;
  node: WorkflowNode;
  definition: NodeDefinition;
  params: CompiledParams;
  targets: Map<string, string[]>;
}

/** The nodes that can be compiled, by id; problems with the others and with parameters are added. */
export function readNodes(file: WorkflowFile, { nodeTypes, entities }: Surroundings, problems: TaktError[]): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const [id, node] of Object.entries(file.nodes)) {
    const place = { node: id, pointer: `/nodes/${id}` };
    const definition = nodeTypes.get(node.type, node.version);
    if (!definition) {
      const versions = nodeTypes.versions(node.type);
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
              hint: didYouMean(node.type, nodeTypes.types()),
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
export function inNode(problem: TaktError, id: string): TaktError {
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

/** The file schema says that parameters are JSON; its type says `unknown` because TypeBox has no recursive JSON type. */
function asParams(params: WorkflowNode['params']): JsonObject {
  return structuredClone(params ?? {}) as JsonObject;
}
