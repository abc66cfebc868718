import { describe, expect, test } from 'vitest';
import { train } from '../../engine/learning/index.ts';
import { driftSince, populationOf } from '../../engine/models/drift.ts';
import { frame, leads } from '../learning/world.ts';

const learned = leads(2_000, 1);
const model = train(frame(learned.rows), learned.outcomes, { seed: 1 });
const version = { version: 3, model, population: populationOf(model, frame(learned.rows)) };

describe('the drift of a version', () => {
  test('is none over rows of the same world, and none where nothing was closed', () => {
    const { rows, outcomes } = leads(1_500, 2);
    expect(driftSince(version, frame(rows), outcomes, 5, null)).toMatchObject({
      version: 3,
      at: 5,
      rows: 1_500,
      calibration: null,
      scores: { verdict: 'stable' },
      columns: [],
      alarm: false,
      since: null,
    });
    const empty = driftSince(version, frame([]), new Uint8Array(), 5, null);
    expect(empty).toMatchObject({ rows: 0, predicted: null, actual: null, alarm: false, columns: [] });
  });

  test('names the columns that have moved where others come than it has learned from', () => {
    const { rows, outcomes } = leads(1_500, 2);
    const cold = rows.flatMap((row, i) => (row.source === 'cold' ? [i] : []));
    const drift = driftSince(
      version,
      frame(rows.filter(({ source }) => source === 'cold')),
      Uint8Array.from(cold, (i) => outcomes[i] ?? 0),
      7,
      null,
    );
    expect(drift).toMatchObject({ alarm: true, since: 7, calibration: null, scores: { verdict: 'shifted' } });
    expect(drift.columns[0]).toMatchObject({ column: 'source', verdict: 'shifted' });
  });

  test('rings where less comes than was said, and keeps the moment at which it first rang', () => {
    const { rows, outcomes } = leads(1_000, 2);
    const none = outcomes.map(() => 0);
    const first = driftSince(version, frame(rows), none, 7, null);
    expect(first).toMatchObject({ alarm: true, calibration: 'over', since: 7 });
    expect(driftSince(version, frame(rows), none, 9, first)).toMatchObject({ at: 9, since: 7 });
    expect(driftSince({ ...version, version: 4 }, frame(rows), none, 9, first)).toMatchObject({ since: 9 });
  });

  test('is told by calibration alone where nobody knows whom it has learned from', () => {
    const { rows, outcomes } = leads(500, 2);
    expect(driftSince({ ...version, population: null }, frame(rows), outcomes, 5, null)).toMatchObject({
      scores: null,
      columns: [],
      alarm: false,
    });
  });
});
