const MAX_LENGTH = 100_000;

/**
 * Where JSON text goes wrong, from 0. V8 tells the place only with some of its messages; for the others the shortest beginning
 * that cannot be continued to JSON is looked for, in log₂(length) attempts: under 10 ms for the longest text that is looked through.
 * Undefined for longer ones: whoever sends nonsense shall not have us work on it.
 */
export function faultPosition(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let [fine, broken] = [0, text.length + 1];
  while (broken - fine > 1) {
    const middle = (fine + broken) >> 1;
    if (isBroken(text.slice(0, middle))) broken = middle;
    else fine = middle;
  }
  return broken - 1;
}

/** Is there something wrong before the end, so that nothing that follows could mend it? */
function isBroken(start: string): boolean {
  try {
    JSON.parse(start);
    return false;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position !== undefined) return Number(position) < start.length && !message.startsWith('Unterminated');
    return !message.startsWith('Unexpected end');
  }
}
