/** Looks whether the live version of a model still fits: gathers the records that were closed since its training, and judges it by them. */
import { finish } from '../admission/finish.ts';
import { frameOf } from '../learning/index.ts';
import { type DriftState, driftSince } from '../models/drift.ts';
import { checkFieldsThere } from '../models/live.ts';
import { gather, together } from '../models/training-set.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import type { StoreTx } from '../store/port.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { ModelVersionRow } from '../store/queries/models.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import { type JobKind, textOf } from './job.ts';
import { nextRecords } from './records.ts';

/** The event that tells of an alarm, once a version. Its topic is the model. */
const DRIFTED = 'model.drift';
/** The cursor of the last piece, when all is gathered. */
const JUDGE = 'judge';

/** Under what the pieces are kept: no id of a model has a colon. */
const keptUnder = (model: string): string => `watch:${model}`;

export const watchModel: JobKind = {
  kind: 'drift',
  async piece(tx, ports, job) {
    const id = textOf(job, 'model') ?? '';
    const row = await tx.modelById(id);
    const version = typeof row?.live === 'number' ? await tx.modelVersion(id, row.live) : undefined;
    // Another version has come meanwhile: it is looked at another day.
    if (!row || !version || version.version !== job.data.version) {
      await tx.deleteTrainingPieces(keptUnder(id));
      return { cursor: null, done: 0, failed: 0, made: 0 };
    }
    return job.cursor === JUDGE ? judge(tx, ports, version) : gatherNext(tx, ports, job, version);
  },
  async drop(tx, job) {
    await tx.deleteTrainingPieces(keptUnder(textOf(job, 'model') ?? ''));
  },
};

type Piece = Awaited<ReturnType<JobKind['piece']>>;

/** @throws MODEL_FIELDS_GONE, ENTITY_UNKNOWN */
async function gatherNext(tx: StoreTx, ports: Ports, job: JobRow, { modelId, definition, figures }: ModelVersionRow): Promise<Piece> {
  const state = await ports.catalog.current(tx);
  checkFieldsThere(definition, state.entities);
  const entity = state.entities.require(definition.entity);
  const workspace = openWorkspace(ports, state);
  const { now, random } = workspace.surroundings;
  if (job.cursor === null) await tx.deleteTrainingPieces(keptUnder(modelId));
  const { rows, cursor } = await nextRecords(tx, workspace, definition.entity, job.cursor);
  // What has not been written since cannot have been closed since: its history need not be read.
  const recent = rows.filter(({ updatedAt }) => updatedAt > figures.until);
  const history = Map.groupBy(
    recent.length === 0 ? [] : await tx.changesOfRecords(recent.map(({ id }) => id)),
    (change) => change.recordId,
  );
  const piece = gather(recent, history, { definition, entity, entities: state.entities, now, random });
  piece.rows = piece.rows.filter(({ at }) => at > figures.until);
  await tx.insertTrainingPiece(keptUnder(modelId), job.done, piece);
  return { cursor: cursor ?? JUDGE, done: rows.length, failed: 0, made: piece.rows.length };
}

async function judge(tx: StoreTx, ports: Ports, version: ModelVersionRow): Promise<Piece> {
  const { modelId, definition } = version;
  const { rows } = together(await tx.trainingPiecesOf(keptUnder(modelId)));
  await tx.deleteTrainingPieces(keptUnder(modelId));
  const places = new Map(definition.fields.map(({ name }, i) => [name, i]));
  const frame = frameOf(rows, definition.fields, (row, column) => row.values[places.get(column) ?? -1]);
  const outcomes = Uint8Array.from(rows, ({ success }) => success);
  const row = await tx.modelById(modelId, true);
  if (row?.live === version.version) {
    const drift = driftSince(version, frame, outcomes, ports.clock.now(), row.drift);
    await tx.upsertModel({ ...row, drift });
    if (drift.alarm) await tell(tx, ports, modelId, drift);
  }
  return { cursor: null, done: 0, failed: 0, made: 0 };
}

/** An event that workflows can start with; the same alarm is told once. */
async function tell(tx: StoreTx, ports: Ports, model: string, drift: DriftState): Promise<void> {
  const { version, rows, predicted, actual, calibration, scores, columns } = drift;
  const moved = columns.map(({ column }) => column);
  const data = { model, version, rows, predicted, actual, calibration, population: scores?.verdict ?? null, moved };
  const workspace = openWorkspace(ports, await ports.catalog.current(tx));
  const event = { kind: 'event', type: DRIFTED, topic: model, data, key: `drift:${model}:${version}:${drift.since}` } as const;
  const [outcome] = await drive([applyChange(workspace, event, { kind: 'system', id: 'models' })], workspace, (requests) =>
    load(tx, workspace, requests),
  );
  if (outcome && !outcome.ok) throw outcome.error;
  await finish(tx, workspace, ports.queue);
}
