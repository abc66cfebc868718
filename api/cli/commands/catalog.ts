/** What exists here: node types and entities. */
import type { Command } from 'commander';
import { TaktError } from '../../../engine/errors/index.ts';
import type { NodeDefinition } from '../../../engine/node/definition.ts';
import { parseJson } from '../../../engine/schema/json.ts';
import { didYouMean } from '../../../engine/schema/nearest.ts';
import type { FieldDefinition } from '../../../schemas/entity.ts';
import { examples, jsonOption } from '../arguments.ts';
import { type CliContext, inFile, readText } from '../context.ts';
import { showFields, showJson, showTable, showTitle } from '../show.ts';

export function addCatalog(program: Command, context: CliContext): void {
  addNodes(program, context);
  addEntities(program, context);
}

function addNodes(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('nodes')
    .description('list the node types, or show one with its parameters')
    .argument('[type]', 'such as task.create')
    .addOption(jsonOption())
    .action((type: string | undefined, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const { nodeTypes } = engine;
        if (type === undefined) {
          const list = nodeTypes.list();
          if (options.json) return showJson(io, list.map(nodeJson));
          return showTable(
            io,
            ['type', 'version', 'kind', 'title'],
            list.map((node) => [node.type, node.version, node.kind, node.title]),
            'There are none.',
          );
        }
        const node = nodeTypes.get(type);
        if (!node) {
          const hint = didYouMean(type, nodeTypes.types());
          throw new TaktError('NODE_TYPE_UNKNOWN', {
            message: `There is no node type "${type.slice(0, 100)}".`,
            ...(hint === undefined ? {} : { hint }),
          });
        }
        if (options.json) return showJson(io, nodeJson(node));
        io.out(`${node.title} (${node.type}, version ${node.version})\n${node.description}`);
        if (node.kind === 'action') showFields(io, [['ports', [...node.ports(node.example), 'error'].join(', ')]]);
        showTitle(io, 'Example');
        io.out(JSON.stringify({ type: node.type, params: node.example }, null, 2));
        showTitle(io, 'Parameters (JSON Schema)');
        io.out(JSON.stringify(node.params, null, 2));
      }),
    );
}

function nodeJson(node: NodeDefinition): object {
  const { type, version, kind, family, title, description, params, example } = node;
  return { type, version, kind, family, title, description, params, example, ...(node.kind === 'action' ? { output: node.output } : {}) };
}

function addEntities(program: Command, context: CliContext): void {
  const { io } = context;
  program
    .command('entities')
    .description('list the entities, or show the fields of one')
    .argument('[name]', 'such as lead')
    .addOption(jsonOption())
    .action((name: string | undefined, options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const registry = await engine.entities.registry();
        if (name === undefined) {
          const list = registry.list().map((entity) => entity.definition);
          if (options.json) return showJson(io, list);
          const fields = (definition: (typeof list)[number]): number => Object.keys(definition.fields).length;
          return showTable(
            io,
            ['name', 'title', 'fields'],
            list.map((one) => [one.name, one.title, fields(one)]),
            'There are none.',
          );
        }
        const { definition } = registry.require(name);
        if (options.json) return showJson(io, definition);
        io.out(`${definition.title} (${definition.name})${definition.description === undefined ? '' : `\n${definition.description}`}`);
        if (definition.stages) showFields(io, [['stages', definition.stages.map((stage) => stage.id).join(' → ')]]);
        showTitle(io, 'Fields');
        showTable(
          io,
          ['name', 'type', 'title'],
          Object.entries(definition.fields).map(([field, one]) => [field, typeText(one), one.title]),
          'It has no fields.',
        );
      }),
    );
  program
    .command('entity')
    .description('define an entity, or custom fields of a built-in one')
    .command('define')
    .description('read a definition from a file; what was defined under its name is replaced')
    .argument('<file>')
    .addHelpText('after', examples('takt entity define visit.json'))
    .action((path: string) =>
      context.visit(async ({ engine }) => {
        const entity = await inFile(path, async () => engine.entities.define(parseJson(await readText(path), 'ENTITY_INVALID')));
        io.out(`${entity.name} is defined, with ${entity.fieldNames.length} fields.`);
      }),
    );
}

function typeText(field: FieldDefinition): string {
  const many = 'many' in field && field.many ? ', many' : '';
  const to = field.type === 'reference' ? ` to ${field.entity}` : '';
  const required = 'required' in field && field.required ? ', required' : '';
  return `${field.type}${to}${many}${required}`;
}
