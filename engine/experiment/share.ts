/** Where a record stands in a split: always the same place, without a memory of it. */
import { createHash } from 'node:crypto';
import { TaktError } from '../errors/index.ts';

const BYTES = 6;

/**
 * A number in [0, 1) that depends on the texts alone: the first 48 bits of their SHA-256. Numbers are spread evenly, and those of one id in
 * two splits have nothing to do with each other. Who is in a share of 10% (`< 0.1`) stays in it when the share grows.
 * @param parts what makes the place, such as workflow, node and record
 */
export function stickyShare(...parts: string[]): number {
  // As JSON, so that ('ab', 'c') is not ('a', 'bc').
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUIntBE(0, BYTES) / 256 ** BYTES;
}

/**
 * Which of the arms a share falls to, by weights of any sum; an arm without weight gets nobody. Gives the index.
 * Throws TaktError INPUT_INVALID where a weight is negative, or none is positive.
 */
export function chooseArm(share: number, weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!weights.every((weight) => weight >= 0) || !(sum > 0) || !Number.isFinite(sum)) {
    throw new TaktError('INPUT_INVALID', {
      message: `The weights ${JSON.stringify(weights)} divide nothing.`,
      hint: 'Give every arm a weight of 0 or more, and at least one more than 0.',
    });
  }
  let end = 0;
  const chosen = weights.findIndex((weight) => {
    end += weight;
    return share * sum < end;
  });
  // Rounding may leave the very end of the last arm uncovered.
  return chosen === -1 ? weights.findLastIndex((weight) => weight > 0) : chosen;
}
