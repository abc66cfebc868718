import { asTaktError, type ErrorData, TaktError } from '../../engine/index.ts';
import type { Change, Changed } from '../../engine/runtime/change.ts';
import type { Intake } from '../../engine/runtime/intake.ts';
import type { Author } from '../../engine/store/schema.ts';
import { itemProblem } from './problem.ts';

export type ItemOutcome = { ok: true; value: Changed } | { ok: false; error: ErrorData };

/**
 * Submits many changes together. An item that `changeOf` refuses fails by itself; the others are written.
 * @returns one outcome for each item, in the order given
 */
export async function outcomesOf<T>(
  intake: Intake,
  items: readonly T[],
  changeOf: (item: T) => Change,
  author: Author,
): Promise<ItemOutcome[]> {
  const prepared = items.map((item) => attempt(() => changeOf(item)));
  const changes = prepared.flatMap((one) => (one.ok ? [one.change] : []));
  const outcomes = (changes.length > 0 ? await intake.submit(changes, author) : []).values();
  return prepared.map((one) => {
    if (!one.ok) return { ok: false, error: one.error };
    const outcome = outcomes.next().value;
    if (outcome?.ok) return { ok: true, value: outcome.value };
    return { ok: false, error: itemProblem(outcome?.error ?? new TaktError('INTERNAL')) };
  });
}

function attempt(work: () => Change): { ok: true; change: Change } | { ok: false; error: ErrorData } {
  try {
    return { ok: true, change: work() };
  } catch (thrown) {
    return { ok: false, error: itemProblem(asTaktError(thrown)) };
  }
}
