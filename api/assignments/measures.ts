/** How well records are distributed, as the API and the command line tell it: with names, and the aims beside. */
import { AIMS, type Aim, type Figures, type Grouping } from '../../engine/assignments/measures.ts';
import type { Engine } from '../../engine/index.ts';
import { momentOf } from '../../engine/time/moment.ts';
import { taskPromise } from '../../nodes/index.ts';

const WEEK = 7 * 86_400_000;

export interface MeasuresOptions {
  /** `lead` without it. */
  entity?: string | undefined;
  /** A moment or a day, in the zone where it names no offset; a week before `until` without it. */
  from?: string | undefined;
  /** Does not belong to the time; now without it. */
  until?: string | undefined;
  by?: Grouping | undefined;
  /** IANA name; UTC without it. */
  zone?: string | undefined;
}

export interface DistributionMeasures {
  entity: string;
  /** ISO instants. */
  from: string;
  until: string;
  zone: string;
  by: Grouping;
  aims: typeof AIMS;
  total: Figures & { missed: Aim[] };
  /** `title`: the name of a person, else the key. */
  groups: (Figures & { key: string | null; title: string | null; missed: Aim[] })[];
}

/** Throws TaktError MEASURES_SPAN, MEASURES_MANY, ENTITY_UNKNOWN, NODE_TIME, TIMEZONE_UNKNOWN. */
export async function distributionMeasures(
  engine: Engine,
  { entity = 'lead', by = 'method', zone = 'UTC', ...span }: MeasuresOptions,
): Promise<DistributionMeasures> {
  const until = span.until === undefined ? engine.ports.clock.now() : momentOf(span.until, zone);
  const from = span.from === undefined ? until - WEEK : momentOf(span.from, zone);
  const { total, groups } = await engine.assignments.measures({ entity, from, until, by, zone, promise: taskPromise });
  const ids = by === 'person' ? groups.flatMap(({ key }) => key ?? []) : [];
  const names = new Map((await engine.records.getMany(ids)).map(({ id, name }) => [id, String(name)]));
  return {
    entity,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    zone,
    by,
    aims: AIMS,
    total,
    groups: groups.map((group) => ({ ...group, title: (group.key === null ? undefined : names.get(group.key)) ?? group.key })),
  };
}
