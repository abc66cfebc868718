/** Who does what today: for each person the best set of actions for the minutes that they have left. */
import { TaktError } from '../errors/index.ts';
import { checkLength, columnProblems, minutesProblem, tell } from './check.ts';
import { bestSet, type Items } from './knapsack.ts';

/** Never more than so many actions are proposed to a person for a day. */
const MOST_A_DAY = 10;

/** A row is an action that a person may do on a record. Conditions have been asked before. */
export interface DayCandidates {
  /** A number of the record; at most one action on a record is chosen, whoever does it. */
  readonly record: Int32Array;
  /** The row of the person in the list of people. */
  readonly person: Int32Array;
  /** Parts of minutes are rounded up. */
  readonly minutes: Float64Array;
  /** Over doing nothing, in one currency; or over doing it tomorrow, where what is put off is not lost. */
  readonly gain: Float64Array;
  /** What an hour of waiting loses; where it is given, it decides what is done first. */
  readonly perHour?: Float64Array;
}

export interface PersonDay {
  /** Left today beside meetings. */
  readonly minutes: number;
  /** The longest stretch of them without a meeting: what takes longer is not begun. */
  readonly longest: number;
  /** Actions that may still be proposed today: {@link MOST_A_DAY} less those that were. */
  readonly most?: number;
}

/** What has come of a candidate; all but the first wait. */
export const CHOICES = [
  'chosen',
  /** Doing nothing is no worse. */
  'not_worth',
  /** It takes longer than the longest free stretch, or than what is left of the day. */
  'too_long',
  /** Another action on the record has been chosen. */
  'other_action',
  /** Somebody else does an action on the record. */
  'other_person',
  /** The list is full, of what gains more. */
  'list_full',
  /** The minutes go to what gains more. */
  'no_minutes',
] as const;
type Choice = (typeof CHOICES)[number];

export interface DayPlan {
  /** For each person the rows of the candidates, what comes first first. */
  readonly queues: readonly Int32Array[];
  /** For each candidate its place in {@link CHOICES}. */
  readonly choices: Uint8Array;
}

/**
 * Plans the day. Each person's set is the best one there is (see `bestSet`). Where two would do something on the same record, it goes to whom it
 * gains more with, and the other's day is planned again without it: good, though not always the best division. What comes first: the greatest loss of
 * waiting for each minute of work, which keeps the sum of losses least (W. E. Smith, Naval Research Logistics Quarterly 3, 1956, 59–66), then the
 * greatest gain for each minute, then the order given. The same input gives the same plan, so planning again is calling it again.
 * Throws TaktError MINUTES_INVALID, DECISION_INVALID.
 */
export function planDay(candidates: DayCandidates, people: readonly PersonDay[]): DayPlan {
  check(candidates, people);
  const items: Items = { ...candidates, minutes: candidates.minutes.map(Math.ceil) };
  const own = rowsByPerson(candidates, people.length);
  const given = new Map<number, number>();
  const chosen: number[][] = people.map(() => []);
  let open = people.map((_, person) => person);
  while (open.length > 0) {
    for (const person of open) chosen[person] = choose(items, own[person] ?? [], people[person], (row) => mayTake(given, candidates, row));
    open = settle(candidates, chosen, given);
  }
  return {
    queues: chosen.map((rows) => inOrder(candidates, items.minutes, rows)),
    choices: choicesOf(candidates, items.minutes, people, chosen),
  };
}

const mostOf = ({ most = MOST_A_DAY }: PersonDay): number => most;
const reachOf = ({ minutes, longest }: PersonDay): number => Math.min(minutes, longest);

/** A record that went to somebody else is out of reach. */
function mayTake(given: ReadonlyMap<number, number>, { record, person }: DayCandidates, row: number): boolean {
  const holder = given.get(record[row] ?? 0);
  return holder === undefined || holder === person[row];
}

function choose(items: Items, rows: readonly number[], day: PersonDay | undefined, may: (row: number) => boolean): number[] {
  if (!day) return [];
  const fitting = rows.filter((row) => (items.minutes[row] ?? 0) <= reachOf(day) && may(row));
  return bestSet(items, fitting, day.minutes, mostOf(day));
}

