/** How well records are distributed, beside the aims. */
import { type Command, Option } from 'commander';
import { GROUPINGS } from '../../../engine/sdk.ts';
import { type DistributionMeasures, distributionMeasures, type MeasuresOptions } from '../../assignments/measures.ts';
import { examples, jsonOption } from '../arguments.ts';
import type { CliContext } from '../context.ts';
import { count, duration, moment, showJson, showTable } from '../show.ts';

export function addMeasures(assignment: Command, { io, visit }: CliContext): void {
  assignment
    .command('measures')
    .description('show how soon, how evenly and how well records were given out, beside the aims')
    .option('--from <moment>', 'a moment or a day; a week before --until without it')
    .option('--until <moment>', 'does not belong to the time; now without it')
    .option('--entity <name>', 'the entity that is given out', 'lead')
    .addOption(new Option('--by <what>', 'what makes groups').choices([...GROUPINGS]).default('method'))
    .option('--zone <zone>', 'in which days are meant', 'UTC')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt assignment measures --by person',
        'takt assignment measures --from 2027-03-01 --until 2027-04-01 --zone Europe/Moscow --by day --json',
      ),
    )
    .action(({ json, ...options }: MeasuresOptions & { json?: true }) =>
      visit(async ({ engine }) => {
        const measures = await distributionMeasures(engine, options);
        if (json) return showJson(io, measures);
        const { entity, from, until, by, total, groups } = measures;
        io.out(`${entity}: ${moment(Date.parse(from))} – ${moment(Date.parse(until))} (UTC)`);
        if (total.given === 0) return io.out('Nothing was given to anybody in this time.');
        showTable(
          io,
          [by, ...COLUMNS],
          [...groups.map((one) => lineOf(one.title ?? 'none', one)), lineOf('all', total), ['aim', ...AIM_LINE]],
          '',
        );
        io.out('* an aim that is missed. docs/assignment.md, "Measures", says what is counted.');
      }),
    );
}

const COLUMNS = ['given', 'records', '≤ 1 min', 'median', 'p95', 'people', 'uneven', 'a day', 'passed on', 'in time', 'won'] as const;

/** As `AIMS`, in the order of the columns. */
const AIM_LINE = ['', '', '', '', '≤ 1 min', '', '≤ 20 %', '≤ 20 %', '≤ 10 %', '≥ 95 %', ''] as const;

function lineOf(title: string, figures: DistributionMeasures['total']): string[] {
  const marked = (text: string, aim: (typeof figures.missed)[number]): string => (figures.missed.includes(aim) ? `${text} *` : text);
  return [
    title,
    count(figures.given),
    count(figures.records),
    percent(figures.withinMinute),
    time(figures.medianMs),
    marked(time(figures.p95Ms), 'p95Ms'),
    count(figures.people),
    marked(percent(figures.variation), 'variation'),
    marked(percent(figures.dayVariation), 'dayVariation'),
    marked(percent(figures.reassigned), 'reassigned'),
    marked(percent(figures.inTime), 'inTime'),
    percent(figures.conversion),
  ];
}

const percent = (share: number | null): string => (share === null ? '' : `${Math.round(share * 1_000) / 10} %`);
const time = (ms: number | null): string => (ms === null ? '' : duration(ms));
