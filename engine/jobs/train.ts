/**
 * Trains a model: gathers what was known of closed records, a piece at a time, then learns, judges beside the live version and keeps the new
 * one. It becomes live where it is better.
 */

import type { JsonObject } from '../../schemas/json.ts';
import type { ModelDefinition } from '../../schemas/model.ts';
import { TaktError } from '../errors/index.ts';
import { readModel } from '../models/check.ts';
import type { TrainVersion } from '../models/judge.ts';
import { checkFieldsThere } from '../models/live.ts';
import { nextWithHistory } from '../models/pages.ts';
import { gather, together } from '../models/training-set.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import type { StoreTx } from '../store/port.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { ModelRow } from '../store/queries/models.ts';
import type { Author } from '../store/schema.ts';
import { type JobKind, newJob, textOf } from './job.ts';

/** The cursor of the last piece, when all is gathered; before it, the id of the last record. */
const LEARN = 'learn';
/** The same rows teach the same. */
const SEED = 1;

/**
 * What the job goes by, whatever becomes of the model meanwhile.
 * @param also fields of the live version, which is asked of the same rows
 */
function trainingOf(definition: ModelDefinition, also: ModelDefinition['fields']): JsonObject {
  const names = new Set(definition.fields.map(({ name }) => name));
  const gathered = { ...definition, fields: [...definition.fields, ...also.filter(({ name }) => !names.has(name))] };
  return { model: definition.id, definition: { ...definition }, gathered: { ...gathered } };
}

/** Trainings that can be under way: one a model. */
const MOST_JOBS = 10_000;

/** The job of a kind that is at a model, where there is one. */
export async function jobAt(tx: StoreTx, kind: string, model: string): Promise<JobRow | undefined> {
  const running = await tx.jobPage({ status: 'running', kind }, undefined, MOST_JOBS);
  return running.find(({ data }) => data.model === model);
}

/**
 * Begins to train a model. Its row has to be locked, so that only one begins.
 * @throws TaktError MODEL_TRAINING, MODEL_FIELDS_GONE, ENTITY_UNKNOWN
 */
export async function beginTraining(tx: StoreTx, ports: Ports, { id, definition, live }: ModelRow, author: Author): Promise<JobRow> {
  const { entities } = await ports.catalog.current(tx);
  checkFieldsThere(definition, entities);
  const under = await jobAt(tx, trainModel.kind, id);
  if (under) throw new TaktError('MODEL_TRAINING', { message: `The job ${under.id} is training "${id}" already.` });
  const version = live === null ? undefined : await tx.modelVersion(id, live);
  const entity = entities.require(definition.entity);
  // What the live version looks at, as far as records can have it.
  const also = (version?.definition.fields ?? []).filter(({ name }) => entity.field(name) !== undefined);
  const job = newJob(ports, trainModel.kind, trainingOf(definition, also), author, await tx.countLiving(definition.entity));
  await tx.insertJob(job);
  return job;
}

export const trainModel: JobKind = {
  kind: 'train',
  async piece(tx, ports, job) {
    const definition = readModel(job.data.definition);
    return job.cursor === LEARN ? learnFrom(tx, ports, job, definition) : gatherNext(tx, ports, job, definition);
  },
  async drop(tx, job) {
    await tx.deleteTrainingPieces(textOf(job, 'model') ?? '');
  },
};

type Piece = Awaited<ReturnType<JobKind['piece']>>;

/** @throws MODEL_FIELDS_GONE, ENTITY_UNKNOWN */
async function gatherNext(tx: StoreTx, ports: Ports, job: JobRow, definition: ModelDefinition): Promise<Piece> {
  const state = await ports.catalog.current(tx);
  checkFieldsThere(definition, state.entities);
  const entity = state.entities.require(definition.entity);
  const gathered = readModel(job.data.gathered);
  const { now, random } = openWorkspace(ports, state).surroundings;
  if (job.cursor === null) await tx.deleteTrainingPieces(definition.id);
  const { rows, history, cursor } = await nextWithHistory(tx, definition.entity, job.cursor);
  const piece = gather(rows, history, { definition: gathered, entity, entities: state.entities, now, random });
  await tx.insertTrainingPiece(definition.id, job.done, piece);
  return { cursor: cursor ?? LEARN, done: rows.length, failed: 0, made: piece.rows.length };
}

/** @throws TOO_LITTLE_TO_LEARN, MODEL_NOTHING_LEFT, MODEL_UNKNOWN */
async function learnFrom(tx: StoreTx, ports: Ports, job: JobRow, definition: ModelDefinition): Promise<Piece> {
  const { id } = definition;
  const before = await tx.modelById(id);
  const live = typeof before?.live === 'number' ? await tx.modelVersion(id, before.live) : undefined;
  const input: TrainVersion = {
    definition,
    gathered: readModel(job.data.gathered).fields,
    set: together(await tx.trainingPiecesOf(id)),
    live: live && { version: live.version, model: live.model, until: live.figures.until },
    seed: SEED,
  };
  const trained = await ports.learner.train(input, () => tx.modelById(id));
  // The lock of the catalogue is taken late: to learn takes seconds, and nobody could publish meanwhile.
  await tx.lockCatalog();
  const row = await tx.modelById(id, true);
  if (!row) throw new TaktError('MODEL_UNKNOWN', { message: `The model "${id}" was removed while it was trained.` });
  const version = (await tx.lastModelVersion(id)) + 1;
  const now = ports.clock.now();
  await tx.insertModelVersion({ modelId: id, version, trainedAt: now, author: job.author, ...trained });
  await tx.deleteTrainingPieces(id);
  // Meanwhile the model may have come to ask something else, or somebody may have changed what is live.
  const compared = row.live === (live?.version ?? null);
  if (trained.figures.better && compared && sameQuestion(definition, row.definition)) {
    await tx.upsertModel(promoted(row, version, now));
    await tx.bumpCatalog();
  }
  return { cursor: null, done: 0, failed: 0, made: 0 };
}

/** The row with that version live, and the one that was live as the way back. */
export const promoted = (row: ModelRow, version: number, now: number): ModelRow => ({
  ...row,
  live: version,
  previous: row.live,
  drift: null,
  updatedAt: now,
});

/** Do both ask the same of the same records? Then a version of one can speak for the other. */
export const sameQuestion = (a: ModelDefinition, b: ModelDefinition): boolean =>
  a.entity === b.entity && a.success === b.success && a.failure === b.failure;