/** Gives each record that several people chose to one of them, for good; who has lost one is planned again. */
function settle({ record, gain }: DayCandidates, chosen: readonly (readonly number[])[], given: Map<number, number>): number[] {
  const holders = new Map<number, { person: number; row: number }[]>();
  for (const [person, rows] of chosen.entries()) {
    for (const row of rows) {
      const known = holders.get(record[row] ?? 0);
      if (known) known.push({ person, row });
      else holders.set(record[row] ?? 0, [{ person, row }]);
    }
  }
  const again = new Set<number>();
  for (const [id, several] of holders) {
    if (several.length < 2) continue;
    const winner = several.reduce((a, b) => ((gain[b.row] ?? 0) > (gain[a.row] ?? 0) ? b : a));
    given.set(id, winner.person);
    for (const { person } of several) if (person !== winner.person) again.add(person);
  }
  return [...again];
}

function rowsByPerson({ person }: DayCandidates, people: number): number[][] {
  const rows: number[][] = Array.from({ length: people }, () => []);
  for (let row = 0; row < person.length; row++) rows[person[row] ?? 0]?.push(row);
  return rows;
}

function inOrder({ gain, perHour }: DayCandidates, minutes: ArrayLike<number>, rows: readonly number[]): Int32Array {
  // What takes no time counts as a minute, so that it has its place among the others.
  const perMinute = (column: Float64Array | undefined, row: number): number => (column?.[row] ?? 0) / Math.max(1, minutes[row] ?? 0);
  const byLoss = (a: number, b: number): number => perMinute(perHour, b) - perMinute(perHour, a);
  return Int32Array.from([...rows].sort((a, b) => byLoss(a, b) || perMinute(gain, b) - perMinute(gain, a) || a - b));
}

function choicesOf(
  { record, person, gain }: DayCandidates,
  minutes: ArrayLike<number>,
  people: readonly PersonDay[],
  chosen: readonly (readonly number[])[],
): Uint8Array {
  const taken = new Map<number, number>();
  for (const rows of chosen) for (const row of rows) taken.set(record[row] ?? 0, row);
  const choiceOf = (row: number): Choice => {
    const holder = taken.get(record[row] ?? 0);
    if (holder === row) return 'chosen';
    if (!((gain[row] ?? 0) > 0)) return 'not_worth';
    if (holder !== undefined) return person[holder] === person[row] ? 'other_action' : 'other_person';
    const day = people[person[row] ?? 0];
    if (!day || (minutes[row] ?? 0) > reachOf(day)) return 'too_long';
    return (chosen[person[row] ?? 0]?.length ?? 0) >= mostOf(day) ? 'list_full' : 'no_minutes';
  };
  return Uint8Array.from(record, (_, row) => CHOICES.indexOf(choiceOf(row)));
}

function check(candidates: DayCandidates, people: readonly PersonDay[]): void {
  const { record, person, minutes, gain, perHour } = candidates;
  for (const [name, column] of Object.entries({ person, minutes, gain, ...(perHour ? { perHour } : {}) }))
    checkLength(name, column, record.length);
  tell([
    ...people.flatMap((day, i) => dayProblems(day, i)),
    ...columnProblems(minutes, (value, i) => minutesProblem(`Candidate ${i}`, value, `/minutes/${i}`)),
    ...columnProblems(gain, (value, i) => numberProblem('gain', value, i)),
    ...columnProblems(perHour ?? [], (value, i) => numberProblem('perHour', value, i)),
    ...columnProblems(person, (value, i) => {
      if (value >= 0 && value < people.length) return [];
      const message = `Candidate ${i} is of person ${value} of ${people.length}.`;
      return [new TaktError('DECISION_INVALID', { message, pointer: `/person/${i}` })];
    }),
  ]);
}

function numberProblem(column: string, value: number, i: number): TaktError[] {
  if (Number.isFinite(value)) return [];
  return [new TaktError('DECISION_INVALID', { message: `The ${column} of candidate ${i} is ${value}.`, pointer: `/${column}/${i}` })];
}

function dayProblems({ minutes, longest, most = MOST_A_DAY }: PersonDay, i: number): TaktError[] {
  const problems = [
    ...minutesProblem(`The day of person ${i}`, minutes, `/people/${i}/minutes`),
    ...minutesProblem(`The longest stretch of person ${i}`, longest, `/people/${i}/longest`),
  ];
  if (Number.isInteger(most) && most >= 0 && most <= MOST_A_DAY) return problems;
  const message = `Person ${i} may get ${most} actions; a whole number from 0 to ${MOST_A_DAY} is expected.`;
  return [...problems, new TaktError('DECISION_INVALID', { message, pointer: `/people/${i}/most` })];
}
