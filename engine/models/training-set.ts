/** What a model learns from: closed records with what was known of them then, not what is known of them now. Pure. */
import type { ModelDefinition } from '../../schemas/model.ts';
import { asTaktError, type ErrorCode } from '../errors/index.ts';
import { compileExpression } from '../expression/index.ts';
import type { RecordView } from '../node/context.ts';
import type { Entity, EntityRegistry } from '../records/index.ts';
import { parseDuration } from '../time/duration.ts';
import type { ChangeRow, RecordRow } from '../unit/rows.ts';
import { viewRecord } from '../unit/view.ts';
import { firstFilled, outcomeChange, rowAtVersion, versionAt } from './history.ts';
import { momentIn, type Outcome, outcomeIn } from './outcome.ts';
import { currencyOf, type Seen, seen } from './values.ts';

export interface TrainingRow {
  /** When the outcome was known, milliseconds. */
  at: number;
  success: 0 | 1;
  /** In the order of the definition's fields. */
  values: Seen[];
}

/** Records that were left out for one reason: how many, and the first of them. */
interface LeftOut {
  count: number;
  records: string[];
}

export interface TrainingPiece {
  rows: TrainingRow[];
  /** Of closed records in which the field was ever filled: how many, and in how many of them not before the outcome. */
  filled: Record<string, { filled: number; late: number }>;
  left: Partial<Record<ErrorCode, LeftOut>>;
  /** Of fields with money: the currencies that were met. */
  currencies: Record<string, string[]>;
}

/** What one record gives. */
type Taken =
  | { kind: 'open' }
  | { kind: 'left'; code: ErrorCode }
  | { kind: 'row'; row: TrainingRow; view: RecordView; isLate: IsLate | undefined };
/** Did a change come with the outcome, or after it? */
type IsLate = (change: ChangeRow) => boolean;

const EXAMPLES = 3;

export interface GatherOptions {
  definition: ModelDefinition;
  entity: Entity;
  entities: EntityRegistry;
  now: number;
  random: () => number;
}

/**
 * The rows that some records give.
 * @param changes the history of each record, by its id, the oldest change first
 */
export function gather(
  records: readonly RecordRow[],
  changes: ReadonlyMap<string, readonly ChangeRow[]>,
  options: GatherOptions,
): TrainingPiece {
  const piece: TrainingPiece = { rows: [], filled: {}, left: {}, currencies: {} };
  for (const record of records) {
    const history = changes.get(record.id) ?? [];
    const taken = take(record, history, options);
    if (taken.kind === 'left') leave(piece, taken.code, record.id);
    if (taken.kind !== 'row') continue;
    piece.rows.push(taken.row);
    noteMoney(piece, options.definition, taken.view);
    if (taken.isLate) noteFilled(piece, options, history, taken.isLate);
  }
  return piece;
}

function take(record: RecordRow, history: readonly ChangeRow[], options: GatherOptions): Taken {
  const { definition, entity, entities, now, random } = options;
  const viewOf = (row: RecordRow, at: number): RecordView => viewRecord(row, { entities, now: at, random });
  const outcomeOf = outcomeReader(definition, (row) => viewOf(row, now), { now, random });
  let outcome: Outcome;
  let change: ChangeRow | undefined;
  try {
    outcome = outcomeOf(record);
    if (outcome === 'open') return { kind: 'open' };
    if (outcome === 'both') return { kind: 'left', code: 'MODEL_OUTCOME_BOTH' };
    change = outcomeChange(record, history, (row) => outcomeOf(row) === outcome);
  } catch (thrown) {
    if (asTaktError(thrown).code === 'INTERNAL') throw thrown;
    return { kind: 'left', code: 'MODEL_OUTCOME_FAILED' };
  }
  const told = toldMoment(definition, entity, viewOf(record, now), change?.at ?? record.createdAt);
  if (told === undefined) return { kind: 'left', code: 'MODEL_OUTCOME_UNDATED' };
  if (told.from > now) return { kind: 'left', code: 'MODEL_OUTCOME_FUTURE' };
  const seenAt = record.createdAt + (definition.seenAfter === undefined ? 0 : parseDuration(definition.seenAfter));
  // By versions, not by moments alone: what came in and what came after may have the same millisecond.
  const version = definition.seenAfter === undefined ? (history[0]?.version ?? 1) : versionAt(history, seenAt);
  let isLate: IsLate | undefined;
  if (change) {
    const [outcomeVersion, until] = [change.version, definition.known === undefined ? Number.POSITIVE_INFINITY : told.until];
    isLate = (one) => one.version >= outcomeVersion || one.at >= until;
    if (version >= outcomeVersion || seenAt >= until) return { kind: 'left', code: 'MODEL_OUTCOME_EARLY' };
  } else if (definition.closedAtCreation !== 'take') return { kind: 'left', code: 'MODEL_CLOSED_AT_CREATION' };
  const view = viewOf(rowAtVersion(record, history, version), seenAt);
  const values = definition.fields.map((field) => seen(entity, field, view[field.name]));
  return { kind: 'row', row: { at: told.from, success: outcome === 'success' ? 1 : 0, values }, view, isLate };
}

