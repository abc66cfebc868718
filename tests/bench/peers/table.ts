/** Medians of the rounds, each beside Takt's that was measured right before it. */
import { median, quantile, rounded } from '../figure.ts';
import type { Round } from './measure.ts';
import { WAYS, type Way } from './programs/protocol.ts';

/** A way of working of a contestant. */
export interface Rate {
  name: string;
  way: Way;
  /** Workflows or jobs a second. */
  per_s: number;
  /** Its slowest and its fastest round. */
  range: [number, number];
  /** Takt's rate over this one – Takt's jobs for jobs, else Takt's workflows –, median of the pairs. */
  takt_over: number;
  /** Processor time of one, milliseconds: of the contestant's processes, and of PostgreSQL. */
  own_ms: number;
  postgres_ms: number;
  /** All processor time over Takt's, median of the pairs. */
  processor_over_takt: number;
}

/** A contestant that has nothing to do. */
export interface Quiet {
  name: string;
  /** From posting an event until its first step is saved, milliseconds; median and 99th of a hundred, of the samples of all rounds. */
  first_step_p50_ms: number;
  first_step_p99_ms: number;
  /** After the start, before any work, MB; with the server that a contestant brings along. */
  idle_memory_mb: number;
}

interface Pair {
  takt: Round;
  own: Round;
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

const names = (rounds: readonly Round[]): string[] => [...new Set(rounds.map(({ name }) => name))];

/** @param rounds in the order in which they were measured; those of Takt are named `takt`, and each peer's comes after one of them */
export function rates(rounds: readonly Round[]): Rate[] {
  const pairs = paired(rounds);
  return names(rounds).flatMap((name) =>
    WAYS.flatMap((way): Rate[] => {
      const both = pairs.flatMap(({ takt, own }) => {
        const [mine, theirs] = [own.work[way], takt.work[way === 'jobs' ? 'jobs' : 'workflows']];
        return own.name === name && mine && theirs ? [{ mine, theirs }] : [];
      });
      if (both.length === 0) return [];
      const perSecond = both.map(({ mine }) => mine.perSecond);
      return [
        {
          name,
          way,
          per_s: middle(perSecond),
          range: [rounded(Math.min(...perSecond)), rounded(Math.max(...perSecond))],
          takt_over: middle(both.map(({ mine, theirs }) => theirs.perSecond / mine.perSecond)),
          own_ms: middle(both.map(({ mine }) => mine.ownMs)),
          postgres_ms: middle(both.map(({ mine }) => mine.postgresMs)),
          processor_over_takt: middle(both.map(({ mine, theirs }) => (mine.ownMs + mine.postgresMs) / (theirs.ownMs + theirs.postgresMs))),
        },
      ];
    }),
  );
}

export function quiet(rounds: readonly Round[]): Quiet[] {
  return names(rounds).map((name) => {
    const own = rounds.filter((round) => round.name === name);
    const first = own.flatMap(({ firstStepMs }) => firstStepMs);
    return {
      name,
      first_step_p50_ms: middle(first),
      first_step_p99_ms: rounded(quantile(first, 0.99)),
      idle_memory_mb: middle(own.map(({ idleBytes }) => idleBytes / 2 ** 20)),
    };
  });
}

const middle = (values: readonly number[]): number => rounded(median(values));

const shown = (value: number): string => value.toLocaleString('en-GB', { maximumSignificantDigits: 3 });

export const RATE_COLUMNS = ['', 'way', 'a second', 'from – to', 'Takt ÷', 'own ms', 'PostgreSQL ms', '÷ Takt'] as const;

export const rateCells = ({ name, way, per_s, range, takt_over, own_ms, postgres_ms, processor_over_takt }: Rate): string[] => [
  name,
  way,
  shown(per_s),
  range.map(shown).join(' – '),
  ...[takt_over, own_ms, postgres_ms, processor_over_takt].map(shown),
];

export const QUIET_COLUMNS = ['', 'first step p50 ms', 'p99 ms', 'idle MB'] as const;

export const quietCells = ({ name, first_step_p50_ms, first_step_p99_ms, idle_memory_mb }: Quiet): string[] => [
  name,
  ...[first_step_p50_ms, first_step_p99_ms, idle_memory_mb].map(shown),
];
