/** Names of nodes in another version of their workflow, as texts: `old=new`. */
import { TaktError } from '../engine/index.ts';
import type { NodeMapping } from '../engine/versions/move.ts';

/** Throws MOVE_INVALID where a text is no pair, or two of them name the same node. */
export function readMapping(pairs: readonly string[]): NodeMapping {
  const entries = pairs.map((pair) => {
    const [from = '', to = '', ...more] = pair.split('=').map((name) => name.trim());
    if (from !== '' && to !== '' && more.length === 0) return [from, to] as const;
    throw new TaktError('MOVE_INVALID', { message: `"${pair.slice(0, 130)}" is no mapping.`, hint: 'Write old=new.' });
  });
  const mapping = Object.fromEntries(entries);
  if (Object.keys(mapping).length === entries.length) return mapping;
  throw new TaktError('MOVE_INVALID', { message: 'The mapping names a node twice.' });
}
