/** Likes within a set of records: who is worth comparing with whom, and which keys are of several. */
import { compare, nameTrait } from './compare.ts';
import { nameKeysOf, sureKeysOf } from './keys.ts';
import type { Likeness } from './likeness.ts';

/** A key that more records have says nothing: they are not compared because of it. */
const LARGEST_BLOCK = 300;
/** Records under one key whose names are held against each other to find out whether it is of several. */
const MOST_ASKED = 12;

function blocksOf(list: readonly Likeness[], keysOf: (one: Likeness) => readonly string[]): Map<string, number[]> {
  const blocks = new Map<string, number[]>();
  for (const [i, one] of list.entries()) {
    for (const key of keysOf(one)) {
      const block = blocks.get(key);
      if (block) block.push(i);
      else blocks.set(key, [i]);
    }
  }
  return blocks;
}

/** A name that so many records have is no sign that two of them are one. */
const COMMON_NAME = 8;

/**
 * What says less than it seems, as far as these records show it: `email:…` and `phone:…` that are of several – two records that have it in common
 * are of other names, or are companies in other places –, and `name:…` that several have.
 */
export function commonTraits(list: readonly Likeness[]): Set<string> {
  const common = new Set<string>();
  for (const [key, block] of blocksOf(list, sureKeysOf)) {
    const asked = block.slice(0, MOST_ASKED).flatMap((i) => list[i] ?? []);
    if (block.length > LARGEST_BLOCK || asked.some((one, i) => asked.slice(i + 1).some((other) => contradict(one, other)))) common.add(key);
  }
  for (const [name, { length }] of blocksOf(list, ({ names }) => names.map(nameTrait))) if (length >= COMMON_NAME) common.add(name);
  return common;
}

const contradict = (one: Likeness, other: Likeness): boolean =>
  compare(one, other).reasons.some(({ code }) => code === 'name_differs' || (one.of === 'company' && code === 'differs'));

/** Pairs of places in the list that have a key in common, each pair once, the earlier place first. */
export function* candidatePairs(list: readonly Likeness[]): Generator<readonly [number, number], void, void> {
  const seen = new Set<number>();
  for (const block of blocksOf(list, (one) => [...sureKeysOf(one), ...nameKeysOf(one)]).values()) {
    if (block.length > LARGEST_BLOCK) continue;
    for (const [at, i] of block.entries()) {
      for (const j of block.slice(at + 1)) {
        const pair = i * list.length + j;
        if (seen.has(pair)) continue;
        seen.add(pair);
        yield [i, j];
      }
    }
  }
}
