const UNITS = [
  ['D', 86_400_000],
  ['H', 3_600_000],
  ['M', 60_000],
  ['S', 1_000],
] as const;

/** Milliseconds as an ISO 8601 duration in its shortest form: `P1DT2H`, `PT0S`. A rest below a second is cut off. */
export function isoDuration(ms: number): string {
  let left = ms;
  let text = 'P';
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count === 0) continue;
    if (unit !== 'D' && !text.includes('T')) text += 'T';
    text += `${count}${unit}`;
  }
  return text === 'P' ? 'PT0S' : text;
}
