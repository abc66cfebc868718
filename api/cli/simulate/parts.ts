import type { WorldParts } from '../../../engine/simulate/index.ts';
import { builtInNodes, loadNodePackages, simulatedConnectors, taskEntity } from '../../../nodes/index.ts';
import { builtInEntities } from '../../../schemas/entities/index.ts';

/**
 * What simulated worlds are made of here. Connectors of node packages are replaced as well: in a simulation nothing leaves the house.
 * @param nodePackages paths, as in TAKT_NODES
 * @throws TaktError NODE_PACKAGE
 */
export async function simulationParts(nodePackages: readonly string[] = []): Promise<WorldParts> {
  const packages = await loadNodePackages(nodePackages);
  return {
    nodes: [...builtInNodes, ...packages.nodes],
    entities: builtInEntities,
    connectors: [...simulatedConnectors, ...packages.connectors.map(({ name }) => ({ name }))],
    tasks: taskEntity,
  };
}
