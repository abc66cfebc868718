/** Calendars as admins look at them, and the holidays of a country as a record. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CalendarLook, lookAtCalendar } from '../../calendars/look.ts';
import { examples, jsonOption } from '../arguments.ts';
import type { CliContext } from '../context.ts';
import { showFields, showJson, showTable, showTitle } from '../show.ts';
import { addHolidays } from './holidays.ts';

export function addCalendars(program: Command, context: CliContext): void {
  const calendar = program.command('calendar').description('when people work, and the holidays of a country (docs/calendars.md)');
  addShow(calendar, context);
  addHolidays(calendar, context);
}

function monthText(text: string): string {
  if (/^(19|[2-9]\d)\d{2}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('Give a month as YYYY-MM, such as 2027-03.');
}

interface ShowOptions {
  month?: string;
  zone?: string;
  json?: true;
}

function addShow(calendar: Command, { io, visit }: CliContext): void {
  calendar
    .command('show')
    .description('show what a calendar says: where its hours come from, its week, and every day of a month')
    .argument('<calendar>', 'key or id of a calendar, "company", or id or key of a user')
    .addOption(new Option('--month <month>', 'YYYY-MM; this one without it').argParser(monthText))
    .option('--zone <zone>', 'read its hours on another clock: Asia/Vladivostok')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('takt calendar show company --month 2027-05', 'takt calendar show olga', 'takt calendar show sales --zone Asia/Kolkata'),
    )
    .action((which: string, { json, ...options }: ShowOptions) =>
      visit(async ({ engine }) => {
        const look = await lookAtCalendar(engine, which, options);
        if (json) return showJson(io, look);
        showFields(io, [
          ...(look.user ? [['person', look.user.name] as const] : []),
          ['hours', sourceOf(look)],
          [
            'based on',
            look.calendars
              .slice(1)
              .map(({ name }) => name)
              .join(', which is based on ') || undefined,
          ],
          ['zone', `${look.zone}${ZONE_WORDS[look.zoneFrom]}`],
          ['week', weekText(look.week)],
        ]);
        showTitle(io, `${look.month}: ${look.workingDays} working days, ${hoursText(look.workingMinutes)}`);
        showTable(
          io,
          ['day', '', 'hours', 'worked', 'why'],
          look.days.map((day) => [
            DAY_WORDS[day.weekday],
            day.date,
            spansText(day.hours),
            day.minutes === 0 ? '' : hoursText(day.minutes),
            whyOf(day),
          ]),
          '',
        );
      }),
    );
}

const DAY_WORDS = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } as const;

const ZONE_WORDS: Readonly<Record<CalendarLook['zoneFrom'], string>> = {
  asked: ', as asked',
  person: ", the person's own",
  calendar: '',
  workflow: ' here; no calendar names one, so that it is the zone of the workflow that asks',
};

function sourceOf({ by, user, team, calendars }: CalendarLook): string {
  const [nearest] = calendars;
  const name = nearest === undefined ? '' : `${nearest.name}${nearest.key === null ? '' : ` (${nearest.key})`}`;
  if (by === 'office')
    return `office hours: ${user ? 'neither the person nor a team nor the company has a calendar' : 'the company has no calendar'}`;
  if (by === 'team') return `${name}, the calendar of the team ${team?.name ?? ''}`;
  if (by === 'person') return `${name}, the person's own`;
  if (by === 'company') return `${name}, that of the company`;
  return name;
}

/** Mon–Fri 09:00–18:00; Sat 10:00–15:00 */
function weekText(week: CalendarLook['week']): string {
  const runs: { days: string[]; hours: string }[] = [];
  for (const day of ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const) {
    const hours = spansText(week[day]);
    const last = runs.at(-1);
    if (last?.hours === hours) last.days.push(DAY_WORDS[day]);
    else runs.push({ days: [DAY_WORDS[day]], hours });
  }
  return runs
    .filter(({ hours }) => hours !== NOTHING)
    .map(({ days, hours }) => `${days.length === 1 ? '' : `${days[0] ?? ''}–`}${days.at(-1) ?? ''} ${hours}`)
    .join('; ');
}

const NOTHING = '–';
const spansText = (spans: CalendarLook['days'][number]['hours']): string =>
  spans.length === 0 ? NOTHING : spans.map(([from, until]) => `${from}–${until}`).join(', ');

/** 7 h, 7 h 30 min */
function hoursText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  return [...(hours > 0 || rest === 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(' ');
}

function whyOf({ kind, like, shorter, from }: CalendarLook['days'][number]): string {
  if (kind === 'usual') return '';
  const words = {
    holiday: 'holiday',
    free: 'free',
    own_hours: 'hours of its own',
    moved: `as a ${like === null ? '' : DAY_WORDS[like]}`,
    shortened: `${shorter ?? 0} min shorter`,
  };
  return `${words[kind]}${from === null ? '' : ` (${from})`}`;
}
