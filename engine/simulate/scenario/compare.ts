/** Compares what has happened with what was expected. */
import type { Json, JsonObject } from '../../../schemas/json.ts';
import type { COMPLETE_KINDS, TimelineKind } from '../../../schemas/scenario.ts';
import { fits, misfits } from '../match.ts';
import { pair } from './pairing.ts';
import type { ExpectedFact } from './read.ts';
import type { TimelineEntry } from './timeline.ts';

export interface Misfit {
  /** Where it stands, as names with dots. */
  field: string;
  wanted: Json;
  actual: Json;
}

export interface ComparedEntry {
  state: 'as expected' | 'missing' | 'extra';
  /** Milliseconds since the start. */
  at: number;
  kind: TimelineKind;
  /** What was wanted of a missing entry; what has happened of any other. */
  value: JsonObject;
  /** Of a missing entry: how the likeliest of the extra ones differs from it. */
  likeliest?: { at: number; misfits: Misfit[] };
}

/**
 * Entries of one moment may come in any order: nobody waits between them. Kinds other than messages, tasks and ends count only as far
 * as the expected timeline speaks of such things.
 * @param expected by time, names resolved
 */
export function compareTimelines(expected: readonly ExpectedFact[], happened: readonly TimelineEntry[]): ComparedEntry[] {
  const actual = happened.filter((entry) => counts(entry, expected));
  const moments = [...new Set([...expected, ...actual].map(({ at }) => at))].sort((a, b) => a - b);
  const compared = moments.flatMap((at) =>
    compareMoment(
      expected.filter((entry) => entry.at === at),
      actual.filter((entry) => entry.at === at),
    ),
  );
  explain(compared);
  return compared;
}

/** What of an expected entry says which others of its kind are to be listed as well. */
const SCOPES: Readonly<Record<Exclude<TimelineKind, (typeof COMPLETE_KINDS)[number]>, readonly string[]>> = {
  created: ['entity'],
  change: ['record', 'entity', 'field'],
  request: ['connector'],
  undelivered: ['connector', 'channel'],
  refused: ['workflow'],
};

function counts({ kind, value }: TimelineEntry, expected: readonly ExpectedFact[]): boolean {
  if (kind === 'message' || kind === 'task' || kind === 'end') return true;
  const scope = SCOPES[kind];
  return expected.some(
    (entry) => entry.kind === kind && scope.every((name) => entry.wanted[name] === undefined || fits(entry.wanted[name], value[name])),
  );
}

function compareMoment(expected: readonly ExpectedFact[], actual: readonly TimelineEntry[]): ComparedEntry[] {
  const pairs = pair(expected.length, actual.length, (one, other) => {
    const [wanted, entry] = [expected[one], actual[other]];
    return wanted?.kind === entry?.kind && fits(wanted?.wanted ?? null, entry?.value);
  });
  const taken = new Set(pairs);
  const missing = expected.flatMap(({ at, kind, wanted }, i): ComparedEntry[] =>
    pairs[i] === undefined ? [{ state: 'missing', at, kind, value: wanted }] : [],
  );
  const happened = actual.map(
    ({ at, kind, value }, i): ComparedEntry => ({ state: taken.has(i) ? 'as expected' : 'extra', at, kind, value }),
  );
  return [...happened, ...missing];
}

/** Tells of each missing entry how the likeliest extra one differs, each extra one for one missing entry. */
function explain(compared: readonly ComparedEntry[]): void {
  const free = new Set(compared.filter((entry) => entry.state === 'extra'));
  for (const entry of compared) {
    if (entry.state !== 'missing') continue;
    const candidates = [...free]
      .filter((extra) => extra.kind === entry.kind)
      .map((extra) => ({ extra, found: fieldMisfits(entry.value, extra.value), late: Math.abs(extra.at - entry.at) }))
      .sort((a, b) => a.found.length - b.found.length || a.late - b.late);
    const [best] = candidates;
    if (!best) continue;
    free.delete(best.extra);
    entry.likeliest = { at: best.extra.at, misfits: best.found };
  }
}

export const fieldMisfits = (wanted: JsonObject, actual: JsonObject): Misfit[] =>
  misfits(wanted, actual).map(({ pointer, ...both }) => ({ field: pointer.slice(1).replaceAll('/', '.'), ...both }));
