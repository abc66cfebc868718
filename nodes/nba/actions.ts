/** What may be done on a record: actions that a workflow lists, and those of the workspace's catalogue. */
import { type Static, Type } from 'typebox';
import {
  Condition,
  type DataRequest,
  findRecords,
  loadRecord,
  type RecordView,
  type StepContext,
  TaktError,
  Value,
} from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { fits, hasSkill } from '../assign/fitting.ts';
import { list } from '../support/summary.ts';

const MOST_ACTIONS = 100;

const Probability = (description: string) => Value(Type.Union([Type.Number(), Type.Null()]), { description });

export const Money = Type.Object({ amount: Type.Number(), currency: Type.String() });

export const Action = Type.Object(
  {
    action: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'Its name: `call`.' }),
    title: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'What people read: `Call now`; that of the catalogue without it.' }),
    ),
    when: Type.Optional(Condition({ description: 'When it may be done; always without it.' })),
    probability: Type.Optional(
      Probability('That the record succeeds if it is done now, from 0 to 1; what the catalogue believes of the action without it.'),
    ),
    minutes: Type.Optional(Type.Number({ minimum: 0, maximum: 1_440, description: 'Minutes of work; those of the catalogue without it.' })),
    later: Type.Optional(
      Type.Object(
        {
          probability: Probability('That it succeeds if it is done then.'),
          in: Type.Unsafe<string>({ ...DurationText, description: 'How much later: `P3D`.' }),
        },
        { additionalProperties: false, description: 'What waiting does: the loss of an hour is told with the action.' },
      ),
    ),
    worth: Type.Optional(
      Value(Type.Union([Money, Type.Null()]), { description: 'What success by this action is worth, where that is something else.' }),
    ),
    reason: Type.Optional(
      Value(Type.Union([Type.String({ maxLength: 300 }), Type.Null()]), {
        description: 'Why, in words for people: a text, or an expression.',
      }),
    ),
    cool_down: Type.Optional(
      Type.Unsafe<string>({
        ...DurationText,
        description: 'For so long after it was recommended for the record it is not recommended again; as in the catalogue without it.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type Written = Static<typeof Action>;

/** An action that may be done, whoever has described it. */
export interface Possible {
  readonly action: string;
  readonly title: string;
  readonly minutes: number;
  /** Null where an expression found nothing, undefined where nobody says. */
  readonly probability: number | null | undefined;
  readonly later: Written['later'];
  readonly worth: Static<typeof Money> | null | undefined;
  readonly reason: string | null | undefined;
  readonly coolDown: string | undefined;
  readonly channel: string | undefined;
}

/**
 * The actions whose conditions hold: those that are listed, completed from the catalogue; without a list, all of the catalogue that are
 * for records of this kind, and for this person.
 * Throws TaktError ACTION_UNKNOWN where a listed action lacks what no catalogue says.
 */
export function* possibleActions(
  ctx: StepContext,
  record: RecordView,
  person: RecordView | undefined,
  listed: readonly Written[] | undefined,
): Generator<DataRequest, Possible[], void> {
  const whole = listed?.every(
    ({ title, minutes, probability }) => title !== undefined && minutes !== undefined && probability !== undefined,
  );
  const catalogue = whole ? [] : yield* findRecords(ctx, { entity: 'action', match: { active: true }, limit: MOST_ACTIONS });
  if (!listed) {
    const found: Possible[] = [];
    for (const entry of catalogue)
      if (isFor(entry, record) && (yield* mayDo(ctx, entry, person))) found.push(possible(entry, { action: String(entry.key) }));
    return found;
  }
  const byName = new Map(catalogue.map((entry) => [entry.key, entry]));
  return listed.filter(({ when }) => when?.() ?? true).map((one) => possible(byName.get(one.action), one));
}

function possible(entry: RecordView | undefined, one: Written): Possible {
  const title = one.title ?? textOf(entry?.title);
  const minutes = one.minutes ?? numberOf(entry?.minutes);
  if (title === undefined || minutes === undefined) {
    throw new TaktError('ACTION_UNKNOWN', { message: `"${one.action}" has no title or no minutes.`, pointer: '/params/actions' });
  }
  const believed = numberOf(entry?.probability);
  return {
    action: one.action,
    title,
    minutes,
    probability: one.probability === undefined && believed !== undefined ? believed / 100 : one.probability,
    later: one.later,
    worth: one.worth,
    reason: one.reason,
    coolDown: one.cool_down ?? textOf(entry?.cool_down),
    channel: textOf(entry?.channel),
  };
}

/** Is the action for records of this kind, with these values? */
function isFor(entry: RecordView, record: RecordView): boolean {
  if (typeof entry.key !== 'string') return false;
  const entities = list(entry.entities);
  if (entities.length > 0 && !entities.includes(record.entity)) return false;
  return !isObject(entry.where) || fits(record, entry.where);
}

/** May this person do it? Who is to do it may be unknown yet; then it is left to those who plan. */
function* mayDo(ctx: StepContext, entry: RecordView, person: RecordView | undefined): Generator<DataRequest, boolean, void> {
  if (!person) return true;
  const skill = textOf(entry.skill);
  if (skill !== undefined && !hasSkill(person, skill)) return false;
  const [people, teams] = [list(entry.people), list(entry.teams)];
  if (people.length === 0 && teams.length === 0) return true;
  if (people.includes(person.id)) return true;
  for (const id of teams) {
    const team = typeof id === 'string' ? yield* loadRecord(ctx, id) : undefined;
    if (team && list(team.members).includes(person.id)) return true;
  }
  return false;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
