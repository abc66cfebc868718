/** The same tickets in virtual time: each comes when it came, is over when it was over, and Takt gives it to somebody of its group. */
import { readFile } from 'node:fs/promises';
import { simulationParts } from '../../api/cli/simulate/parts.ts';
import { parseWorkflowText } from '../../engine/graph/parse.ts';
import { readEvents, readRecords, readScript, type Simulation, simulate } from '../../engine/simulate/index.ts';
import type { JsonObject } from '../../schemas/json.ts';
import type { Given } from './measures.ts';
import type { Group, Person } from './people.ts';
import type { Visit } from './visits.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What comes at the end is still given to somebody. */
const AFTER = 7 * DAY;
/** Records that are asked for at once. */
const PIECE = 500;

const SCRIPT = JSON.stringify({
  entities: {
    ticket: {
      fields: {
        group: { type: 'text', title: 'Group' },
        assigned_to: { type: 'reference', title: 'Assigned to', entity: 'user' },
        assigned_at: { type: 'date_time', title: 'Assigned' },
      },
    },
  },
});

/**
 * @param onPassed called now and then with the days that have passed, and how many there are
 * @returns what Takt has made of each visit, in their order
 * @throws where a run has failed or Takt has refused something: a comparison with it would say nothing
 */
export async function replayed(
  visits: readonly Visit[],
  people: readonly Person[],
  groups: readonly Group[],
  onPassed: (days: number, of: number) => Promise<void> | void = () => {},
): Promise<Given[]> {
  const moments = visits.map(({ arrivedAt }) => arrivedAt);
  const start = Math.floor(least(moments) / DAY) * DAY;
  const span = -least(moments.map((at) => -at)) + AFTER - start;
  const workflow = parseWorkflowText(await readFile(new URL('assignment.json', import.meta.url), 'utf8'));
  const input = {
    workflows: [objectIn(workflow)],
    script: readScript(SCRIPT),
    records: readRecords(lines(recordsOf(people, groups))),
    events: readEvents(lines([...visits.flatMap(eventsOf), ...people.map(leaving)])),
    start,
    span,
    seed: 1,
  };
  const simulation = await simulate(await simulationParts(), input, (passed) => onPassed((passed * span) / DAY, span / DAY));
  const [failed] = simulation.summary.failed;
  if (failed) throw new Error(`Runs have failed in ${failed.node}: ${failed.message}`);
  const [refused] = simulation.summary.refusedInputs;
  if (refused) throw new Error(`Takt has refused "${refused.what}": ${refused.message}`);
  return givenIn(simulation, visits, people);
}

/** Throws RangeError where there are none. */
function least(values: readonly number[]): number {
  const found = values.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
  if (found === Number.POSITIVE_INFINITY) throw new RangeError('There is nothing to replay.');
  return found;
}

function objectIn(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new TypeError('The workflow is no object.');
}

const lines = (list: readonly JsonObject[]): string => list.map((one) => JSON.stringify(one)).join('\n');
const iso = (ms: number): string => new Date(ms).toISOString();
const nameOfVisit = (index: number): string => `visit-${index + 1}`;
const nameOfPerson = (index: number): string => `person-${index + 1}`;

/** Each person works on the days on which the log has seen them, in their hours. */
function recordsOf(people: readonly Person[], groups: readonly Group[]): JsonObject[] {
  const names = new Map(people.map(({ name }, i) => [name, nameOfPerson(i)]));
  const calendars = people.map(({ name, days, from, until }, i) => {
    const hours = [timeOf(from), timeOf(until)];
    const special = Object.fromEntries(days.map((day) => [iso(day * DAY).slice(0, 10), [hours]]));
    return { as: `hours-${i + 1}`, entity: 'calendar', data: { name, hours: { timezone: 'UTC', days: {}, special_days: special } } };
  });
  const users = people.map(({ name, capacity }, i) => {
    const data = { name, key: name, time_zone: 'UTC', calendar: `@hours-${i + 1}`, capacity };
    return { as: nameOfPerson(i), entity: 'user', data };
  });
  const teams = groups.map(({ name, members }) => {
    const ids = members.flatMap((member) => names.get(member) ?? []).map((one) => `@${one}`);
    return { entity: 'team', data: { name, key: name, members: ids } };
  });
  return [...calendars, ...users, ...teams];
}

/** @param minute of the day; the last one is 24:00 */
const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(Math.floor(minute % 60)).padStart(2, '0')}`;

function eventsOf({ ticket, group, arrivedAt, endedAt }: Visit, index: number): JsonObject[] {
  const as = nameOfVisit(index);
  const came: JsonObject = { at: iso(arrivedAt), create: 'ticket', as, data: { title: ticket, group } };
  // The log knows whole minutes: what is over in the same one was there for a part of it.
  // Without an owner it is not looked at any more where somebody's open tickets are counted: a quarter of the time.
  const data = { stage: 'solved', owner: null };
  const over = endedAt === null ? [] : [{ at: iso(Math.max(endedAt, arrivedAt + MINUTE)), update: `@${as}`, data }];
  return [came, ...over];
}

/** Whom the log does not see any more is not waited for. */
function leaving({ days, until }: Person, index: number): JsonObject {
  return { at: iso((days.at(-1) ?? 0) * DAY + until * MINUTE), update: `@${nameOfPerson(index)}`, data: { active: false } };
}

async function givenIn({ world }: Simulation, visits: readonly Visit[], people: readonly Person[]): Promise<Given[]> {
  const names = new Map(people.map(({ name }, i) => [world.names.idOf(nameOfPerson(i)), name]));
  const list: Given[] = [];
  for (let from = 0; from < visits.length; from += PIECE) {
    const piece = visits.slice(from, from + PIECE);
    const records = await world.engine.records.getMany(piece.map((_, i) => world.names.idOf(nameOfVisit(from + i))));
    for (const [i, { ticket, group, arrivedAt }] of piece.entries()) {
      const [owner, noted] = [records[i]?.assigned_to, records[i]?.assigned_at];
      const person = typeof owner === 'string' ? names.get(owner) : undefined;
      const given = person !== undefined && typeof noted === 'string' ? { person, at: Date.parse(noted) } : null;
      list.push({ ticket, group, arrivedAt, given });
    }
  }
  return list;
}
