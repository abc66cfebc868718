/** Medians of the rounds, each beside Takt's that was measured right before it. */
import { median, quantile, rounded } from '../figure.ts';
import type { Measure, Round } from './measure.ts';

/** Figures of one contestant; null where it has no such work. */
export interface Standing {
  name: string;
  /** Workflows a second, every step saved before the next begins; Takt saves the steps of a run together. */
  workflows_per_s: number | null;
  /** Its slowest and its fastest. */
  workflows_range: [number, number] | null;
  /** Takt's workflows a second over this one's, median of the pairs. */
  takt_over_workflows: number | null;
  /** Processor time of it, milliseconds a workflow: of the contestant's processes, and of PostgreSQL. */
  own_ms: number | null;
  postgres_ms: number | null;
  /** The same work, only the steps that write saved. */
  lean_per_s: number | null;
  /** The same work, all steps of a workflow saved in one transaction. */
  atomic_per_s: number | null;
  /** Takt's workflows a second over the fastest of the three ways. */
  takt_over_best: number | null;
  /** Jobs of one step a second. */
  jobs_per_s: number | null;
  /** Takt's jobs a second over this one's. */
  takt_over_jobs: number | null;
  /** From posting an event on a quiet system until its first step is saved, milliseconds; median and 99th of a hundred of all rounds. */
  first_step_p50_ms: number | null;
  first_step_p99_ms: number | null;
  /** After the start, before any work, MB; with the server that a contestant brings along. */
  idle_memory_mb: number | null;
}

interface Pair {
  takt: Round;
  own: Round;
}

/** @param rounds in the order in which they were measured; those of Takt are named `takt`, and each peer's comes after one of them */
export function standings(rounds: readonly Round[]): Standing[] {
  const pairs = paired(rounds);
  return [...new Set(rounds.map(({ name }) => name))].map((name) => {
    const own = pairs.filter((pair) => pair.own.name === name);
    const of = (measure: Measure): number[] => own.flatMap((pair) => pair.own.values[measure]);
    const [rates, first] = [of('workflows'), of('first')];
    return {
      name,
      workflows_per_s: middle(rates),
      workflows_range: rates.length === 0 ? null : [rounded(Math.min(...rates)), rounded(Math.max(...rates))],
      takt_over_workflows: ratio(own, 'workflows', ['workflows']),
      own_ms: middle(of('own')),
      postgres_ms: middle(of('postgres')),
      lean_per_s: middle(of('lean')),
      atomic_per_s: middle(of('atomic')),
      takt_over_best: ratio(own, 'workflows', ['workflows', 'lean', 'atomic']),
      jobs_per_s: middle(of('jobs')),
      takt_over_jobs: ratio(own, 'jobs', ['jobs']),
      first_step_p50_ms: middle(first),
      first_step_p99_ms: first.length === 0 ? null : rounded(quantile(first, 0.99)),
      idle_memory_mb: middle(of('memory').map((bytes) => bytes / 2 ** 20)),
    };
  });
}

/** Each with the last of Takt's before it, Takt's with itself. */
function paired(rounds: readonly Round[]): Pair[] {
  let takt: Round | undefined;
  return rounds.map((own) => {
    if (own.name === 'takt') takt = own;
    if (!takt) throw new RangeError(`Takt was not measured before ${own.name}.`);
    return { takt, own };
  });
}

/** Takt's rate over the fastest of a contestant's ways, median of the pairs. */
function ratio(pairs: readonly Pair[], ofTakt: Measure, ways: readonly Measure[]): number | null {
  return middle(
    pairs.flatMap(({ takt, own }) => {
      const rates = ways.flatMap((way) => own.values[way]);
      return rates.length === 0 ? [] : takt.values[ofTakt].map((rate) => rate / Math.max(...rates));
    }),
  );
}

const middle = (values: readonly number[]): number | null => (values.length === 0 ? null : rounded(median(values)));

export const COLUMNS = [
  '',
  'workflows/s',
  'from – to',
  'Takt ÷',
  'own ms',
  'PG ms',
  'lean/s',
  'atomic/s',
  'Takt ÷ best',
  'jobs/s',
  'Takt ÷',
  'p50 ms',
  'p99 ms',
  'idle MB',
] as const;

/** One line of the table. */
export function cells(standing: Standing): string[] {
  const { name, workflows_range: range } = standing;
  const figures = [
    standing.takt_over_workflows,
    standing.own_ms,
    standing.postgres_ms,
    standing.lean_per_s,
    standing.atomic_per_s,
    standing.takt_over_best,
    standing.jobs_per_s,
    standing.takt_over_jobs,
    standing.first_step_p50_ms,
    standing.first_step_p99_ms,
    standing.idle_memory_mb,
  ];
  return [name, shown(standing.workflows_per_s), range === null ? '–' : `${shown(range[0])} – ${shown(range[1])}`, ...figures.map(shown)];
}

const shown = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-GB', { maximumSignificantDigits: 3 }));
