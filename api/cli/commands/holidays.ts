import { type Command, InvalidArgumentError, Option } from 'commander';
import { publicHolidays } from '../../calendars/holidays.ts';
import { type Kept, keepHolidays } from '../../calendars/keep.ts';
import { examples, jsonOption, wholeNumber } from '../arguments.ts';
import { type CliContext, cliAuthor } from '../context.ts';
import { showJson, showTable } from '../show.ts';

interface HolidayOptions {
  region?: string;
  year: number;
  years: number;
  into?: string;
  language?: string;
  dryRun?: true;
  json?: true;
}

/** What public data does not know, and where it is to be corrected. */
const CORRECT =
  'Public data lacks what a government moves for one year: days off that are moved, working Saturdays, shorter eves. The calendar is a record: correct it by hand under "special_days" (docs/calendars.md).';

export function addHolidays(calendar: Command, { io, visit }: CliContext): void {
  calendar
    .command('holidays')
    .description("put a country's public holidays into a calendar; what an admin has put there stays")
    .argument('<country>', 'two letters: ru, de, in', (text) => {
      if (/^[A-Za-z]{2}$/.test(text)) return text.toLowerCase();
      throw new InvalidArgumentError('Give the two letters of a country, such as ru.');
    })
    .option('--region <code>', 'a part of the country: by, or by-a')
    .addOption(new Option('--year <year>', 'the first year').argParser(wholeNumber(1970, 2100)).makeOptionMandatory())
    .addOption(new Option('--years <n>', 'how many').argParser(wholeNumber(1, 50)).default(1))
    .option('--into <key>', 'key of the calendar; that of the country without it. It is made where it is missing')
    .option('--language <code>', 'of the names in the list: ru')
    .option('--dry-run', 'write nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt calendar holidays ru --year 2027 --years 3 --language ru --dry-run',
        'takt calendar holidays de --region by --year 2027 --into bavaria',
      ),
    )
    .action((country: string, { year, years, json, dryRun = undefined, ...options }: HolidayOptions) =>
      visit(async ({ engine }) => {
        const { region, language } = options;
        const found = await publicHolidays({ country, region, language }, [year, years]);
        const key = options.into ?? [country, ...(region === undefined ? [] : [region.toLowerCase()])].join('-');
        const kept = await keepHolidays(engine, found, { key, dry: dryRun === true, author: cliAuthor() });
        if (json) return showJson(io, { place: found.place, written: dryRun !== true && kept.op !== 'unchanged', ...kept });
        showTable(
          io,
          ['date', '', 'holiday', 'in the calendar'],
          kept.days.map(({ date, name, state }) => [date, weekday(date), name, STATE_WORDS[state]]),
          `${found.place} has no public holidays in this time.`,
        );
        io.out(sentence(kept, dryRun === true));
        io.out(CORRECT);
      }),
    );
}

const STATE_WORDS = { new: 'new', there: 'is there', overruled: 'a special day says otherwise' } as const;

const weekday = (date: string): string => new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(Date.parse(date));

function sentence({ key, name, op, days }: Kept, dry: boolean): string {
  const of = (state: Kept['days'][number]['state']): number => days.filter((day) => day.state === state).length;
  const counts = `${of('new')} new, ${of('there')} there already, ${of('overruled')} that special days overrule`;
  const words = {
    created: dry ? 'would be made' : 'is made',
    updated: dry ? 'would be changed' : 'is changed',
    unchanged: dry ? 'would stay as it is' : 'stays as it is',
  };
  return `The calendar ${name} (${key}) ${words[op]}: ${counts}.`;
}
