import { Type } from 'typebox';
import { AIMS, defineNode, GROUPINGS, loadRecords, measureAssignments } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { entityName } from '../support/params.ts';
import { brief } from '../support/summary.ts';
import { taskPromise } from '../task/work.ts';
import { CALENDAR_UNITS, Moment, periodOf, type Span } from './period.ts';

const closed = { additionalProperties: false } as const;

const PeriodParam = Type.Union([
  Type.Object(
    {
      calendar: Type.Enum([...CALENDAR_UNITS], {
        description: 'The last whole one before now, in the zone of the workflow; weeks begin on Monday.',
      }),
    },
    closed,
  ),
  Type.Object({ last: { ...DurationText, description: 'So long until now; days are days of the calendar.' } }, closed),
  Type.Object({ from: Moment, to: Moment }, closed),
]);

const Share = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const Count = (description: string) => Type.Integer({ description });

const figures = {
  given: Count('Assignments, later ones included.'),
  records: Count('Records that got their first owner; of them are the figures that follow, `people` and the variations excepted.'),
  withinMinute: Share('Share that had an owner within a minute; null where there are none, as of all shares.'),
  medianMs: Share('From being created to the first owner, milliseconds: the median.'),
  p95Ms: Share('Of 95 % of them it was no longer.'),
  people: Count('Who could have taken something that a strategy gave, or got it.'),
  variation: Share('Coefficient of variation of how many strategies gave to each of them over the time.'),
  dayVariation: Share('The same of a day, among who could take something then: the median of the days.'),
  reassigned: Share('Share that went to somebody else within the time.'),
  promised: Count('Records whose first owner had a task with a due date that is done, or over.'),
  inTime: Share('Share of these where the first task that they completed was completed by then.'),
  won: Count('Records in a stage of the kind `won` by now.'),
  lost: Count('Records in one of the kind `lost`.'),
  conversion: Share('Won of all records.'),
  missed: Type.Array(Type.Enum(Object.keys(AIMS)), { description: 'The aims that are missed.' }),
};

export const assignmentsNode = defineNode({
  type: 'report.assignments',
  version: 1,
  title: 'How well records are distributed',
  description:
    'Measures the assignments of a time beside their aims: how soon records had an owner, how evenly people got them, how many went to somebody else, whether the first task was done in time, what came of them; as a whole and by strategy, team, person or day. At most 92 days and 50,000 changes of owner. It sees saved data: what the same run gave right before may not count yet.',
  params: Type.Object(
    {
      entity: entityName('The entity whose records are given out.'),
      period: Type.Unsafe<Span>({ ...PeriodParam, description: 'Assignments of this time.' }),
      by: Type.Enum([...GROUPINGS], { description: 'What makes groups; `team`: the team or list that was chosen from.' }),
    },
    closed,
  ),
  example: { entity: 'lead', period: { calendar: 'week' }, by: 'person' },
  summary: ({ entity, by }) => `distribution of ${brief(entity)} by ${brief(by)}`,
  ports: ['next'],
  output: Type.Object({
    from: Type.String({ format: 'date-time', description: 'Beginning of the period.' }),
    to: Type.String({ format: 'date-time', description: 'Its end, which does not belong to it.' }),
    firstDay: Type.String({ format: 'date', description: 'First day of the period, as people name it.' }),
    lastDay: Type.String({ format: 'date', description: 'Its last day.' }),
    aims: Type.Object({}, { description: 'The aims: `p95Ms`, `variation`, `dayVariation` and `reassigned` at most, `inTime` at least.' }),
    total: Type.Object(figures),
    groups: Type.Array(
      Type.Object({
        key: Type.Union([Type.String(), Type.Null()], {
          description: 'The strategy (`by_hand`, `workflow` where there was none), the team, the id of the person, or the day.',
        }),
        title: Type.Union([Type.String(), Type.Null()], { description: 'The name of a person, else the key.' }),
        ...figures,
      }),
      { description: 'Days in order, others with the most assignments first.' },
    ),
  }),
  *run(ctx, { entity, period, by }) {
    const { from, to, firstDay, lastDay } = periodOf(period, ctx.now, ctx.settings.timezone);
    const { total, groups } = yield* measureAssignments(ctx, {
      entity,
      from: Date.parse(from),
      until: Date.parse(to),
      by,
      zone: ctx.settings.timezone,
      promise: taskPromise,
    });
    const people =
      by === 'person'
        ? yield* loadRecords(
            ctx,
            groups.flatMap(({ key }) => key ?? []),
          )
        : [];
    const names = new Map(people.map(({ id, name }) => [id, name]));
    const titled = groups.map((group) => ({ ...group, title: (group.key === null ? null : names.get(group.key)) ?? group.key }));
    return { kind: 'next', port: 'next', output: { from, to, firstDay, lastDay, aims: { ...AIMS }, total: { ...total }, groups: titled } };
  },
});
