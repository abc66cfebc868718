import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import type { NodeDefinition } from '../../../engine/node/definition.ts';
import { didYouMean } from '../../../engine/schema/nearest.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { AnyObject, closed, Nullable } from '../schemas.ts';
import type { Routes } from '../services.ts';

const NodeType = Type.Object({
  type: Type.String(),
  version: Type.Integer(),
  kind: Type.Enum(['trigger', 'action']),
  family: Type.String(),
  title: Type.String(),
  description: Type.String(),
  params: Type.Unsafe<JsonObject>({
    type: 'object',
    additionalProperties: true,
    description: 'JSON Schema of the parameters. `x-takt` marks what a string means: condition, template, html, value.',
  }),
  output: Nullable(AnyObject),
  example: AnyObject,
});
const Preview = Type.Object({
  problems: Type.Array(Type.Object({ pointer: Type.String(), message: Type.String(), hint: Type.String() })),
  ports: Type.Array(Type.String(), { description: 'The ports that edges may leave by; none as long as there are problems.' }),
  summary: Type.String({ description: 'The line on the canvas.' }),
});

/** Schemas carry TypeBox's own marks beside JSON; only the JSON goes out. */
const plain = (schema: unknown): JsonObject => JSON.parse(JSON.stringify(schema));

const view = (node: NodeDefinition): Static<typeof NodeType> => ({
  type: node.type,
  version: node.version,
  kind: node.kind,
  family: node.family,
  title: node.title,
  description: node.description,
  params: plain(node.params),
  output: node.kind === 'action' && node.output ? plain(node.output) : null,
  example: node.example,
});

function portsOf(node: NodeDefinition, params: JsonObject): string[] {
  return node.kind === 'trigger' ? ['out'] : [...node.ports(params), 'error'];
}

export const nodeTypeRoutes: Routes =
  ({ engine: { nodeTypes } }) =>
  async (app) => {
    const tags = ['nodes'];
    const config = { scope: 'workflows:read' } as const;
    const items = nodeTypes.list().map(view);

    app.get(
      '/node-types',
      {
        config,
        schema: {
          tags,
          summary: 'List node types with the schemas of their parameters',
          response: { 200: Type.Object({ items: Type.Array(NodeType) }) },
        },
      },
      async () => ({ items }),
    );

    app.post(
      '/node-types/:type/preview',
      {
        config,
        schema: {
          tags,
          summary: 'Ports, canvas line and problems of a node with these parameters',
          params: Type.Object({ type: Type.String({ maxLength: 100 }) }),
          body: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })), params: AnyObject }, closed),
          response: { 200: Preview },
        },
      },
      async ({ params, body }) => {
        const node = nodeTypes.get(params.type, body.version);
        if (!node) {
          throw new TaktError('NODE_TYPE_NOT_FOUND', {
            message: `There is no node type "${params.type}".`,
            hint: didYouMean(params.type, nodeTypes.types()),
          });
        }
        const checked = node.checkFile(body.params);
        if (checked.problems.length > 0) return { problems: checked.problems, ports: [], summary: node.title };
        return { problems: [], ports: portsOf(node, checked.params), summary: node.summary(checked.params) };
      },
    );
  };
