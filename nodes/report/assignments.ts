import { Type } from 'typebox';
import { AIMS, defineNode, GROUPINGS, loadRecords, measureAssignments } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { entityName } from '../support/params.ts';
import { brief } from '../support/summary.ts';
import { taskPromise } from '../task/work.ts';
import { AimValues, FIGURES, GROUP } from './figures.ts';
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
    aims: AimValues,
    total: Type.Object(FIGURES),
    groups: Type.Array(Type.Object({ ...GROUP, ...FIGURES }), { description: 'Days in order, others with the most assignments first.' }),
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
