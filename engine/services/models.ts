/** Learned models as people handle them. */
import type { ModelDefinition } from '../../schemas/model.ts';
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import { modelTimerOwner, setModelTimers } from '../jobs/model-timers.ts';
import { beginTraining, jobAt, promoted, sameQuestion, trainModel } from '../jobs/train.ts';
import { watchModel } from '../jobs/watch.ts';
import { checkModel } from '../models/check.ts';
import type { Prediction } from '../models/live.ts';
import type { RecordView } from '../node/context.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { ModelRow, ModelVersionHead, ModelVersionRow } from '../store/queries/models.ts';
import type { Author } from '../store/schema.ts';
import { isUuid } from '../unit/find.ts';
import { viewRecord } from '../unit/view.ts';
import { decodeCursor, type Page, pageOf } from './cursor.ts';

/** A version as it is listed. */
export type ModelVersionView = ModelVersionHead & { live: boolean };

/** A model with the version that is live, to be taken over elsewhere. */
export interface TaughtModel {
  definition: ModelDefinition;
  live: ModelVersionRow | undefined;
}

/** What a model says of a record, and what it says it of. */
export interface Explanation {
  record: RecordView;
  entities: EntityRegistry;
  prediction: Prediction;
}

export class ModelService {
  readonly #ports: Ports;
  readonly #onDue: () => void;

  constructor(ports: Ports, onDue: () => void) {
    this.#ports = ports;
    this.#onDue = onDue;
  }

  /** By id. */
  list(): Promise<ModelRow[]> {
    return this.#ports.database.store.modelRows();
  }

