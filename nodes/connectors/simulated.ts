import { createHash } from 'node:crypto';
import type { SimulatedConnector } from '../../engine/sdk.ts';

/** The built-in connectors in a simulation: they send nothing and answer as the real ones do when all goes well. */
export const simulatedConnectors: readonly SimulatedConnector[] = [
  { name: 'mail', answer: (_payload, key) => ({ messageId: `<${key}@simulated.example>`, rejected: [] }) },
  { name: 'message', answer: (_payload, key) => ({ messageId: key, rejected: [] }) },
  { name: 'document', answer: ({ name = '' }, key) => ({ file: fileId(key), name, size: 0, pages: 1 }) },
  { name: 'words', answer: ({ fallback = '' }) => ({ text: fallback, source: 'template', why: null }) },
  { name: 'http', answer: () => ({ status: 200, headers: {}, body: null, truncated: false }) },
];

/** A UUID of version 8 (RFC 9562) made of the key: equal keys are equal files. */
function fileId(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
