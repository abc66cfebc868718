import type { ReadingContext } from '../node/context.ts';
import { WriteUnit } from './step-unit.ts';
import type { Workspace } from './workspace.ts';

/** Reads and finds as a step's, for whoever is none. @param id of the part of the system that reads */
export function readsOf(workspace: Workspace, id: string): Pick<ReadingContext, 'read' | 'found'> {
  const unit = new WriteUnit(workspace, { author: { kind: 'system', id }, chain: [] });
  return { read: (record) => unit.read(record), found: (query) => unit.found(query) };
}
