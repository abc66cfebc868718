/** Loads node packages that do not belong to Takt. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Connector, type NodeDefinition, TaktError } from '../engine/sdk.ts';

export interface NodePackage {
  nodes: readonly NodeDefinition[];
  connectors: readonly Connector[];
}

const TYPE = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/;

/**
 * The nodes and connectors of packages, in the order given.
 * @param paths files, or folders with a package.json (`main`) or an index.js; relative to the working directory
 * Throws TaktError NODE_PACKAGE, which names the path.
 */
export async function loadNodePackages(paths: readonly string[]): Promise<NodePackage> {
  const packages: NodePackage[] = [];
  // Only where there is a package: the hook is asked for every module that is loaded after it.
  if (paths.length > 0) await import('./register.ts');
  for (const path of paths) packages.push(await loadOne(path));
  return { nodes: packages.flatMap(({ nodes }) => nodes), connectors: packages.flatMap(({ connectors }) => connectors) };
}

async function loadOne(path: string): Promise<NodePackage> {
  try {
    const file = createRequire(import.meta.url).resolve(resolve(path));
    const module: unknown = await import(pathToFileURL(file).href);
    return asPackage(Reflect.get(Object(module), 'default'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TaktError('NODE_PACKAGE', { message: `The node package ${path} cannot be loaded: ${why}`, cause });
  }
}

function asPackage(exported: unknown): NodePackage {
  if (typeof exported !== 'object' || exported === null) throw new TypeError('it has no default export.');
  const nodes: unknown = Reflect.get(exported, 'nodes');
  const connectors: unknown = Reflect.get(exported, 'connectors') ?? [];
  if (!Array.isArray(nodes) || !nodes.every(isDefinition))
    throw new TypeError('"nodes" is not a list of what defineNode and defineTrigger give.');
  if (!Array.isArray(connectors) || !connectors.every(isConnector)) throw new TypeError('"connectors" is not a list of { name, send }.');
  for (const node of nodes) node.checkSchema();
  return { nodes, connectors };
}

function isDefinition(value: unknown): value is NodeDefinition {
  const one = Object(value);
  const common =
    typeof one.type === 'string' && TYPE.test(one.type) && Number.isInteger(one.version) && typeof one.checkFile === 'function';
  return (
    common &&
    ((one.kind === 'action' && typeof one.run === 'function') || (one.kind === 'trigger' && typeof one.subscriptions === 'function'))
  );
}

function isConnector(value: unknown): value is Connector {
  const one = Object(value);
  return typeof one.name === 'string' && one.name !== '' && typeof one.send === 'function';
}
