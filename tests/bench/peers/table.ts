/** Medians of the rounds, each beside Takt's of the same round. */
import { median, quantile, rounded } from '../figure.ts';
import type { Round } from './measure.ts';
import type { Work } from './programs/protocol.ts';

/** Figures of one contestant; null where it has no such work. */
export interface Standing {
  name: string;
  /** Workflows a second, every step saved. */
  workflows_per_s: number | null;
  /** Of every round, its slowest and its fastest. */
  workflows_range: [number, number] | null;
  /** Takt's workflows a second over this one's, median of the rounds; each pair is of one round. */
  takt_is_faster: number | null;
  /** The same work, only the steps that write saved. */
  lean_per_s: number | null;
  /** Jobs of one step a second. */
  jobs_per_s: number | null;
  /** From posting an event on a quiet system until its first step is saved, milliseconds; median and 99th of a hundred of all rounds. */
  first_step_p50_ms: number | null;
  first_step_p99_ms: number | null;
  /** After the start, before any work, MB; with the server that a contestant brings along. */
  idle_memory_mb: number | null;
}

/** @param rounds in the order in which they were measured; Takt's are named `takt` */
export function standings(rounds: readonly Round[]): Standing[] {
  const names = [...new Set(rounds.map(({ name }) => name))];
  return names.map((name) => {
    const rates = of(rounds, name, 'workflows');
    const takt = of(rounds, 'takt', 'workflows');
    const ratios = rates.flatMap((rate, i) => (takt[i] === undefined ? [] : [takt[i] / rate]));
    const first = of(rounds, name, 'first');
    return {
      name,
      workflows_per_s: middle(rates),
      workflows_range: rates.length === 0 ? null : [rounded(Math.min(...rates)), rounded(Math.max(...rates))],
      takt_is_faster: middle(ratios),
      lean_per_s: middle(of(rounds, name, 'lean')),
      jobs_per_s: middle(of(rounds, name, 'jobs')),
      first_step_p50_ms: middle(first),
      first_step_p99_ms: first.length === 0 ? null : rounded(quantile(first, 0.99)),
      idle_memory_mb: middle(of(rounds, name, 'memory').map((bytes) => bytes / 2 ** 20)),
    };
  });
}

const of = (rounds: readonly Round[], name: string, work: Work): number[] =>
  rounds.filter((round) => round.name === name).flatMap(({ values }) => values[work]);

const middle = (values: readonly number[]): number | null => (values.length === 0 ? null : rounded(median(values)));

export const COLUMNS = ['', 'workflows/s', 'from – to', 'Takt ÷', 'lean/s', 'jobs/s', 'p50 ms', 'p99 ms', 'idle MB'] as const;

/** One line of the table. */
export function cells(standing: Standing): string[] {
  const { name, workflows_range: range } = standing;
  const figures = [
    standing.lean_per_s,
    standing.jobs_per_s,
    standing.first_step_p50_ms,
    standing.first_step_p99_ms,
    standing.idle_memory_mb,
  ];
  return [
    name,
    shown(standing.workflows_per_s),
    range === null ? '–' : `${shown(range[0])} – ${shown(range[1])}`,
    shown(standing.takt_is_faster),
    ...figures.map(shown),
  ];
}

const shown = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-GB', { maximumSignificantDigits: 3 }));