  /** Throws MODEL_UNKNOWN. */
  async get(id: string): Promise<ModelRow> {
    return known(await this.#ports.database.store.modelById(id), id);
  }

  /** Every problem of a definition; none means that it can be kept. */
  async validate(value: unknown): Promise<ErrorData[]> {
    const { entities } = await this.#ports.catalog.current(this.#ports.database.store);
    try {
      checkModel(value, entities);
      return [];
    } catch (thrown) {
      return asTaktError(thrown).errors.map((problem) => problem.toData());
    }
  }

  /**
   * Defines a model, or replaces the one with its id; its versions are kept. Where it asks something else – another entity, other conditions –
   * no version is live any more. Throws MODEL_INVALID with every problem.
   */
  async define(value: unknown): Promise<ModelRow> {
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const definition = checkModel(value, (await this.#ports.catalog.current(tx)).entities);
      const before = await tx.modelById(definition.id, true);
      const keeps = before !== undefined && sameQuestion(before.definition, definition);
      const row: ModelRow = {
        id: definition.id,
        definition,
        live: keeps ? before.live : null,
        previous: keeps ? before.previous : null,
        drift: keeps ? before.drift : null,
        updatedAt: this.#ports.clock.now(),
      };
      await tx.upsertModel(row);
      await setModelTimers(tx, this.#ports, row, before);
      await tx.bumpCatalog();
      return row;
    });
  }

  /** All models with the versions that are live, by id. */
  async taught(): Promise<TaughtModel[]> {
    const { store } = this.#ports.database;
    const live = new Map((await store.liveModelVersions()).map((version) => [version.modelId, version]));
    return (await store.modelRows()).map(({ id, definition }) => ({ definition, live: live.get(id) }));
  }

  /** Takes a model over with the version that is live elsewhere; here it was not there before. Throws MODEL_INVALID with every problem. */
  async adopt({ definition, live }: TaughtModel): Promise<void> {
    const { id } = await this.define(definition);
    if (live === undefined) return;
    await this.#change(id, async (tx, row) => {
      await tx.insertModelVersion(live);
      return promoted(row, live.version, this.#ports.clock.now());
    });
  }

  /** With all of its versions. Throws MODEL_UNKNOWN, MODEL_TRAINING. */
  async remove(id: string): Promise<void> {
    await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      known(await tx.modelById(id, true), id);
      const job = (await jobAt(tx, trainModel.kind, id)) ?? (await jobAt(tx, watchModel.kind, id));
      if (job) throw new TaktError('MODEL_TRAINING', { message: `The job ${job.id} is at "${id}".` });
      await tx.deleteTimers(modelTimerOwner(id));
      await tx.deleteModel(id);
      await tx.bumpCatalog();
    });
  }

  /** Begins to train a new version in the background. Throws MODEL_UNKNOWN, MODEL_TRAINING, MODEL_FIELDS_GONE. */
  async train(id: string, author: Author): Promise<JobRow> {
    const job = await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      return beginTraining(tx, this.#ports, known(await tx.modelById(id, true), id), author);
    });
    this.#onDue();
    return job;
  }

  /** Newest first. Throws MODEL_UNKNOWN, CURSOR_INVALID. */
  async versions(id: string, limit: number, cursor?: string): Promise<Page<ModelVersionView>> {
    const { live } = await this.get(id);
    const [before] = cursor === undefined ? [] : decodeCursor(cursor, 1);
    const number = before === undefined ? undefined : Number(before);
    if (number !== undefined && !Number.isSafeInteger(number)) throw new TaktError('CURSOR_INVALID');
    const heads = await this.#ports.database.store.modelVersionPage(id, number, limit + 1);
    const page = pageOf(heads, limit, (one) => [String(one.version)]);
    return { ...page, items: page.items.map((one) => ({ ...one, live: one.version === live })) };
  }

  /** With what it has learned. Throws MODEL_UNKNOWN, MODEL_VERSION_UNKNOWN. */
  async version(id: string, version: number): Promise<ModelVersionRow> {
    await this.get(id);
    return knownVersion(await this.#ports.database.store.modelVersion(id, version), id, version);
  }

  /**
   * Makes a version live. Throws MODEL_UNKNOWN, MODEL_VERSION_UNKNOWN, and MODEL_NOT_BETTER where it was not better than the version that is
   * live now, or was never compared with it.
   */
  async promote(id: string, version: number): Promise<ModelRow> {
    return this.#change(id, async (tx, row) => {
      const wanted = knownVersion(await tx.modelVersion(id, version), id, version);
      if (row.live === version) return row;
      const { better, shadow } = wanted.figures;
      const against = shadow?.against ?? null;
      if (!sameQuestion(wanted.definition, row.definition))
        throw new TaktError('MODEL_NOT_BETTER', { message: `Version ${version} answers another question than "${id}" asks now.` });
      if (!better || against !== row.live)
        throw new TaktError('MODEL_NOT_BETTER', {
          message: `Version ${version} was ${better ? '' : 'not '}better than ${nameOf(against)}; live is ${nameOf(row.live)}.`,
        });
      return promoted(row, version, this.#ports.clock.now());
    });
  }

  /** One step back: to the version that was live before, or to none, where there was none. Throws MODEL_UNKNOWN, MODEL_NO_WAY_BACK. */
  async back(id: string): Promise<ModelRow> {
    return this.#change(id, async (_tx, row) => {
      if (row.live === null) throw new TaktError('MODEL_NO_WAY_BACK', { message: `No version of the model "${id}" is live.` });
      return { ...row, live: row.previous, previous: null, drift: null, updatedAt: this.#ports.clock.now() };
    });
  }

  /** What the live version says of a record. Throws RECORD_NOT_FOUND, and as `Models.predict`. */
  async explain(id: string, recordId: string): Promise<Explanation> {
    const { store } = this.#ports.database;
    const { models, entities } = await this.#ports.catalog.current(store);
    models.require(id);
    const [row] = isUuid(recordId) ? await store.recordsByIds([recordId], 'none') : [];
    if (!row || row.deletedAt !== null)
      throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${recordId.slice(0, 40)}.` });
    const env = { entities, now: this.#ports.clock.now(), random: () => this.#ports.random.next() };
    const record = viewRecord(row, env);
    return { record, entities, prediction: models.predict(id, record, entities) };
  }

  async #change(id: string, next: (tx: StoreTx, row: ModelRow) => Promise<ModelRow>): Promise<ModelRow> {
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const row = await next(tx, known(await tx.modelById(id, true), id));
      await tx.upsertModel(row);
      await tx.bumpCatalog();
      return row;
    });
  }
}

const nameOf = (version: number | null): string => (version === null ? 'none' : `version ${version}`);

function known(row: ModelRow | undefined, id: string): ModelRow {
  if (row) return row;
  throw new TaktError('MODEL_UNKNOWN', { message: `There is no model "${id.slice(0, 63)}".` });
}

function knownVersion(row: ModelVersionRow | undefined, id: string, version: number): ModelVersionRow {
  if (row) return row;
  throw new TaktError('MODEL_VERSION_UNKNOWN', { message: `The model "${id}" has no version ${version}.` });
}
