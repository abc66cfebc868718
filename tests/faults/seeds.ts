/** Plays seeds, one after the other, and tells of those in which a rule was broken. */
import { createHash } from 'node:crypto';
import { type Bed, makeBed } from './bed.ts';
import { NO_PLANT, type Plant } from './plant.ts';
import { broken } from './rules.ts';
import { type Finding, World } from './world.ts';

export interface Played {
  seed: number;
  /** Equal for equal courses of events. */
  hash: string;
  faults: number;
  findings: Finding[];
  /** Every statement, fault and start, a line each, with the milliseconds since the beginning. */
  trace: readonly string[];
}

export async function playSeed(bed: Bed, seed: number, plant: Plant = NO_PLANT): Promise<Played> {
  const world = new World(bed, seed, plant);
  const rested = await world.play();
  const unrest = rested ? [] : [{ rule: 'a world comes to rest', detail: world.unrest() }];
  return {
    seed,
    hash: world.trace.hash(world.state()),
    faults: world.weather.struck,
    findings: [...world.findings, ...unrest, ...broken(world)],
    trace: world.trace.lines,
  };
}

export interface SeedsOptions {
  from: number;
  count: number;
  /** Called after each seed. */
  onPlayed: (played: Played) => void;
  /** Ends it after the seed under way. */
  signal: AbortSignal;
}

export interface SeedsResult {
  seeds: number;
  from: number;
  /** Seeds in which a rule was broken. */
  broken: number[];
  faults: number;
  /** Statements, and what else was noted. */
  lines: number;
  /** Of the hashes of all seeds. */
  hash: string;
}

export async function playSeeds({ from, count, onPlayed, signal }: SeedsOptions): Promise<SeedsResult> {
  const bed = await makeBed();
  const hashes = createHash('sha256');
  const result: SeedsResult = { seeds: 0, from, broken: [], faults: 0, lines: 0, hash: '' };
  for (let seed = from; seed < from + count && !signal.aborted; seed++) {
    const played = await playSeed(bed, seed);
    onPlayed(played);
    hashes.update(played.hash);
    result.seeds++;
    result.faults += played.faults;
    result.lines += played.trace.length;
    if (played.findings.length > 0) result.broken.push(seed);
  }
  return { ...result, hash: hashes.digest('hex').slice(0, 16) };
}
