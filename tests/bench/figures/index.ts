import type { Benchmark } from '../figure.ts';
import { assignment } from './assignment.ts';
import { calendar } from './calendar.ts';
import { expressions } from './expressions.ts';
import { latency } from './latency.ts';
import { matching } from './matching.ts';
import { outbox } from './outbox.ts';
import { retention } from './retention.ts';
import { simulation } from './simulation.ts';
import { sleepers } from './sleepers.ts';
import { start } from './start.ts';
import { tables } from './tables.ts';
import { throughput } from './throughput.ts';

/** All measurements, in the order in which they are made. */
export const benchmarks: readonly Benchmark[] = [
  ...throughput,
  ...latency,
  ...assignment,
  ...expressions,
  ...calendar,
  ...matching,
  ...simulation,
  ...outbox,
  ...sleepers,
  ...start,
  ...tables,
  ...retention,
];
