/** Which version of a model may be asked for a forecast of a moment: one that had not seen what came after it. */
import { asTaktError, TaktError } from '../errors/index.ts';
import { chanceOf, checkFieldsThere, type LiveVersion, type Models, versionOf } from '../models/live.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { StoreTx } from '../store/port.ts';
import type { Chance } from './course.ts';
import type { Notes } from './notes.ts';

/** Versions that are looked through, the newest first. */
const MOST_VERSIONS = 200;

export interface ModelAsked {
  readonly id: string;
  /** Moments of forecasts; those that lie before `now` get a version that was trained by then. */
  readonly moments: readonly number[];
  readonly now: number;
  readonly models: Models;
  readonly entities: EntityRegistry;
  /** Told of a model that cannot speak, or not of every record. */
  readonly notes: Notes;
}

/**
 * For each moment who can be asked; undefined where nobody can: then the share of those won so far is taken. For the present that is the
 * version that is live, for a moment of the past the newest one that was trained by then and was better than what was there: a later one
 * has learned from the very outcomes that the forecast is compared with.
 */
export async function chancesAt(store: StoreTx, asked: ModelAsked): Promise<(Chance | undefined)[]> {
  const { id, moments, now, models, entities, notes } = asked;
  try {
    const { live } = models.require(id);
    if (!live)
      throw new TaktError('MODEL_COLD', { message: `No version of the model "${id}" is live; the share of those won so far is taken.` });
    checkFieldsThere(live.definition, entities);
    const past = moments.filter((moment) => moment < now);
    const heads = past.length === 0 ? [] : await store.modelVersionPage(id, undefined, MOST_VERSIONS);
    const loaded = new Map<number, LiveVersion | undefined>([[live.version, live]]);
    const chances: (Chance | undefined)[] = [];
    for (const moment of moments) {
      const then = moment < now ? heads.find(({ trainedAt, figures }) => trainedAt <= moment && figures.better)?.version : live.version;
      if (then !== undefined && !loaded.has(then)) loaded.set(then, versionOf(await store.modelVersion(id, then)));
      const version = then === undefined ? undefined : loaded.get(then);
      chances.push(version && speaking(version, asked));
    }
    return chances;
  } catch (thrown) {
    const error = asTaktError(thrown);
    if (error.code === 'INTERNAL') throw thrown;
    notes.tell(error);
    return moments.map(() => undefined);
  }
}

/** What it cannot say of a record is told once; the record counts by the share of those won so far. */
const speaking = (version: LiveVersion, { id, entities, notes }: ModelAsked): Chance => ({
  name: String(version.version),
  of(view) {
    try {
      return chanceOf(id, version, view, entities);
    } catch (thrown) {
      const error = asTaktError(thrown);
      if (error.code === 'INTERNAL') throw thrown;
      notes.tell(error);
      return undefined;
    }
  },
});
