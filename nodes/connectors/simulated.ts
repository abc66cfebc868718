import type { SimulatedConnector } from '../../engine/sdk.ts';

/** The built-in connectors in a simulation: they send nothing and answer as the real ones do when all goes well. */
export const simulatedConnectors: readonly SimulatedConnector[] = [
  { name: 'mail', answer: (_payload, key) => ({ messageId: `<${key}@simulated.example>`, rejected: [] }) },
  { name: 'http', answer: () => ({ status: 200, headers: {}, body: null, truncated: false }) },
];
