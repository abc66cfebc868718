/** Branches of a run that wait for each other for ever, through a place that the run holds itself. Pure over the run's state. */
import type { Progress } from './progress.ts';
import type { RunState, Token } from './state.ts';

/**
 * Where nothing from outside can move the run any more, the step of a branch in line is told so, and fails. Called when no token is ready
 * and no structure holds.
 * @returns whether there was one
 */
export function breakDeadlock({ state }: Progress): boolean {
  const inLine = state.tokens.filter((token) => isHeldUp(state, token));
  const hopeless = state.tokens.every((token) => token.wait?.kind === 'join' || token.wait?.kind === 'scope' || inLine.includes(token));
  const [token] = inLine;
  if (!hopeless || !token) return false;
  token.status = 'ready';
  token.woken = 'stuck';
  return true;
}

/** Is it in line for a place that another branch of the run is in? One whose branch is gone is given free in a moment. */
function isHeldUp({ tokens, places = [] }: RunState, { wait }: Token): boolean {
  const key = wait?.place;
  if (key === undefined) return false;
  return places.some(
    (place) =>
      place.key === key &&
      tokens.some((token) => token.places?.[key] === place.wait) &&
      !tokens.some((token) => token.wait?.place === key && token.wait.id === place.wait),
  );
}
