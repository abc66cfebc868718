import type { RetryPolicy } from '../../schemas/workflow.ts';
import { parseDuration } from '../time/duration.ts';
import type { Retry } from './plan.ts';

const NO_RETRY: Retry = { attempts: 1, firstMs: 0, factor: 1, maxMs: 0 };

/** A policy as it stands in a file, with defaults: 10 s, doubled, at most an hour. */
export function resolveRetry(policy: RetryPolicy | undefined): Retry {
  if (!policy) return NO_RETRY;
  return {
    attempts: policy.attempts,
    firstMs: parseDuration(policy.first ?? 'PT10S'),
    factor: policy.factor ?? 2,
    maxMs: parseDuration(policy.max ?? 'PT1H'),
  };
}

/**
 * How long to wait before the next attempt, milliseconds: exponential, capped, with "equal jitter" – half fixed, half by chance
 * (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), so that many failures at once do not return at once.
 * @param failures how many attempts have failed, at least 1
 * @param chance a number in [0, 1)
 * @returns undefined when no attempt is left
 */
export function retryDelay(retry: Retry, failures: number, chance: number): number | undefined {
  if (failures >= retry.attempts) return undefined;
  const full = Math.min(retry.maxMs, retry.firstMs * retry.factor ** (failures - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}
