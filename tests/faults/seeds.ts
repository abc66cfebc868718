/** Plays seeds, one after the other, and tells of those in which a rule was broken. */
import type { Bed } from './bed.ts';
import { NO_PLANT, type Plant } from './plant.ts';
import { broken } from './rules.ts';
import { type Finding, World } from './world.ts';

export interface Played {
  seed: number;
  /** Equal for equal courses of events. */
  hash: string;
  faults: number;
  /** Statements and whatever else was noted. */
  lines: number;
  findings: Finding[];
  /** The end of the trace; empty where nothing was found. */
  trace: string[];
}

export async function playSeed(bed: Bed, seed: number, plant: Plant = NO_PLANT): Promise<Played> {
  const world = new World(bed, seed, plant);
  const rested = await world.play();
  const findings = [...world.findings, ...(rested ? [] : [{ rule: 'a world comes to rest', detail: world.unrest() }]), ...broken(world)];
  return {
    seed,
    hash: world.trace.digest(world.state()),
    faults: world.weather.struck,
    lines: world.trace.lines,
    findings,
    trace: findings.length > 0 ? world.trace.last() : [],
  };
}
