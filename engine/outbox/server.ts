import type { Connector } from './connector.ts';

/** What an effect says of where it goes. */
export interface Addressed {
  readonly connector: string;
  readonly destination: string;
}

/** Names the server that a delivery needs: deliveries to the same one share its places and its connections. */
export type ServerOf = (effect: Addressed) => string;

/** Longer than names of hosts are; an index takes no more than 2,700 bytes, and a job that it does not take would keep all others waiting. */
const LONGEST = 300;

/** Every destination of a connector is a server of its own. */
export const byDestination: ServerOf = ({ connector, destination }) => `${connector} ${destination}`.slice(0, LONGEST);

/** As the connectors say it of themselves. */
export function serversOf(connectors: readonly Connector[]): ServerOf {
  const single = new Set(connectors.filter(({ oneServer }) => oneServer).map(({ name }) => name));
  return (effect) => (single.has(effect.connector) ? effect.connector : byDestination(effect));
}
