/** What becomes of an effect after an attempt. Pure. */
import type { JsonObject } from '../../schemas/json.ts';
import type { ErrorData, TaktError } from '../errors/index.ts';
import { retryDelay } from '../graph/retry.ts';
import type { Settlement } from '../store/queries/effects.ts';
import type { EffectRow } from '../unit/rows.ts';
import type { EffectJob } from './queue.ts';
import type { Addressed } from './server.ts';

export interface Sent {
  job: EffectJob;
  effect: EffectRow;
  /** Undefined where its turn did not come. */
  outcome: { ok: true; result: JsonObject } | { ok: false; error: TaktError } | undefined;
  /** The process stops: this was no fair attempt. */
  interrupted: boolean;
}

/**
 * Sent, to be tried again later, or dead.
 * @param chance from 0 to 1, for the delay before the next attempt
 */
export function settlementOf({ effect, outcome, interrupted }: Sent, chance: number, now: number): Settlement & Addressed {
  const { id, runId, connector, destination, error: before } = effect;
  const base = { id, runId, connector, destination, untried: false };
  if (!outcome) return { ...base, status: 'pending', result: null, error: before, nextAt: now, settledAt: null, untried: true };
  if (outcome.ok) return { ...base, status: 'sent', result: outcome.result, error: null, nextAt: null, settledAt: now };
  const { error } = outcome;
  if (interrupted) return { ...base, status: 'pending', result: null, error: error.toData(), nextAt: now, settledAt: null };
  const delay = error.transient ? retryDelay(effect.retry, effect.attempts, chance) : undefined;
  if (delay === undefined) return { ...base, status: 'dead', result: null, error: error.toData(), nextAt: null, settledAt: now };
  return {
    ...base,
    status: 'pending',
    result: null,
    error: error.toData(),
    nextAt: now + Math.max(delay, error.retryAfterMs ?? 0),
    settledAt: null,
  };
}

/** What the run that waits for the effect is told. */
export function answerOf(entry: Settlement): { ok: true; result: JsonObject } | { ok: false; error: ErrorData } {
  return entry.error ? { ok: false, error: entry.error } : { ok: true, result: entry.result ?? {} };
}
