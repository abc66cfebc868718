/** Public holidays kept in a calendar record. */
import type { Engine } from '../../engine/index.ts';
import type { RecordView } from '../../engine/node/context.ts';
import type { Author } from '../../engine/store/schema.ts';
import { writtenHours } from '../../nodes/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { FoundHolidays } from './holidays.ts';
import { type Merged, mergeHolidays } from './merge.ts';

export interface Kept {
  /** Id of the calendar; null where there is none yet. */
  id: string | null;
  key: string;
  name: string;
  /** What has been written; with `dry`, what would have been. */
  op: 'created' | 'updated' | 'unchanged';
  days: Merged['days'];
}

export interface KeepOptions {
  key: string;
  /** Writes nothing. */
  dry: boolean;
  author: Author;
}

/**
 * Adds what is new to the holidays of the calendar with the key, which is made where it is missing.
 * Throws TaktError RECORD_INVALID, RECORD_VERSION_STALE where somebody else has changed it in the same moment.
 */
export async function keepHolidays(
  engine: Engine,
  { place, days: found }: FoundHolidays,
  { key, dry, author }: KeepOptions,
): Promise<Kept> {
  const existing = await engine.records.byKey('calendar', key);
  const before = existing ? writtenHours(existing) : {};
  const { hours, days } = mergeHolidays(before, found);
  const op = !existing ? 'created' : hours === before ? 'unchanged' : 'updated';
  const kept: Kept = { id: existing?.id ?? null, key, name: existing ? String(existing.name) : place, op, days };
  if (dry || op === 'unchanged') return kept;
  const written = await write(engine, existing, { key, name: place, hours: { ...hours } }, author);
  return { ...kept, id: written };
}

async function write(engine: Engine, existing: RecordView | undefined, data: JsonObject, author: Author): Promise<string | null> {
  const changed = await engine.intake.submitOne(
    existing
      ? { kind: 'update', id: existing.id, data: { hours: data.hours ?? null }, version: Number(existing.version) }
      : { kind: 'create', entity: 'calendar', data, onExisting: 'error' },
    author,
  );
  return changed.kind === 'record' ? changed.record.id : null;
}
