/** What people do themselves: where a person stands behind a message, no policy keeps it back. */
import type { Consent } from '../node/definition.ts';
import type { EventRow } from '../unit/rows.ts';

/** For so long after its start a run that was started by hand speaks for the person, milliseconds. */
export const SPEAKS_FOR_MS = 3_600_000;

/** Was the run that this event begins started by hand, on one record? Not those of a bulk start, nor what workflows write. */
export const isStartedByHand = ({ type, recordId, chain, data }: EventRow): boolean =>
  type === 'run.requested' && recordId !== null && chain.length === 0 && data.job === undefined;

/** Is it the consent that a step waits for, and was it given outside of any workflow? */
export function isConsent({ type, chain, data }: EventRow, { field, value }: Consent): boolean {
  if (type !== 'record.updated' || chain.length > 0) return false;
  const { changes } = data;
  const change = typeof changes === 'object' && changes !== null && !Array.isArray(changes) ? changes[field] : undefined;
  return Array.isArray(change) && change[1] === value;
}
