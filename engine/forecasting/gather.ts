/** Reads the records of a forecast with their histories, a page at a time. */
import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { Models } from '../models/live.ts';
import { nextWithHistory, type RecordPage } from '../models/pages.ts';
import type { RecordView } from '../node/context.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { StoreTx } from '../store/port.ts';
import { viewRecord } from '../unit/view.ts';
import { Course, isProblem, type Surroundings } from './course.ts';
import type { CompiledForecast, Forecasts } from './forecasts.ts';
import type { Notes } from './notes.ts';

/** With more records the answer takes too long for whoever waits for it. */
const MOST_RECORDS = 50_000;
const MOST_TEAMS = 1_000;

/** What makes people teams. Whoever asks says which entity that is: the engine knows no teams. */
export interface TeamEntity {
  entity: string;
  /** The field with its users. */
  members: string;
}

export interface ForecastWorld {
  readonly entities: EntityRegistry;
  readonly forecasts: Forecasts;
  readonly models: Models;
  readonly now: number;
  readonly random: () => number;
}

/**
 * Gives each record to `take`, as it is read; what cannot be read as a deal is noted. Three statements for 500 records, and one for the teams.
 * @throws TaktError FORECAST_MANY, ENTITY_UNKNOWN
 */
export async function eachCourse(
  store: StoreTx,
  world: ForecastWorld,
  asked: { forecast: CompiledForecast; teams: TeamEntity; notes: Notes },
  take: (course: Course) => void,
): Promise<void> {
  const { forecast, notes } = asked;
  const { definition } = forecast;
  const entity = world.entities.require(definition.entity);
  const teams = definition.team === undefined ? await teamsOf(store, world, asked.teams) : new Map<string, string>();
  const related = new Map<string, RecordView>();
  const around: Surroundings = {
    forecast,
    entity,
    entities: world.entities,
    now: world.now,
    random: world.random,
    related: (id) => related.get(id),
    teamOf: (owner) => teams.get(owner),
  };
  let read = 0;
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page: RecordPage = await nextWithHistory(store, definition.entity, cursor);
    cursor = page.cursor;
    read += page.rows.length;
    if (read > MOST_RECORDS) {
      throw new TaktError('FORECAST_MANY', { message: `There are more than ${MOST_RECORDS} records of ${definition.entity}.` });
    }
    await addRelated(store, world, related, relatedIn(page, definition.related ?? []));
    for (const row of page.rows) {
      const course = Course.of(row, page.history.get(row.id) ?? [], around);
      if (isProblem(course)) notes.add(course.problem, row.id);
      else take(course);
    }
  }
}

/** Ids of what the records refer to now, or did once. */
function relatedIn({ rows, history }: RecordPage, fields: readonly string[]): Set<string> {
  const ids = new Set<string>();
  const add = (value: Json | undefined): void => {
    if (typeof value === 'string') ids.add(value);
  };
  for (const row of rows) {
    for (const field of fields) {
      add(field === 'owner' ? row.owner : row.data[field]);
      for (const { changes } of history.get(row.id) ?? []) for (const value of changes[field] ?? []) add(value);
    }
  }
  return ids;
}

async function addRelated(
  store: StoreTx,
  world: ForecastWorld,
  known: Map<string, RecordView>,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const missing = [...wanted].filter((id) => !known.has(id));
  if (missing.length === 0) return;
  for (const row of await store.recordsByIds(missing, 'none')) known.set(row.id, viewRecord(row, world));
}

/** The name of the first team of each member. */
async function teamsOf(store: StoreTx, { entities }: ForecastWorld, { entity, members }: TeamEntity): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  if (entities.get(entity) === undefined) return names;
  const rows = await store.recordPage({ entity, deleted: false, sort: 'created' }, MOST_TEAMS);
  for (const row of rows) {
    const list = row.data[members];
    if (!Array.isArray(list)) continue;
    for (const member of list) if (typeof member === 'string' && !names.has(member)) names.set(member, row.name);
  }
  return names;
}
