import type { TrainingPiece } from '../../../models/training-set.ts';
import type { ModelRow, ModelVersionHead, ModelVersionRow } from '../../queries/models.ts';
import { by } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

export const modelRows = (tables: Tables): ModelRow[] => tables.models.all().sort(by((row) => row.id));

export const modelById = (tables: Tables, id: string, _lock = false): ModelRow | undefined => tables.models.get(id);

export function upsertModel(tables: Tables, row: ModelRow): void {
  tables.models.put(row);
}

export function deleteModel(tables: Tables, id: string): void {
  deleteTrainingPieces(tables, id);
  for (const { version } of versionsOf(tables, id)) tables.modelVersions.delete(joint(id, version));
  tables.models.delete(id);
}

export function insertModelVersion(tables: Tables, row: ModelVersionRow): void {
  tables.modelVersions.insert(row);
}

export const lastModelVersion = (tables: Tables, modelId: string): number => versionsOf(tables, modelId)[0]?.version ?? 0;

export const modelVersion = (tables: Tables, modelId: string, version: number): ModelVersionRow | undefined =>
  tables.modelVersions.get(joint(modelId, version));

export const liveModelVersions = (tables: Tables): ModelVersionRow[] =>
  modelRows(tables).flatMap(({ id, live }) => (live === null ? [] : (modelVersion(tables, id, live) ?? [])));

export const modelVersionPage = (tables: Tables, modelId: string, before: number | undefined, limit: number): ModelVersionHead[] =>
  versionsOf(tables, modelId)
    .filter(({ version }) => before === undefined || version < before)
    .slice(0, limit)
    .map(({ model: _, population: __, ...head }) => head);

export function insertTrainingPiece(tables: Tables, modelId: string, seq: number, piece: TrainingPiece): void {
  tables.trainingPieces.insert({ modelId, seq, piece });
}

export const trainingPiecesOf = (tables: Tables, modelId: string): TrainingPiece[] =>
  [...tables.piecesByModel.of(modelId)].sort(by((row) => row.seq)).map((row) => row.piece);

export function deleteTrainingPieces(tables: Tables, modelId: string): void {
  for (const { seq } of [...tables.piecesByModel.of(modelId)]) tables.trainingPieces.delete(joint(modelId, seq));
}

/** Newest first. */
const versionsOf = (tables: Tables, modelId: string): ModelVersionRow[] =>
  [...tables.modelVersionsByModel.of(modelId)].sort((a, b) => b.version - a.version);
