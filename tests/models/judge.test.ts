import { describe, expect, it } from 'vitest';
import { trainVersion } from '../../engine/models/judge.ts';
import type { TrainingPiece, TrainingRow } from '../../engine/models/training-set.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import type { ModelDefinition } from '../../schemas/model.ts';
import { refusal } from '../support/refusal.ts';
import { BEGIN, DAY, WON } from './support.ts';

const definition: ModelDefinition = { ...WON, fields: WON.fields.slice(0, 2) };

/** A referral is won seven times in ten, an advertisement twice. */
function rowsOf(count: number, seed = 1, turned = false): TrainingRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const referral = random.next() < 0.5;
    const success = random.next() < (referral === turned ? 0.2 : 0.7) ? 1 : 0;
    return { at: BEGIN + i * DAY, success, values: [referral ? 'referral' : 'ads', 100 * random.next()] };
  });
}

const setOf = (rows: TrainingRow[], more: Partial<TrainingPiece> = {}): TrainingPiece => ({
  rows,
  filled: {},
  left: {},
  currencies: {},
  ...more,
});

const trained = (set: TrainingPiece, more: Partial<Parameters<typeof trainVersion>[0]> = {}) =>
  trainVersion({ definition, gathered: definition.fields, set, live: undefined, seed: 1, ...more });

describe('a version is trained', () => {
  it('and judged by the latest fifth of the outcomes against the share of successes', () => {
    const { figures } = trained(setOf(rowsOf(600)));
    expect(figures).toMatchObject({ rows: 600, heldOut: 120, until: BEGIN + 599 * DAY, better: true });
    expect(figures.auc).toBeGreaterThan(0.65);
    expect(figures.shadow).toMatchObject({ against: null, rows: 120, other: { auc: 0.5 } });
    expect(figures.logLoss).toBeLessThan(figures.shadow?.other.logLoss ?? 0);
  });

  it('is not better where the fields say nothing', () => {
    const random = seededRandom(5);
    const rows = rowsOf(600).map((row) => ({ ...row, success: random.next() < 0.5 ? (1 as const) : (0 as const) }));
    expect(trained(setOf(rows)).figures.better).toBe(false);
  });

  it('is not better than a live one that has learned the same', () => {
    const first = trained(setOf(rowsOf(600)));
    const live = { version: 1, model: first.model, until: first.figures.until };
    const { figures } = trained(setOf(rowsOf(600)), { live });
    expect(figures.shadow?.against).toBe(1);
    expect(figures.better).toBe(false);
  });

  it('is better than a live one after the world has turned, judged by what came after that one alone', () => {
    const first = trained(setOf(rowsOf(600)));
    const live = { version: 1, model: first.model, until: first.figures.until };
    const later = rowsOf(1_200, 2, true).map((row) => ({ ...row, at: row.at + 600 * DAY }));
    const { figures } = trained(setOf([...rowsOf(600), ...later]), { live });
    expect(figures).toMatchObject({ better: true, shadow: { against: 1, rows: 360 } });
    expect(figures.shadow?.other.auc).toBeLessThan(0.5);
  });

  it('in the place of a live one that an earlier Takt has written and that cannot be asked any more; that is told', () => {
    const { figures, report } = trained(setOf(rowsOf(600)), { live: { version: 4, model: JSON.parse('{"format":0}'), until: 0 } });
    expect(figures).toMatchObject({ better: true, shadow: { against: null } });
    expect(report.notes).toMatchObject([{ code: 'MODEL_BROKEN', message: 'Version 4, which is live, cannot be asked any more.' }]);
  });

  it('by what it held out for itself where too few outcomes are there to hold some out', () => {
    const { figures } = trained(setOf(rowsOf(220)));
    expect(figures).toMatchObject({ rows: 220, shadow: null, better: true });
    expect(trained(setOf(rowsOf(220)), { live: { version: 1, model: trained(setOf(rowsOf(220))).model, until: 0 } }).figures.better).toBe(
      false,
    );
  });
});

describe('nothing is learned', () => {
  it('from fewer than 200 outcomes: the error says how many there are, and what was left out', () => {
    const error = refusal(() => trained(setOf(rowsOf(199), { left: { MODEL_OUTCOME_FUTURE: { count: 40, records: ['r1', 'r2'] } } })));
    expect(error.code).toBe('TOO_LITTLE_TO_LEARN');
    expect(error.message).toMatch(/^There are 199 outcomes, \d+ of them successes and \d+ failures; 200 are needed, 30 of each\.$/);
    expect(error.errors.map(({ code, message }) => [code, message])).toEqual([
      ['MODEL_OUTCOME_FUTURE', '40 records of deal have an outcome in the future, such as r1, r2.'],
    ]);
  });

  it('from fewer than 30 of a class', () => {
    const rows = rowsOf(400).map((row, i) => ({ ...row, success: i % 14 === 0 ? (1 as const) : (0 as const) }));
    expect(refusal(() => trained(setOf(rows))).message).toBe(
      'There are 400 outcomes, 29 of them successes and 371 failures; 200 are needed, 30 of each.',
    );
  });

  it('from a field that was first filled after the outcome in more than one record of twenty; it is named', () => {
    const { report, definition: kept } = trained(
      setOf(rowsOf(400), { filled: { source: { filled: 400, late: 3 }, amount: { filled: 100, late: 6 } } }),
    );
    expect(report.late).toEqual([
      { field: 'source', late: 3, filled: 400, leftOut: false },
      { field: 'amount', late: 6, filled: 100, leftOut: true },
    ]);
    expect(kept.fields.map(({ name }) => name)).toEqual(['source']);
  });

  it('from a field with amounts of several currencies; it is named', () => {
    const { report, definition: kept } = trained(setOf(rowsOf(400), { currencies: { amount: ['RUB', 'EUR'] } }));
    expect(report.notes).toMatchObject([{ code: 'MODEL_CURRENCIES', message: '"amount" holds amounts in EUR, RUB.', field: 'amount' }]);
    expect(kept.fields.map(({ name }) => name)).toEqual(['source']);
  });

  it('where no field is left', () => {
    const filled = { source: { filled: 10, late: 10 }, amount: { filled: 10, late: 10 } };
    expect(refusal(() => trained(setOf(rowsOf(400), { filled }))).code).toBe('MODEL_NOTHING_LEFT');
  });

  it('from a field that tells the outcome by itself; it is named', () => {
    const rows = rowsOf(400).map((row) => ({ ...row, values: [row.values[0] ?? null, row.success] }));
    expect(trained(setOf(rows)).report.leftOut).toMatchObject([{ column: 'amount', why: 'leak' }]);
  });
});
