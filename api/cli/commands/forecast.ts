/** Forecasts: defining them, and asking what months bring, what people are to bring, and what channels have brought. */
import { type Command, Option } from 'commander';
import { parseJson } from '../../../engine/schema/json.ts';
import { channelsFor, monthsOf, plansFor } from '../../forecasts/ask.ts';
import { examples, jsonOption, wholeNumber } from '../arguments.ts';
import { type CliContext, inFile, readText } from '../context.ts';
import type { Io } from '../io.ts';
import { count, showFields, showJson, showTable, showTitle } from '../show.ts';

export function addForecast(program: Command, context: CliContext): void {
  const forecast = program.command('forecast').description('what months, people and channels bring (docs/forecast.md)');
  addDefinitions(forecast, context);
  addMonths(forecast, context);
  addPlans(forecast, context);
  addChannels(forecast, context);
}

function addDefinitions(forecast: Command, context: CliContext): void {
  const { io } = context;
  forecast
    .command('import')
    .description('define forecasts by files, replacing those of the same ids')
    .argument('<files...>')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt forecast import income.json', 'takt forecast months income'))
    .action((files: string[], options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const kept: object[] = [];
        for (const file of files) {
          const text = await readText(file);
          const definition = await inFile(file, () => engine.forecasts.define(parseJson(text, 'FORECAST_INVALID')));
          kept.push(definition);
          if (!options.json) io.out(`${definition.id} is kept. To ask it: takt forecast months ${definition.id}`);
        }
        if (options.json) showJson(io, kept);
      }),
    );
  forecast
    .command('list')
    .description('list the forecasts')
    .addOption(jsonOption())
    .action((options: { json?: true }) =>
      context.visit(async ({ engine }) => {
        const list = await engine.forecasts.list();
        if (options.json) return showJson(io, list);
        showTable(
          io,
          ['id', 'name', 'entity', 'profit', 'probability'],
          list.map(({ id, name, entity, profit, probability, model }) => [
            id,
            name,
            entity,
            profit,
            probability ?? (model === undefined ? 'share won so far' : `model ${model}`),
          ]),
          'There are no forecasts. Define one: takt forecast import income.json',
        );
      }),
    );
  forecast
    .command('show')
    .description('show the definition of a forecast')
    .argument('<forecast>')
    .action((id: string) => context.visit(async ({ engine }) => showJson(io, await engine.forecasts.get(id))));
  forecast
    .command('remove')
    .description('remove a forecast')
    .argument('<forecast>')
    .action((id: string) =>
      context.visit(async ({ engine }) => {
        await engine.forecasts.remove(id);
        io.out(`${id} is removed.`);
      }),
    );
}

interface MonthsOptions {
  months: number;
  past: number;
  asOf: 'now' | 'month';
  json?: true;
}

function addMonths(forecast: Command, context: CliContext): void {
  const { io } = context;
  forecast
    .command('months')
    .description('what the present month and those after it are to bring, and how earlier forecasts came true')
    .argument('<forecast>')
    .option('--months <n>', 'how many, the present one included', wholeNumber(1, 24), 3)
    .option('--past <n>', 'months before whose forecasts are compared with what came', wholeNumber(0, 12), 3)
    .addOption(
      new Option('--as-of <moment>', 'by what is known now, or was known at the beginning of the month')
        .choices(['now', 'month'])
        .default('now'),
    )
    .addOption(jsonOption())
    .addHelpText('after', examples('takt forecast months income', 'takt forecast months income --months 12 --past 6 --json'))
    .action((id: string, { json, ...asked }: MonthsOptions) =>
      context.visit(async ({ engine }) => {
        const answer = await monthsOf(engine, id, asked);
        if (json) return showJson(io, answer);
        showMonths(io, answer);
      }),
    );
}