function outcomeReader(
  { success, failure }: ModelDefinition,
  viewOf: (row: RecordRow) => RecordView,
  env: { now: number; random: () => number },
): (row: RecordRow) => Outcome {
  const [well, badly] = [compileExpression(success), compileExpression(failure)];
  return (row) => {
    const record = viewOf(row);
    return outcomeIn({ ...record, record }, well, badly, env);
  };
}

/** When the outcome was known. Undefined where the field is empty that is to say it. */
const toldMoment = (
  { known }: ModelDefinition,
  entity: Entity,
  view: RecordView,
  byHistory: number,
): { from: number; until: number } | undefined =>
  known === undefined ? { from: byHistory, until: byHistory } : momentIn(entity, known, view);

function leave({ left }: TrainingPiece, code: ErrorCode, record: string): void {
  const one = left[code] ?? { count: 0, records: [] };
  left[code] = one;
  one.count++;
  if (one.records.length < EXAMPLES) one.records.push(record);
}

function noteFilled({ filled }: TrainingPiece, { definition }: GatherOptions, history: readonly ChangeRow[], isLate: IsLate): void {
  for (const { name } of definition.fields) {
    const first = firstFilled(history, name);
    if (first === undefined) continue;
    const one = filled[name] ?? { filled: 0, late: 0 };
    filled[name] = one;
    one.filled++;
    if (isLate(first)) one.late++;
  }
}

function noteMoney({ currencies }: TrainingPiece, { fields }: ModelDefinition, view: RecordView): void {
  for (const { name } of fields) {
    const currency = currencyOf(view[name]);
    if (currency === undefined) continue;
    const met = currencies[name] ?? [];
    currencies[name] = met;
    if (!met.includes(currency)) met.push(currency);
  }
}

/** Pieces as one, the rows in the order in which their outcomes were known. */
export function together(pieces: readonly TrainingPiece[]): TrainingPiece {
  const whole: TrainingPiece = { rows: pieces.flatMap((piece) => piece.rows), filled: {}, left: {}, currencies: {} };
  whole.rows.sort((a, b) => a.at - b.at);
  for (const piece of pieces) {
    for (const [name, { filled, late }] of Object.entries(piece.filled)) {
      const before = whole.filled[name] ?? { filled: 0, late: 0 };
      whole.filled[name] = { filled: before.filled + filled, late: before.late + late };
    }
    for (const code of CODES) {
      const [before, more] = [whole.left[code], piece.left[code]];
      if (!more) continue;
      whole.left[code] = {
        count: (before?.count ?? 0) + more.count,
        records: [...(before?.records ?? []), ...more.records].slice(0, EXAMPLES),
      };
    }
    for (const [name, met] of Object.entries(piece.currencies)) {
      whole.currencies[name] = [...new Set([...(whole.currencies[name] ?? []), ...met])];
    }
  }
  return whole;
}

/** Why a closed record may be left out. */
export const CODES = [
  'MODEL_OUTCOME_FUTURE',
  'MODEL_OUTCOME_BOTH',
  'MODEL_OUTCOME_FAILED',
  'MODEL_OUTCOME_EARLY',
  'MODEL_OUTCOME_UNDATED',
  'MODEL_CLOSED_AT_CREATION',
] as const satisfies readonly ErrorCode[];
