import type { TrainingPiece } from '../../models/training-set.ts';
import type { Executor } from '../database.ts';
import { and, asc, desc, eq, getTableColumns, lt, max } from '../drizzle.ts';
import { models, modelVersions, trainingPieces } from '../schema.ts';

export type ModelRow = typeof models.$inferSelect;
export type ModelVersionRow = typeof modelVersions.$inferSelect;
/** A version without what it has learned and whom it has learned from, which may be megabytes. */
export type ModelVersionHead = Omit<ModelVersionRow, 'model' | 'population'>;

const { model: _, population: __, ...head } = getTableColumns(modelVersions);

/** By id. */
export function modelRows(tx: Executor): Promise<ModelRow[]> {
  return tx.select().from(models).orderBy(asc(models.id));
}

export async function modelById(tx: Executor, id: string, lock = false): Promise<ModelRow | undefined> {
  const query = tx.select().from(models).where(eq(models.id, id));
  const [row] = lock ? await query.for('update') : await query;
  return row;
}

export async function upsertModel(tx: Executor, row: ModelRow): Promise<void> {
  const { id: _id, ...set } = row;
  await tx.insert(models).values(row).onConflictDoUpdate({ target: models.id, set });
}

/** With its versions and what a training has gathered. */
export async function deleteModel(tx: Executor, id: string): Promise<void> {
  await tx.delete(trainingPieces).where(eq(trainingPieces.modelId, id));
  await tx.delete(modelVersions).where(eq(modelVersions.modelId, id));
  await tx.delete(models).where(eq(models.id, id));
}

export async function insertModelVersion(tx: Executor, row: ModelVersionRow): Promise<void> {
  await tx.insert(modelVersions).values(row);
}

/** The number of the newest version, 0 where there is none. */
export async function lastModelVersion(tx: Executor, modelId: string): Promise<number> {
  const [row] = await tx
    .select({ last: max(modelVersions.version) })
    .from(modelVersions)
    .where(eq(modelVersions.modelId, modelId));
  return row?.last ?? 0;
}

export async function modelVersion(tx: Executor, modelId: string, version: number): Promise<ModelVersionRow | undefined> {
  const [row] = await tx
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.modelId, modelId), eq(modelVersions.version, version)));
  return row;
}

/** Of every model the version that is live, by the model's id. Uses the primary key. */
export function liveModelVersions(tx: Executor): Promise<ModelVersionRow[]> {
  return tx
    .select(getTableColumns(modelVersions))
    .from(models)
    .innerJoin(modelVersions, and(eq(modelVersions.modelId, models.id), eq(modelVersions.version, models.live)))
    .orderBy(asc(models.id));
}

/** Newest first, before the version `before`. */
export function modelVersionPage(tx: Executor, modelId: string, before: number | undefined, limit: number): Promise<ModelVersionHead[]> {
  return tx
    .select(head)
    .from(modelVersions)
    .where(and(eq(modelVersions.modelId, modelId), before === undefined ? undefined : lt(modelVersions.version, before)))
    .orderBy(desc(modelVersions.version))
    .limit(limit);
}

export async function insertTrainingPiece(tx: Executor, modelId: string, seq: number, piece: TrainingPiece): Promise<void> {
  await tx.insert(trainingPieces).values({ modelId, seq, piece });
}

/** In the order in which they were gathered. */
export async function trainingPiecesOf(tx: Executor, modelId: string): Promise<TrainingPiece[]> {
  const list = await tx
    .select({ piece: trainingPieces.piece })
    .from(trainingPieces)
    .where(eq(trainingPieces.modelId, modelId))
    .orderBy(asc(trainingPieces.seq));
  return list.map((row) => row.piece);
}

export async function deleteTrainingPieces(tx: Executor, modelId: string): Promise<void> {
  await tx.delete(trainingPieces).where(eq(trainingPieces.modelId, modelId));
}
