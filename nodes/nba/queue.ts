import { Type } from 'typebox';
import { type DataRequest, defineNode, loadRecord, type RecordView, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { peopleOf } from '../assign/pool.ts';
import { RecordId } from '../support/params.ts';
import { brief } from '../support/summary.ts';
import { type Listed, type PlannedDay, planDays } from './day.ts';
import { MOST_A_DAY, told } from './kept.ts';
import { type Line, lineInWords, listInWords, waitInWords } from './words.ts';

const MOST_USERS = 500;
/** Of those that wait the first are told, with why. */
const MOST_WAITING = 10;

const Params = Type.Object(
  {
    team: Type.Optional(
      Value(Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Null()]), {
        description: 'Key, id or name of a team: all of its members.',
      }),
    ),
    users: Type.Optional(
      Value(Type.Array(RecordId, { maxItems: MOST_USERS }), {
        description: "Ids or keys of users; without team and users the run's record, where that is a user, else its owner.",
      }),
    ),
    most: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_A_DAY, default: MOST_A_DAY, description: 'At most so many a person and day.' }),
    ),
    tell: Type.Optional(
      Type.Boolean({ default: true, description: 'Whether the lists count as told today; without it they are only looked at.' }),
    ),
  },
  { additionalProperties: false },
);

const Item = Type.Object({
  recommendation: Type.String({ description: 'Id of the recommendation, to be answered.' }),
  action: Type.String(),
  title: Type.String(),
  record: Type.String({ description: 'Id of the record.' }),
  record_name: Type.String(),
  minutes: Type.Number(),
  gain: Type.Number(),
  text: Type.String({ description: 'The line in words.' }),
});

export const queueNode = defineNode({
  type: 'nba.queue',
  version: 1,
  title: 'Lists of the day',
  description:
    'Makes the list of the day of each person: of all that is recommended to them the best set for the minutes that they have left beside meetings, at most ten a day. What was told today stays told; what has no place waits, and has its reason. A list is for `flow.each`, which sends it to its person.',
  params: Params,
  example: { team: 'sales' },
  summary: ({ team, users }) => (team === undefined ? brief(users, 'the owner') : `of ${brief(team)}`),
  ports: ['next'],
  output: Type.Object({
    people: Type.Array(
      Type.Object({
        person: Type.String({ description: 'Id of the user.' }),
        name: Type.String(),
        minutes: Type.Integer({ description: 'That are left today.' }),
        items: Type.Array(Item),
        waiting: Type.Integer({ description: 'How many have no place today.' }),
        why_waiting: Type.Array(Type.Object({ title: Type.String(), record_name: Type.String(), why: Type.String() }), {
          description: 'The first of them, with why.',
        }),
        text: Type.String({ description: 'The list in words.' }),
      }),
      { description: 'Those who have something to do today.' },
    ),
    count: Type.Integer({ description: 'Actions in all lists.' }),
    without: Type.Array(Type.String(), { description: 'Names of those who have nothing today.' }),
  }),
  *run(ctx, { team, users, most, tell = true }) {
    const people = yield* whose(ctx, team, users);
    const days = yield* planDays(ctx, people, ctx.now, most);
    if (tell) for (const day of days) note(ctx, day);
    const busy = days.filter(({ items }) => items.length > 0);
    const output = {
      people: busy.map((day) => listOf(day, ctx.settings.locale)),
      count: busy.reduce((sum, { items }) => sum + items.length, 0),
      without: days.filter(({ items }) => items.length === 0).map(({ person }) => String(person.name)),
    };
    return { kind: 'next', port: 'next', output };
  },
});

function* whose(
  ctx: StepContext,
  team: string | null | undefined,
  users: readonly string[] | undefined,
): Generator<DataRequest, RecordView[], void> {
  if (typeof team === 'string' || users !== undefined) {
    const pools = yield* peopleOf(ctx, [typeof team === 'string' ? { team } : { users: [...(users ?? [])] }]);
    return pools.flatMap(({ people }) => people.flatMap(({ user }) => (user && !user.deleted && user.active !== false ? [user] : [])));
  }
  const id = ctx.record?.entity === 'user' ? ctx.record.id : ctx.record?.owner;
  const person = typeof id === 'string' ? yield* loadRecord(ctx, id) : undefined;
  if (person?.entity === 'user') return [person];
  throw new TaktError('RUN_NO_RECORD', { hint: 'Give "team" or "users", or start the run by a user or a record that has an owner.' });
}

/** The lists count as told: places, what is done another way than it was recommended, what is over. */
function note(ctx: StepContext, { items, waiting, over, zone }: PlannedDay): void {
  for (const one of over) ctx.update(one.id, { stage: 'expired', place: null });
  for (const { recommendation } of waiting) if (recommendation.place !== undefined) ctx.update(recommendation.id, { place: null });
  for (const [i, item] of items.entries()) {
    const { recommendation } = item;
    const first = typeof recommendation.told_at === 'string' ? {} : told(ctx.now, zone);
    ctx.update(recommendation.id, { place: i + 1, ...first, ...(item.instead ? insteadOf(item) : {}) });
  }
}

/** It is not the policy's choice any more, but the day's. */
const insteadOf = ({ action, title, minutes, gain, value, probability, lossPerHour, reason }: Listed): JsonObject => ({
  action,
  title,
  minutes,
  gain,
  value,
  probability,
  loss_per_hour: lossPerHour,
  reason,
  chance: null,
});

const lineOf = ({ title, minutes, gain, record, reason }: Listed, currency: string | null): Line => ({
  title,
  record: nameOf(record),
  minutes,
  gain,
  currency,
  reason,
});

/** A person's list as data and in words. */
export function listOf({ person, minutes, items, waiting, currency }: PlannedDay, locale: 'en' | 'ru') {
  const lines = items.map((item) => lineOf(item, currency));
  return {
    person: person.id,
    name: String(person.name ?? ''),
    minutes,
    items: items.map((item) => ({
      recommendation: item.recommendation.id,
      action: item.action,
      title: item.title,
      record: item.record.id,
      record_name: nameOf(item.record),
      minutes: item.minutes,
      gain: item.gain,
      text: lineInWords(lineOf(item, currency), locale),
    })),
    waiting: waiting.length,
    why_waiting: waiting.slice(0, MOST_WAITING).map(({ recommendation, record, why }) => ({
      title: String(recommendation.title),
      record_name: nameOf(record),
      why: waitInWords(why, locale),
    })),
    text: listInWords(lines, minutes, waiting.length, locale),
  };
}

const nameOf = ({ name }: RecordView): string => (typeof name === 'string' ? name : '');
