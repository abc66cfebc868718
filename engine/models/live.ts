/** The models of an installation with the versions that speak. */
import type { ModelDefinition } from '../../schemas/model.ts';
import { TaktError } from '../errors/index.ts';
import { type Contribution, explain, type Frame, frameOf, type Model, score } from '../learning/index.ts';
import type { RecordView } from '../node/context.ts';
import type { EntityRegistry } from '../records/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { ModelVersionRow } from '../store/queries/models.ts';
import { currencyOf, type Seen, seen, typeOf } from './values.ts';

export interface LiveModel {
  readonly definition: ModelDefinition;
  /** Null: no version is live. */
  readonly live: LiveVersion | null;
}

/** A version that can be asked. */
export interface LiveVersion {
  readonly version: number;
  readonly definition: ModelDefinition;
  readonly model: Model;
  /** Field → the currency in which it was learned. */
  readonly currencies: Readonly<Record<string, string>>;
}

/** What a model says of a record. */
export interface Prediction {
  /** Of success, between 0 and 1. */
  readonly probability: number;
  /** The version that says so. */
  readonly version: number;
  /** What moves it away from the average record, the strongest first. */
  readonly contributions: readonly Contribution[];
}

export class Models {
  readonly #byId: ReadonlyMap<string, LiveModel>;

  constructor(models: readonly LiveModel[]) {
    this.#byId = new Map(models.map((model) => [model.definition.id, model]));
  }

  /** Throws TaktError MODEL_UNKNOWN. */
  require(id: string): LiveModel {
    const model = this.#byId.get(id);
    if (model) return model;
    throw new TaktError('MODEL_UNKNOWN', { message: `There is no model "${id.slice(0, 63)}".`, hint: didYouMean(id, this.#byId.keys()) });
  }

  /**
   * What the live version says of a record as it is now. Throws TaktError MODEL_UNKNOWN, MODEL_COLD, MODEL_ENTITY, MODEL_FIELDS_GONE,
   * MODEL_CURRENCIES, MODEL_BROKEN: never a number that means nothing.
   */
  predict(id: string, record: RecordView, entities: EntityRegistry): Prediction {
    const { live } = this.require(id);
    if (!live) throw new TaktError('MODEL_COLD', { message: `No version of the model "${id}" is live.` });
    const { probability, frame } = asked(id, live, record, entities);
    try {
      return { probability, version: live.version, contributions: explain(live.model, frame, 0) };
    } catch (cause) {
      throw broken(id, live, record, cause);
    }
  }
}

/** What a version says of a record, without its reasons, which cost many times as much. Throws as `Models.predict`. */
export const chanceOf = (id: string, version: LiveVersion, record: RecordView, entities: EntityRegistry): number =>
  asked(id, version, record, entities).probability;

function asked(id: string, version: LiveVersion, record: RecordView, entities: EntityRegistry): { probability: number; frame: Frame } {
  const { definition, model, currencies } = version;
  if (record.entity !== definition.entity) {
    throw new TaktError('MODEL_ENTITY', { message: `The model "${id}" is of ${definition.entity}, the record is of ${record.entity}.` });
  }
  checkFieldsThere(definition, entities);
  checkCurrencies(id, currencies, record);
  const entity = entities.require(definition.entity);
  const values = new Map<string, Seen>(definition.fields.map((field) => [field.name, seen(entity, field, record[field.name])]));
  const frame = frameOf([values], definition.fields, (row, column) => row.get(column));
  let probability = Number.NaN;
  try {
    probability = score(model, frame)[0] ?? Number.NaN;
  } catch (cause) {
    // It comes out of the database, and may have been written by an earlier Takt.
    throw broken(id, version, record, cause);
  }
  if (probability >= 0 && probability <= 1) return { probability, frame };
  throw broken(id, version, record);
}

const broken = (id: string, { version }: LiveVersion, record: RecordView, cause?: unknown): TaktError =>
  new TaktError('MODEL_BROKEN', { message: `Version ${version} of the model "${id}" gives no probability for ${record.id}.`, cause });

/** A stored version, so that it can be asked. */
export const versionOf = (row: ModelVersionRow | undefined): LiveVersion | undefined =>
  row && { version: row.version, definition: row.definition, model: row.model, currencies: row.report.currencies };

/** A thousand euros are no thousand roubles. Throws TaktError MODEL_CURRENCIES. */
function checkCurrencies(id: string, currencies: Readonly<Record<string, string>>, record: RecordView): void {
  for (const [field, learned] of Object.entries(currencies)) {
    const currency = currencyOf(record[field]);
    if (currency === undefined || currency === learned) continue;
    throw new TaktError('MODEL_CURRENCIES', {
      message: `The model "${id}" has learned from "${field}" in ${learned}; of ${record.id} it is in ${currency}.`,
      hint: `Keep the field in ${learned}, or learn from a formula that converts it.`,
      field,
    });
  }
}

/** Throws TaktError MODEL_FIELDS_GONE with their names, ENTITY_UNKNOWN. */
export function checkFieldsThere({ id, entity, fields }: ModelDefinition, entities: EntityRegistry): void {
  const there = entities.require(entity);
  const gone = fields.filter(({ name }) => typeOf(there, name) === undefined).map(({ name }) => `"${name}"`);
  if (gone.length === 0) return;
  throw new TaktError('MODEL_FIELDS_GONE', { message: `The model "${id}" looks at ${gone.join(', ')}, which ${entity} no longer has.` });
}