function showMonths(io: Io, answer: Awaited<ReturnType<typeof monthsOf>>): void {
  const { at, timezone, confidence, currency, months, later, came, closedDeals, openDeals, past, quality } = answer;
  const part = ({ expected, low, high }: { expected: number; low: number; high: number }): string[] => [
    sum(expected),
    `${sum(low)} – ${sum(high)}`,
  ];
  showFields(io, [
    ['known at', `${at}, months of ${timezone}`],
    ['currency', currency === '' ? undefined : currency],
    ['deals', `${count(closedDeals)} closed, ${count(openDeals)} open`],
    ['came this month', sum(came)],
  ]);
  const interval = `${Math.round(100 * confidence)}% lie between`;
  showTitle(io, 'Months');
  showTable(
    io,
    ['month', 'expected', interval, 'from open deals', 'from new ones', ''],
    months.map(({ month, total, open, coming, seasonKnown }) => [
      month,
      ...part(total),
      sum(open),
      sum(coming),
      seasonKnown ? '' : 'season not seen yet',
    ]),
    '',
  );
  io.out(`later, of the deals open now: ${sum(later)}`);
  const [first] = months;
  for (const [title, parts] of [
    [`Teams in ${first?.month}`, first?.teams ?? []],
    [`Channels in ${first?.month}`, first?.channels ?? []],
  ] as const) {
    showTitle(io, title);
    showTable(
      io,
      ['name', 'expected', interval],
      parts.map((one) => [one.name ?? 'none', ...part(one)]),
      'None.',
    );
  }
  if (past.length > 0) {
    showTitle(io, 'How earlier forecasts came true');
    showTable(
      io,
      ['month', 'forecast', 'came', 'forecast / came', ''],
      past.map(({ month, expected, came: brought, ratio, good, why }) => [
        month,
        expected === null ? '' : sum(expected),
        sum(brought),
        ratio === null ? '' : percent(ratio),
        why === null ? told(good) : why.message,
      ]),
      '',
    );
    if (quality) io.out(`together: ${percent(quality.ratio)}, ${told(quality.good)}`);
  }
  showNotes(io, answer.notes);
}

const told = (good: boolean | null): string => (good === true ? 'good' : 'not within 94 to 106%');
const percent = (ratio: number): string => `${Math.round(100 * ratio)}%`;
const sum = (amount: number): string => count(Math.round(amount));

function showNotes(io: Io, notes: readonly { code: string; message: string; hint: string }[]): void {
  if (notes.length === 0) return;
  showTitle(io, 'Not counted');
  for (const { code, message, hint } of notes) {
    io.out(`${message} [${code}]`);
    io.out(`  ${hint}`);
  }
}

function addPlans(forecast: Command, context: CliContext): void {
  const { io } = context;
  forecast
    .command('plans')
    .description('the personal plans of the month, from the leads that people have received')
    .argument('<forecast>')
    .option('--last', 'of the month before')
    .option('--person <id>', 'id or key of a user: their plan alone')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt forecast plans leads', 'takt forecast plans leads --last --person olga'))
    .action((id: string, options: { last?: true; person?: string; json?: true }) =>
      context.visit(async ({ engine }) => {
        const { person } = options;
        const user = person === undefined ? undefined : ((await engine.records.byKey('user', person))?.id ?? person);
        const answer = await plansFor(engine, id, options.last ? 'last' : 'present', user);
        if (options.json) return showJson(io, answer);
        io.out(`${answer.month}${answer.currency === '' ? '' : `, in ${answer.currency}`}`);
        showTable(
          io,
          ['person', 'leads', 'received', 'passed', 'plan'],
          answer.people.map(({ person: owner, name, leads, received, passed, plan }) => [
            name ?? owner,
            count(leads),
            sum(received),
            percent(passed),
            plan === null ? 'nothing of the month has passed' : sum(plan),
          ]),
          'Nobody has received a lead.',
        );
        showNotes(io, answer.notes);
      }),
    );
}

function addChannels(forecast: Command, context: CliContext): void {
  const { io } = context;
  forecast
    .command('channels')
    .description('what marketing channels have brought, by month')
    .argument('<forecast>')
    .option('--months <n>', 'whole months before the present one', wholeNumber(1, 24), 3)
    .option('--present', 'the present month until now, too')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt forecast channels leads', 'takt forecast channels leads --months 12 --json'))
    .action((id: string, options: { months: number; present?: true; json?: true }) =>
      context.visit(async ({ engine }) => {
        const answer = await channelsFor(engine, id, options);
        if (options.json) return showJson(io, answer);
        const { from, to, currency, months, channels, total } = answer;
        io.out(`${from} – ${to}${currency === '' ? '' : `, in ${currency}`}`);
        const sums = (one: typeof total): string[] => [count(one.leads), sum(one.potential), sum(one.expected)];
        const empty = `No lead that counts has come from ${from} to ${to}.`;
        showTable(
          io,
          ['channel', 'leads', 'had all been won', 'expected'],
          channels.length === 0 ? [] : [...channels.map((one) => [one.channel ?? 'none', ...sums(one)]), ['all', ...sums(total)]],
          empty,
        );
        if (months.length > 0) {
          showTitle(io, 'By month');
          showTable(
            io,
            ['month', 'channel', 'leads', 'had all been won', 'expected'],
            months.map((one) => [one.month, one.channel ?? 'none', ...sums(one)]),
            '',
          );
        }
        showNotes(io, answer.notes);
      }),
    );
}
