/** Carries an import out: rows through the map into the engine, in batches, with a count of everything. */
import type { Engine } from '../../../engine/engine.ts';
import { type ErrorCode, TaktError } from '../../../engine/errors/index.ts';
import { checkRecord, type Entity, EntityRegistry } from '../../../engine/records/index.ts';
import type { Change } from '../../../engine/runtime/change.ts';
import type { ChangeOutcome } from '../../../engine/runtime/intake.ts';
import type { Author } from '../../../engine/store/schema.ts';
import type { FieldDefinition } from '../../../schemas/entity.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import type { BadRows } from './bad-rows.ts';
import { compileImportMap, type ImportMap, invalid } from './map.ts';
import type { Row } from './row.ts';
import { readRows } from './rows.ts';
import type { ImportFile } from './text.ts';

interface ImportCounts {
  /** Rows read, the bad and the skipped ones included. */
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  bad: number;
  /** Rows that would be taken: of a dry run only. */
  valid: number;
}

export interface ImportResult extends ImportCounts {
  /** Custom fields that were added for it (would be, in a dry run). */
  defined: string[];
  /** Columns of the map that no row of a JSON file had. */
  unseen: string[];
  /** It was stopped before the end of the file. */
  interrupted: boolean;
}

export interface ImportJob {
  engine: Engine;
  file: ImportFile;
  map: ImportMap;
  entity: string;
  bad: BadRows;
  author: Author;
  /** Rows of one transaction. */
  batch: number;
  dryRun: boolean;
  signal: AbortSignal;
  onProgress(counts: ImportCounts): void;
}

interface Prepared {
  row: Row & { data: JsonObject };
  data: JsonObject;
}

/**
 * Every row succeeds or fails by itself. A record that has the row's key already is updated by what the row says, so an
 * import that was broken off is simply repeated.
 * @throws TaktError IMPORT_MAP_INVALID before the first row; IMPORT_FILE_BROKEN, FILE_UNWRITABLE, DATABASE_UNAVAILABLE on the way:
 *   what is committed by then stays
 */
export async function importRecords(job: ImportJob): Promise<ImportResult> {
  const { engine, map, signal, dryRun } = job;
  const { columns, rows } = await readRows(job.file);
  const { entity, missing } = prospect(await engine.entities.registry(), job.entity, map.define ?? {});
  const mapper = compileImportMap(map, entity, columns);
  if (!dryRun && Object.keys(missing).length > 0) await engine.entities.addFields(entity.name, missing);

  const counts: ImportCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, bad: 0, valid: 0 };
  const unseen = new Set(columns === undefined ? mapper.columns : []);
  const reject = async (row: Row, error: TaktError): Promise<void> => {
    counts.bad++;
    await job.bad.add(row.line, row.data, error);
  };
  const write = async (batch: readonly Prepared[]): Promise<void> => {
    if (batch.length === 0) return;
    const outcomes = dryRun ? batch.map(({ data }) => tryOut(entity, data)) : await submit(job, entity, batch);
    for (const [i, outcome] of outcomes.entries()) {
      const row = batch[i]?.row;
      if (outcome === 'valid') counts.valid++;
      else if (outcome.ok) counts[opOf(outcome)]++;
      else if (outcome.error.transient) throw outcome.error;
      else if (row) await reject(row, outcome.error);
    }
    job.onProgress(counts);
  };

  const env = { now: engine.ports.clock.now(), random: () => engine.ports.random.next() };
  let batch: Prepared[] = [];
  // The database works on one batch while the next is being read.
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    await writing;
    writing = write(full);
    // Awaited with the next batch; until then a failure must not count as unhandled.
    writing.catch(() => {});
  };
  for await (const row of rows) {
    if (signal.aborted) break;
    counts.rows++;
    if ('error' in row) {
      await reject(row, row.error);
      continue;
    }
    if (unseen.size > 0) for (const name of Object.keys(row.data)) unseen.delete(name);
    const mapped = mapper.map(row.data, env);
    if (mapped.kind === 'skipped') counts.skipped++;
    else if (mapped.kind === 'bad') await reject(row, mapped.error);
    else batch.push({ row, data: mapped.data });
    if (batch.length >= job.batch) await flush();
  }
  await flush();
  await writing;
  return { ...counts, defined: Object.keys(missing), unseen: counts.rows === 0 ? [] : [...unseen], interrupted: signal.aborted };
}

/** The entity as it will be with the fields that the map defines, and those of them that it has not got yet. */
function prospect(
  registry: EntityRegistry,
  name: string,
  define: Readonly<Record<string, FieldDefinition>>,
): { entity: Entity; missing: Record<string, FieldDefinition> } {
  const entity = registry.require(name);
  const missing: Record<string, FieldDefinition> = {};
  const errors: TaktError[] = [];
  for (const [field, definition] of Object.entries(define)) {
    const present = Object.hasOwn(entity.definition.fields, field) ? entity.definition.fields[field] : undefined;
    if (present === undefined) missing[field] = definition;
    else if (present.type !== definition.type) {
      const message = `${name}.${field} exists and is of type ${present.type}, not ${definition.type}.`;
      errors.push(
        new TaktError('ENTITY_CONFLICT', { pointer: `/define/${field}/type`, message, hint: 'Give the new field another name.' }),
      );
    }
  }
  if (errors.length > 0) throw invalid(errors);
  if (Object.keys(missing).length === 0) return { entity, missing };
  const present = registry.list().map((known) => known.definition);
  try {
    return { entity: new EntityRegistry(present, [{ name, title: entity.definition.title, fields: missing }]).require(name), missing };
  } catch (error) {
    if (!(error instanceof TaktError)) throw error;
    throw invalid(error.errors.map((problem) => placedInMap(problem)));
  }
}

/** The registry names places as `/custom/0/fields/…`; here they stand under `/define/…`. */
function placedInMap(error: TaktError): TaktError {
  const pointer = error.place.pointer?.replace(/^\/custom\/0\/fields/, '/define');
  const message = error.message.replaceAll('/custom/0/fields', '/define');
  return new TaktError(error.code, { message, hint: error.hint, cause: error, ...(pointer === undefined ? {} : { pointer }) });
}

function submit({ engine, author }: ImportJob, entity: Entity, batch: readonly Prepared[]): Promise<ChangeOutcome[]> {
  const changes = batch.map(({ data }): Change => ({ kind: 'create', entity: entity.name, data, onExisting: 'update' }));
  return engine.intake.submit(changes, author);
}

function tryOut(entity: Entity, data: JsonObject): 'valid' | { ok: false; error: TaktError } {
  try {
    checkRecord(entity, data, 'create', {});
    return 'valid';
  } catch (error) {
    if (error instanceof TaktError) return { ok: false, error };
    throw error;
  }
}

function opOf(outcome: Extract<ChangeOutcome, { ok: true }>): 'created' | 'updated' | 'unchanged' {
  const { value } = outcome;
  if (value.kind === 'record' && (value.op === 'created' || value.op === 'updated' || value.op === 'unchanged')) return value.op;
  throw new TaktError('INTERNAL' satisfies ErrorCode, {
    message: `An import cannot have ${value.kind === 'record' ? value.op : 'sent'} a record.`,
  });
}
