import type { Connector } from './connector.ts';

/** What an effect says of where it goes. */
export interface Addressed {
  readonly connector: string;
  readonly destination: string;
}

/** Names the server that a delivery needs: deliveries to the same one share its places and its connections. */
export type ServerOf = (effect: Addressed) => string;

/** Every destination of a connector is a server of its own. */
export const byDestination: ServerOf = ({ connector, destination }) => `${connector} ${destination}`;

/** As the connectors say it of themselves. */
export function serversOf(connectors: readonly Connector[]): ServerOf {
  const single = new Set(connectors.filter(({ oneServer }) => oneServer).map(({ name }) => name));
  return (effect) => (single.has(effect.connector) ? effect.connector : byDestination(effect));
}
