/** Writes docs/nodes.md from the definitions of the nodes: `npx node scripts/docs-nodes.ts`. A test tells when the file is out of date. */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { NodeDefinition } from '../engine/sdk.ts';
import { builtInNodes } from '../nodes/index.ts';

const FILE = new URL('../docs/nodes.md', import.meta.url);

const FAMILIES: Readonly<Record<string, string>> = {
  trigger: 'Triggers',
  flow: 'Flow',
  record: 'Records',
  task: 'Tasks',
  score: 'Scoring',
  assign: 'Assignment',
  message: 'Messages',
  http: 'Web services',
  report: 'Reports',
  document: 'Documents',
  data: 'Data',
  text: 'Texts',
};

const MARKS: Readonly<Record<string, string>> = {
  condition: 'condition',
  template: 'template',
  html: 'HTML template',
  value: 'value or `= …`',
};

const HEAD = `# Nodes

*Written by \`npx node scripts/docs-nodes.ts\` from the nodes themselves; do not edit.*

How a parameter is meant stands under "read as":

| read as | means |
|---|---|
| literal | taken as it stands |
| value or \`= …\` | a literal; a text that begins with \`=\`, also one inside a list or an object, is a JSONata expression |
| condition | a JSONata expression that is true or not; one that finds nothing is not |
| template | text with \`{{…}}\`; beginning with \`=\` it is an expression |
| HTML template | the same, values are escaped |

Expressions and templates read \`record\`, \`owner\`, \`event\`, \`nodes.<id>\`, \`vars\` and \`run\`. An expression that finds nothing leaves
its parameter out, as if it had not been written. Beside the ports that are named, every action has the port \`error\`: a failed step
leaves by it if an edge leads on, otherwise the run stops as failed and can be retried. An edge that names no port means the first one.
`;

type Schema = Readonly<Record<string, unknown>>;
const schemaOf = (value: unknown): Schema => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

/** The type of a schema in a few words. */
export function typeOf(schema: Schema): string {
  const { type } = schema;
  if ('const' in schema) return code(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(', ');
  const members = listOf(schema.anyOf ?? schema.oneOf);
  if (members.length > 0) return members.map((member) => typeOf(schemaOf(member))).join(' or ');
  if (type === 'array') return `list of ${typeOf(schemaOf(schema.items))}`;
  if (type === 'object') {
    const names = Object.keys(schemaOf(schema.properties));
    return names.length > 0 ? `{ ${names.join(', ')} }` : 'object';
  }
  if (type === 'string') return schema.format === undefined ? 'text' : `text (${String(schema.format)})`;
  return type === undefined ? 'anything' : String(type);
}

/** How a parameter is read; where any name may stand in an object, how its values are. */
function markOf(schema: Schema): string {
  const [values] = Object.values(schemaOf(schema.patternProperties));
  return String(schema['x-takt'] ?? schemaOf(values)['x-takt']);
}

interface Row {
  name: string;
  schema: Schema;
  required: boolean;
}

/** The properties of a schema, those of nested objects and lists after their parent: `cases[].port`. */
export function rowsOf(schema: Schema, prefix = ''): Row[] {
  const required = new Set(listOf(schema.required));
  return Object.entries(schemaOf(schema.properties)).flatMap(([property, sub]) => {
    const name = prefix + property;
    const own = schemaOf(sub);
    const inner = own.type === 'array' ? schemaOf(own.items) : own;
    const suffix = own.type === 'array' ? '[].' : '.';
    const nested = [inner, ...listOf(inner.anyOf).map(schemaOf)].flatMap((one) => rowsOf(one, name + suffix));
    return [{ name, schema: own, required: required.has(property) }, ...nested];
  });
}

function parameters(node: NodeDefinition): string {
  const rows = rowsOf(schemaOf(node.params)).map(({ name, schema, required }) => {
    const mark = MARKS[markOf(schema)] ?? 'literal';
    const standard = schema.default === undefined ? '' : code(JSON.stringify(schema.default));
    return `| \`${name}\` | ${cell(typeOf(schema))} | ${mark} | ${required ? 'yes' : ''} | ${standard} | ${cell(String(schema.description ?? ''))} |`;
  });
  return ['| parameter | type | read as | required | default | |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

function outputs(output: unknown): string {
  const rows = rowsOf(schemaOf(output)).map(
    ({ name, schema }) => `| \`${name}\` | ${cell(typeOf(schema))} | ${cell(String(schema.description ?? ''))} |`,
  );
  return ['| output | type | |', '|---|---|---|', ...rows].join('\n');
}

function section(node: NodeDefinition): string {
  const example = JSON.stringify({ type: node.type, params: node.example }, null, 2);
  const parts = [`### ${node.type}`, `**${node.title}.** ${node.description}`, parameters(node)];
  if (node.kind === 'action') {
    const ports = node.ports(node.example);
    parts.push(ports.length > 0 ? `Ports: ${ports.map(code).join(', ')}.` : 'No ports: nothing comes after it.');
    if (node.retry) {
      const { attempts, first, factor, max } = node.retry;
      parts.push(`Tried up to ${attempts} times: again after ${first}, then ${factor} times longer each time, at most ${max}.`);
    }
    if (node.output) parts.push(outputs(node.output));
  }
  return [...parts, `\`\`\`json\n${example}\n\`\`\``].join('\n\n');
}

/** The whole page. */
export function nodesPage(nodes: readonly NodeDefinition[]): string {
  const families = [...new Set(nodes.map((node) => node.family))];
  const parts = families.map((family) =>
    [`## ${FAMILIES[family] ?? family}`, ...nodes.filter((node) => node.family === family).map(section)].join('\n\n'),
  );
  return `${[HEAD.trimEnd(), ...parts].join('\n\n')}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const page = nodesPage(builtInNodes);
  const before = await readFile(FILE, 'utf8').catch(() => '');
  if (before !== page) await writeFile(FILE, page);
}
