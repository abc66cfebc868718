/** Models, their versions and what a training gathers, on every store alike. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../engine/learning/index.ts';
import type { ModelRow, ModelVersionRow } from '../../engine/store/queries/models.ts';
import { WON } from '../models/support.ts';
import { databaseKinds, type FreshDatabase, freshDatabase } from '../support/databases.ts';
import { id, NOW, record } from './rows.ts';

const model = (name: string, more: Partial<ModelRow> = {}): ModelRow => ({
  id: name,
  definition: { ...WON, id: name },
  live: null,
  previous: null,
  drift: null,
  updatedAt: NOW,
  ...more,
});

const learned: Model = {
  format: 1,
  learned: { regression: { intercept: 0, weights: [] } },
  bins: [],
  calibration: { slope: 1, shift: 0 },
  means: [],
  importance: [],
  leftOut: [],
  quality: { rows: 1, successes: 1, auc: 0.5, logLoss: 1, ece: 0 },
};

const version = (modelId: string, number: number): ModelVersionRow => ({
  modelId,
  version: number,
  definition: { ...WON, id: modelId },
  model: learned,
  figures: { rows: 300, successes: 100, heldOut: 60, until: NOW, auc: 0.7, logLoss: 0.5, ece: 0.02, shadow: null, better: true },
  report: { late: [], leftOut: [], currencies: { amount: 'RUB' }, notes: [] },
  population: null,
  trainedAt: NOW,
  author: { kind: 'system', id: 'test' },
});

const piece = (at: number) => ({ rows: [{ at, success: 1 as const, values: ['ads', 1.5, null] }], filled: {}, left: {}, currencies: {} });

describe.each(databaseKinds)('models on %s', (kind) => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase(kind);
  });
  afterAll(() => fresh.drop());

  it('are kept and replaced by their ids', async () => {
    const { store } = fresh.db;
    await store.upsertModel(model('b'));
    await store.upsertModel(model('a'));
    await store.upsertModel(model('b', { live: 2, previous: 1, updatedAt: NOW + 1 }));
    expect(await store.modelRows()).toEqual([model('a'), model('b', { live: 2, previous: 1, updatedAt: NOW + 1 })]);
    expect(await store.modelById('a', true)).toEqual(model('a'));
    expect(await store.modelById('c')).toBeUndefined();
  });

  it('have versions, the newest first, listed without what they have learned', async () => {
    const { store } = fresh.db;
    expect(await store.lastModelVersion('a')).toBe(0);
    for (const number of [1, 2, 10]) await store.insertModelVersion(version('a', number));
    await store.insertModelVersion(version('b', 11));
    expect(await store.lastModelVersion('a')).toBe(10);
    expect(await store.modelVersion('a', 2)).toEqual(version('a', 2));
    expect(await store.modelVersion('a', 3)).toBeUndefined();
    const { model: _, population: __, ...head } = version('a', 10);
    expect(await store.modelVersionPage('a', undefined, 1)).toEqual([head]);
    expect((await store.modelVersionPage('a', 10, 5)).map((one) => one.version)).toEqual([2, 1]);
    await expect(store.insertModelVersion(version('a', 2))).rejects.toThrow();
  });

  it('tell the versions that are live, by the ids of their models', async () => {
    const { store } = fresh.db;
    await store.upsertModel(model('b', { live: 11 }));
    expect(await store.liveModelVersions()).toEqual([version('b', 11)]);
    await store.upsertModel(model('a', { live: 2, previous: 1 }));
    expect(await store.liveModelVersions()).toEqual([version('a', 2), version('b', 11)]);
    await store.upsertModel(model('a'));
  });

  it('keep what a training has gathered, in its order, until it is let go', async () => {
    const { store } = fresh.db;
    for (const seq of [500, 0, 1_000]) await store.insertTrainingPiece('a', seq, piece(seq));
    await store.insertTrainingPiece('b', 0, piece(7));
    expect(await store.trainingPiecesOf('a')).toEqual([0, 500, 1_000].map(piece));
    await store.deleteTrainingPieces('a');
    expect(await store.trainingPiecesOf('a')).toEqual([]);
    expect(await store.trainingPiecesOf('b')).toEqual([piece(7)]);
  });

  it('are removed with their versions and what was gathered', async () => {
    const { store } = fresh.db;
    await store.deleteModel('b');
    expect((await store.modelRows()).map((row) => row.id)).toEqual(['a']);
    expect([await store.lastModelVersion('b'), await store.lastModelVersion('a')]).toEqual([0, 10]);
    expect(await store.trainingPiecesOf('b')).toEqual([]);
  });

  it('the history of several records is told by record, the oldest change first', async () => {
    const { store } = fresh.db;
    const change = (n: number, number: number) => ({
      recordId: id(n),
      version: number,
      at: NOW + number,
      op: number === 1 ? ('created' as const) : ('updated' as const),
      author: { kind: 'system' as const, id: 'test' },
      changes: { score: [number - 1, number] as [number, number] },
    });
    await store.insertRecords([1, 2, 3].map((n) => record(n)));
    await store.insertChanges([change(2, 1), change(1, 1), change(1, 2), change(3, 1), change(1, 10)]);
    expect((await store.changesOfRecords([id(2), id(1)])).map((one) => [one.recordId, one.version])).toEqual([
      [id(1), 1],
      [id(1), 2],
      [id(1), 10],
      [id(2), 1],
    ]);
    expect(await store.changesOfRecords([id(3)])).toEqual([change(3, 1)]);
  });
});
